"""The rules by which a number of ours counts as reproduced."""

import numpy as np

from encluster.paper.published_value import APART, Published
from encluster.paper.scorecard.measured import N_SIGMA

REPRODUCED, NOT_REPRODUCED, TOO_UNCERTAIN = "reproduced", "not reproduced", "too uncertain"
NOT_COMPARABLE, UNMEASURED = "not comparable", "not measured"
VERDICTS = (REPRODUCED, NOT_REPRODUCED, TOO_UNCERTAIN, NOT_COMPARABLE, UNMEASURED)
AS_PUBLISHED, OTHERWISE = "as published", "not as published"  # of what is no result
_ROUNDING = 1 + 1e-9
RULES = (
    r"Our error $\sigma$ has two parts, added in quadrature: the statistical error over test catalogs and clusters, "
    "and the scatter over networks of different seeds. The scatter is scaled such that one more network is within "
    r"$2\sigma$ with a probability of 95 % (Student's distribution), since the paper has one network. A number that "
    "rests on one network of ours has the statistical error alone, and the condition 'one seed'; without an error, it "
    "is too uncertain.",
    r"A number is reproduced if it differs from the paper's by at most $2\sigma$ of both errors, and our $\sigma$ is "
    "at most what the claim needs: twice the paper's error, or the range that its words allow, or, without such words, "
    "a tenth of the number, whichever is largest. Where the paper gives no error, the range that its digits or words "
    r"allow counts as $2\sigma$; our number must then be inside the range of the words.",
    r"A limit, a direction or a range in words is reproduced if our number fulfills it within $\pm 2\sigma$, and not "
    r"reproduced if our number fails it within $\pm 2\sigma$.",
    "Where the paper's errors are spreads over clusters, they are a range: our number must be inside it, with an error "
    r"of at most half its width. It is not reproduced if it is outside by more than $2\sigma$.",
    "A yes or no is reproduced if it holds for all networks, and not reproduced if it holds for none.",
    "Everything else is too uncertain: our error leaves both answers possible, or is too large to show agreement. The "
    r"same holds for what rests on a network that has learned nothing: one that explains no variance of $\sigma_8$ "
    r"over the test catalogs, by $2\sigma$. A number of a network that predicts a constant is not measured.",
    "Inputs, and numbers that are true by construction, are shown apart and counted nowhere. Table 2 is one of them: "
    "the surrogate is drawn from numbers of the same simulation, and the published lists are the same simulation.",
)


def judge(paper: Published, value: float, plus: float, minus: float) -> tuple[str, float, float]:
    """Return the verdict on one number of ours.

    Parameters
    ----------
    paper : Published
        The paper's number.
    value, plus, minus : float
        Our number, its upper and its lower error (`encluster.paper.scorecard.measured.Measured.total`), in the same
        unit; NaN if not measured.

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
        fails = abs(sigma) > N_SIGMA * _ROUNDING
        inside = paper.tolerance is None or abs(difference) <= paper.tolerance * _ROUNDING
        holds = abs(sigma) <= N_SIGMA * _ROUNDING and inside and max(plus, minus) <= paper.need * _ROUNDING
    else:
        holds, fails = _within_two_sigma(paper, value, value - N_SIGMA * minus, value + N_SIGMA * plus)
        holds = holds and (paper.rule != "range" or max(plus, minus) <= paper.need)
    verdict = REPRODUCED if holds else NOT_REPRODUCED if fails else TOO_UNCERTAIN
    if paper.basis in APART:
        verdict = {REPRODUCED: AS_PUBLISHED, NOT_REPRODUCED: OTHERWISE}.get(verdict, verdict)
        sigma = np.nan if paper.basis == "input" else sigma
    return verdict, difference, sigma


def _within_two_sigma(paper: Published, value: float, low: float, high: float) -> tuple[bool, bool]:
    """Return whether a statement holds, and whether it fails, in all of the interval; neither if an end is NaN."""
    if paper.rule == "same":
        return value == paper.value, abs(value - paper.value) >= 1
    if paper.rule == "at most":
        return high <= paper.value, low > paper.value
    if paper.rule == "below":
        return high < paper.value, low >= paper.value
    if paper.rule == "above":
        return low > paper.value, high <= paper.value
    if paper.rule == "between":
        first, last = paper.value - paper.leeway, paper.value + paper.leeway
        return first < low and high < last, high <= first or low >= last
    first, last = paper.value - paper.minus, paper.value + paper.plus
    return first <= value <= last, high < first or low > last
