"""Numbers with errors, rounded to two digits of the error."""

import math

from encluster.paper.scorecard.measured import Measured


def decimals(error: float) -> int:
    """Return the digits after the decimal point that show two digits of an error.

    Parameters
    ----------
    error : float
        Above zero.

    Returns
    -------
    int
        The number of digits.
    """
    return max(0, 1 - math.floor(math.log10(error)))


def parts(value: float, plus: float, minus: float) -> tuple[str, str, str]:
    """Return a value and its errors with the same number of decimals.

    Parameters
    ----------
    value, plus, minus : float
        The value, its upper and its lower error; zero for no error.

    Returns
    -------
    tuple of str
        Value, upper and lower error. Without an error, or where one is not finite, the errors are empty; the value
        has four digits, a whole number all of its digits.
    """
    smallest = min((error for error in (plus, minus) if error > 0), default=0.0)
    if not smallest or not all(map(math.isfinite, (value, plus, minus))):
        whole = math.isfinite(value) and value == round(value) and abs(value) < 1e15
        return f"{value:,.0f}" if whole else f"{value:.4g}", "", ""
    digits = decimals(smallest)
    # rounding may add a digit: 0.0996 is 0.10
    digits = min(digits, decimals(round(smallest, digits)))
    return f"{value:.{digits}f}", f"{plus:.{digits}f}", f"{minus:.{digits}f}"


def in_math(value: float, plus: float = 0.0, minus: float = 0.0) -> str:
    r"""Return a number with its error as a TeX formula, without dollar signs.

    Parameters
    ----------
    value, plus, minus : float
        As `parts` takes them.

    Returns
    -------
    str
        For example ``0.0212 \pm 0.0009`` or ``0.391^{+0.014}_{-0.008}``; n/a for a value that is not finite.
    """
    if not math.isfinite(value):  # for example a ratio to zero
        return r"\mathrm{n/a}"
    number, upper, lower = (part.replace(",", "{,}") for part in parts(value, plus, minus))
    mantissa, _, exponent = number.partition("e")
    if exponent:
        number = rf"{mantissa} \times 10^{{{int(exponent)}}}"
    if not upper:
        return number
    return rf"{number} \pm {upper}" if upper == lower else f"{number}^{{+{upper}}}_{{-{lower}}}"


def with_error(value: float, plus: float = 0.0, minus: float = 0.0) -> str:
    """Return a number with its error as a text for `encluster.paper.typesetting`.

    Parameters
    ----------
    value, plus, minus : float
        As `parts` takes them.

    Returns
    -------
    str
        The formula of `in_math` between dollar signs.
    """
    return f"${in_math(value, plus, minus)}$"


def with_scatter(number: Measured, unit: str = "") -> str:
    r"""Return a number with its statistical error and its scatter over networks.

    Parameters
    ----------
    number : Measured
        A number of ours.
    unit : str, optional
        Its unit; empty for none.

    Returns
    -------
    str
        For example ``$0.0198 \pm 0.0006 \pm 0.0004$ (3 seeds)``, with two digits of the largest error and at least one
        of the others. Without a scatter, as `with_error`.
    """
    value, plus, minus, scatter = number.value, number.plus, number.minus, number.scatter
    if not number.scatters or not all(map(math.isfinite, (value, plus, minus))):
        return f"{with_error(value, plus, minus)} {unit}".strip()
    largest = max(plus, minus, scatter)
    digits = decimals(largest) if largest else 0
    mean = f"{value:.{digits}f}" if largest else parts(value, 0, 0)[0].replace(",", "{,}")
    upper, lower, spread = (
        f"{error:.{max(digits, decimals(error) - 1) if error else digits}f}" for error in (plus, minus, scatter)
    )
    statistical = rf" \pm {upper}" if upper == lower else f"^{{+{upper}}}_{{-{lower}}}"
    if not plus and not minus:
        statistical = ""
    return rf"${mean}{statistical} \pm {spread}$ {unit}".strip() + f" ({number.networks}\N{NO-BREAK SPACE}seeds)"
