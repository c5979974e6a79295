"""The rule by which a number of ours counts as reproduced."""

import numpy as np

from encluster.paper.published import Published

REPRODUCED, NOT_REPRODUCED = "reproduced", "not reproduced"
NOT_COMPARABLE, UNMEASURED = "not comparable", "not measured"
AS_PUBLISHED, OTHERWISE = "as published", "not as published"  # of inputs, which prove nothing
N_SIGMA = 2.0
RULE = (
    "A number is reproduced if it lies within 2 sigma of the paper's, errors added in quadrature; where the paper has "
    "no error, what its printed digits or words leave open counts as 2 sigma. A limit holds if ours is not beyond it, "
    "a statement of direction if ours goes that way by 2 sigma. Where the paper's errors are spreads over clusters, "
    "ours must lie in that range, or outside it by no more than 2 sigma of ours. Inputs are set, not measured, and are "
    "listed by themselves. What rests on a network that predicts a constant is not measured. Errors of ours are "
    "statistical: another seed gives another network."
)


def judge(paper: Published, value: float, plus: float, minus: float) -> tuple[str, float, float]:
    """Return the verdict on one number of ours, its difference from the paper's, and that in sigma.

    Parameters
    ----------
    paper : the published number
    value, plus, minus : ours with its errors; a NaN was not measured

    Returns
    -------
    verdict; difference, NaN where the two cannot be compared; sigma, NaN but where errors are added
    """
    if not np.isfinite(value):
        return UNMEASURED, np.nan, np.nan
    if paper.rule == "none":
        return NOT_COMPARABLE, np.nan, np.nan
    difference, sigma = value - paper.value, np.nan
    if paper.rule == "within":
        # of asymmetric errors, those on the sides that face each other
        ours, theirs = (minus, paper.plus) if difference > 0 else (plus, paper.minus)
        sigma = difference / float(np.hypot(ours, theirs or paper.leeway / N_SIGMA))
        good = abs(sigma) <= N_SIGMA * (1 + 1e-9)
    elif paper.rule == "at most":
        good = value <= paper.value
    elif paper.rule == "same":
        good = value == paper.value
    elif paper.rule == "range":
        low, high = paper.value - paper.minus, paper.value + paper.plus
        good = value + N_SIGMA * plus >= low and value - N_SIGMA * minus <= high
    else:
        open_by = paper.leeway if paper.rule == "between" else 0.0
        below = value + N_SIGMA * plus < paper.value + open_by
        above = value - N_SIGMA * minus > paper.value - open_by
        good = {"below": below, "above": above, "between": below and above}[paper.rule]
    if paper.basis == "input":
        return AS_PUBLISHED if good else OTHERWISE, difference, np.nan
    return REPRODUCED if good else NOT_REPRODUCED, difference, sigma
