"""How numbers with errors are written: rounded to two digits of the error."""

import math


def decimals(error: float) -> int:
    """Return the digits after the point that show two digits of an error."""
    return max(0, 1 - math.floor(math.log10(error)))


def plain(value: float) -> str:
    """Write a number that has no error: whole numbers as they are, others with four digits."""
    if not math.isfinite(value):
        return str(value)
    if value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def parts(value: float, plus: float, minus: float) -> tuple[str, str, str]:
    """Return value, upper and lower error with the same decimals; errors are empty where there are none."""
    smallest = min((error for error in (plus, minus) if error > 0), default=0.0)
    if not smallest or not all(map(math.isfinite, (value, plus, minus))):
        return plain(value), "", ""
    digits = decimals(smallest)
    # rounding may add a digit: 0.0996 is 0.10
    digits = min(digits, decimals(round(smallest, digits)))
    return f"{value:.{digits}f}", f"{plus:.{digits}f}", f"{minus:.{digits}f}"


def with_error(value: float, plus: float = 0.0, minus: float = 0.0) -> str:
    """Write a number with its error as text: 0.0212 ± 0.0009, or 0.391 +0.014 -0.008."""
    number, upper, lower = parts(value, plus, minus)
    if not upper:
        return number
    return f"{number} ± {upper}" if upper == lower else f"{number} +{upper} -{lower}"
