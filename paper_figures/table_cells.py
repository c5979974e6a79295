"""Numbers as they are printed in the cells of a table: Tables 1, 2, 4 and the ensemble."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

MISSING = "-"


def with_error(values: Iterable[float], errors: Iterable[float], form: str) -> list[str]:
    r"""Return values with their errors, for example ``$0.0212 \pm 0.0009$``.

    Parameters
    ----------
    values, errors : iterable of float
        Of equal length.
    form : str
        Format of a value, for example ``+.4f``; the error has the same without the sign.

    Returns
    -------
    list of str
        A hyphen where a value is not finite; no error where the error is not.
    """

    def cell(value: float, error: float) -> str:
        if not np.isfinite(value):
            return MISSING
        return rf"${value:{form}}" + (rf" \pm {error:{form.lstrip('+')}}$" if np.isfinite(error) else "$")

    return [cell(value, error) for value, error in zip(values, errors, strict=True)]


def typeset(values: Iterable[float], form: str) -> list[str]:
    """Return values between dollar signs, so that a minus sign is printed as one.

    Parameters
    ----------
    values : iterable of float
        Empty texts count as missing.
    form : str
        Format of a value, for example ``.2f``.

    Returns
    -------
    list of str
        A hyphen where a value is not finite.
    """
    numbers = pd.to_numeric(pd.Series(list(values), dtype=object), errors="coerce")
    return [f"${value:{form}}$" if np.isfinite(value) else MISSING for value in numbers]
