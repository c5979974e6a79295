"""The rule by which a number of ours counts as reproduced."""

import numpy as np

from encluster.paper.published_value import Published

REPRODUCED, NOT_REPRODUCED = "reproduced", "not reproduced"
NOT_COMPARABLE, UNMEASURED = "not comparable", "not measured"
AS_PUBLISHED, OTHERWISE = "as published", "not as published"  # of inputs, which are no results
N_SIGMA = 2.0
RULE = (
    r"A number is reproduced if it is within $2\sigma$ of the paper's, with the errors added in quadrature. Where the "
    r"paper gives no error, the range that its digits or words allow counts as $2\sigma$. An upper limit holds if our "
    r"number does not exceed it. A statement of direction holds if our number has that direction by $2\sigma$. Where "
    r"the paper's errors are spreads over clusters, our number must be in that range or at most $2\sigma$ of our error "
    r"outside it. Inputs are set, not measured, and have their own table. A number of a network that predicts a "
    r"constant counts as not measured. Our errors are statistical; they do not contain the difference between "
    r"networks of different seeds."
)


def judge(paper: Published, value: float, plus: float, minus: float) -> tuple[str, float, float]:
    """Return the verdict on one number of ours.

    Parameters
    ----------
    paper : Published
        The paper's number.
    value, plus, minus : float
        Our number, its upper and its lower error, in the same unit; NaN if not measured.

    Returns
    -------
    verdict : str
        One of the names above.
    difference : float
        Ours minus the paper's; NaN if the two cannot be compared.
    sigma : float
        The difference in units of the combined error; NaN for rules that do not combine errors.
    """
    if not np.isfinite(value):
        return UNMEASURED, np.nan, np.nan
    if paper.rule == "none":
        return NOT_COMPARABLE, np.nan, np.nan
    difference, sigma = value - paper.value, np.nan
    if paper.rule == "within":
        # where errors are asymmetric: those on the sides that face each other
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
