"""The rule by which a number counts as reproduced."""

import numpy as np
import pytest

from encluster.paper.published import PUBLISHED
from encluster.paper.published_value import Published
from encluster.paper.scorecard.comparison import compare
from encluster.paper.scorecard.verdicts import judge
from scorecards import FACTS, of_paper


@pytest.mark.parametrize(
    ("paper", "ours", "verdict", "sigma"),
    [
        # both have an error: 0.0015 over the root of 0.0009^2 + 0.0012^2
        (Published(0.0212, "", plus=0.0009, minus=0.0009, basis="network"), (0.0227, 0.0012), "reproduced", 1.0),
        (
            Published(0.0212, "", plus=0.0009, minus=0.0009, basis="network"),
            (0.0180, 0.0012),
            "not reproduced",
            -2.1333,
        ),
        # of asymmetric errors, the upper one faces a larger number
        (Published(0.2, "", plus=0.1, minus=0.01, basis="network"), (0.3, 0.0), "reproduced", 1.0),
        (Published(0.2, "", plus=0.1, minus=0.01, basis="network"), (0.1, 0.0), "not reproduced", -10.0),
        # 1.74 means 1.735-1.745, and half of that half width is one sigma
        (Published(1.74, "", decimals=2, basis="halos"), (1.745, 0.0), "reproduced", 2.0),
        (Published(1.74, "", decimals=2, basis="halos"), (1.746, 0.0), "not reproduced", 2.4),
        (Published(1.74, "", decimals=2, basis="halos"), (1.77, 0.02), "reproduced", 1.4884),
        (Published(10_472_834, "", basis="network"), (10_472_834, 0.0), "reproduced", 0.0),
        (Published(10_472_834, "", basis="network"), (10_472_835, 0.0), "not reproduced", 4.0),
        (Published(0.6, "", tolerance=0.13, basis="network"), (0.681, 0.0), "reproduced", 1.2462),
        (Published(0.6, "", tolerance=0.13, basis="network"), (0.464, 0.0), "not reproduced", -2.0923),
        (Published(2.5, "", rule="at most", basis="halos"), (2.5, 0.5), "reproduced", np.nan),
        (Published(2.5, "", rule="at most", basis="halos"), (2.51, 0.5), "not reproduced", np.nan),
        (Published(0, "", rule="below", basis="network"), (-0.3, 0.1), "reproduced", np.nan),
        (Published(0, "", rule="below", basis="network"), (-0.1, 0.1), "not reproduced", np.nan),
        (Published(0, "", rule="above", basis="network"), (0.3, 0.1), "reproduced", np.nan),
        (Published(0, "", rule="above", basis="network"), (0.1, 0.1), "not reproduced", np.nan),
        # 0.5 to 0.6, each by 2 sigma
        (Published(0.55, "", tolerance=0.05, rule="between", basis="network"), (0.53, 0.01), "reproduced", np.nan),
        (Published(0.55, "", tolerance=0.05, rule="between", basis="network"), (0.51, 0.01), "not reproduced", np.nan),
        (
            Published(0.55, "", tolerance=0.05, rule="between", basis="network"),
            (0.695, 0.018),
            "not reproduced",
            np.nan,
        ),
        # 0.385 to 0.643, or 2 sigma of ours outside it
        (Published(0.555, "", plus=0.088, minus=0.170, rule="range", basis="network"), (0.39, 0), "reproduced", np.nan),
        (
            Published(0.555, "", plus=0.088, minus=0.170, rule="range", basis="network"),
            (0.66, 0.01),
            "reproduced",
            np.nan,
        ),
        (
            Published(0.555, "", plus=0.088, minus=0.170, rule="range", basis="network"),
            (0.18, 0.01),
            "not reproduced",
            np.nan,
        ),
        (
            Published(0.555, "", plus=0.088, minus=0.170, rule="range", basis="network"),
            (2.99, 0.3),
            "not reproduced",
            np.nan,
        ),
        (Published(1, "", rule="same", basis="network"), (0, 0.0), "not reproduced", np.nan),
        (Published(0.391, "", rule="none", basis="network"), (0.391, 0.0), "not comparable", np.nan),
        (Published(0.391, "", basis="network"), (np.nan, 0.0), "not measured", np.nan),
        (Published(0.226, "", decimals=3), (0.272, 0.0), "not as published", np.nan),
        (Published(0.046, "", decimals=3), (0.0456, 0.0), "as published", np.nan),
    ],
)
def test_the_rule(paper: Published, ours: tuple[float, float], verdict: str, sigma: float) -> None:
    value, error = ours
    found = judge(paper, value, error, error)
    assert found[0] == verdict
    assert found[2] == pytest.approx(sigma, rel=1e-3, nan_ok=True)


def test_the_papers_own_numbers_are_reproduced_and_a_wrong_one_is_not() -> None:
    card = compare(of_paper(), FACTS).set_index("name")
    rules = ("within", "at most", "between", "range", "same")
    within = [name for name, paper in PUBLISHED.items() if paper.rule in rules]
    assert set(card.loc[within, "verdict"]) == {"reproduced", "as published"}
    assert len(within) > 80
    for name in within:
        paper = PUBLISHED[name]
        wrong = compare(of_paper(**{name: paper.value + 3 * max(paper.plus, paper.leeway)}), FACTS).set_index("name")
        changed = wrong.index[wrong["verdict"] != card["verdict"]]
        assert list(changed) == [name]
        assert wrong.loc[name, "verdict"].startswith("not ")
        assert wrong.loc[name, "difference"] > 0


def test_directions_need_two_sigma() -> None:
    directed = {name: paper for name, paper in PUBLISHED.items() if paper.rule in ("below", "above")}
    assert len(directed) > 5
    right = {name: p.value + (-1 if p.rule == "below" else 1) * 0.1 for name, p in directed.items()}
    wrong = {name: p.value - (-1 if p.rule == "below" else 1) * 0.1 for name, p in directed.items()}
    names = list(directed)
    assert set(compare(of_paper(**right), FACTS).set_index("name").loc[names, "verdict"]) == {"reproduced"}
    assert set(compare(of_paper(**wrong), FACTS).set_index("name").loc[names, "verdict"]) == {"not reproduced"}
