"""The rules by which a number counts as reproduced."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from encluster.paper.published import PUBLISHED
from encluster.paper.published_value import APART, Published
from encluster.paper.scorecard.comparison import compare
from encluster.paper.scorecard.measured import Measured
from encluster.paper.scorecard.verdicts import judge
from scorecards import FACTS, of_paper

DELTA: dict[str, Any] = {"plus": 0.0009, "minus": 0.0009, "decimals": 4}
RANGE: dict[str, Any] = {"plus": 0.088, "minus": 0.170, "rule": "range"}  # 0.385 to 0.643
HALF: dict[str, Any] = {"tolerance": 0.05, "rule": "between"}
NEAR: dict[str, Any] = {"tolerance": 0.13}
DIGITS: dict[str, Any] = {"decimals": 2}


def network(value: float, **of: Any) -> Published:
    return Published(value, "", basis="network", **of)


@pytest.mark.parametrize(
    ("paper", "ours", "verdict", "sigma"),
    [
        # both have an error: 0.0015 over the root of 0.0009^2 + 0.0012^2
        (network(0.0212, **DELTA), (0.0227, 0.0012), "reproduced", 1.0),
        (network(0.0212, **DELTA), (0.0180, 0.0012), "not reproduced", -2.1333),
        # a tenth of 0.0212 is more than twice the paper's error
        (network(0.0212, **DELTA), (0.0212, 0.0021), "reproduced", 0.0),
        (network(0.0212, **DELTA), (0.0212, 0.0022), "too uncertain", 0.0),
        (network(0.0212, **DELTA), (0.0300, 0.0100), "too uncertain", 0.8764),
        # twice the paper's error is more than a tenth of 0.0212
        (network(0.0212, plus=0.002, minus=0.002, decimals=4), (0.0212, 0.004), "reproduced", 0.0),
        (network(0.0212, plus=0.002, minus=0.002, decimals=4), (0.0212, 0.0041), "too uncertain", 0.0),
        # of asymmetric errors, the upper one faces a larger number
        (network(0.2, plus=0.1, minus=0.01), (0.3, 0.0), "reproduced", 1.0),
        (network(0.2, plus=0.1, minus=0.01), (0.1, 0.0), "not reproduced", -10.0),
        # 1.74 means 1.735-1.745, and half of that half width is one sigma
        (network(1.74, **DIGITS), (1.745, 0.0), "reproduced", 2.0),
        (network(1.74, **DIGITS), (1.746, 0.0), "not reproduced", 2.4),
        (network(1.74, **DIGITS), (1.77, 0.02), "reproduced", 1.4884),
        (network(1.74, **DIGITS), (1.77, 0.2), "too uncertain", 0.15),
        # words allow 0.13, and a tenth of the number means nothing beside them
        (network(0.6, **NEAR), (0.681, 0.0), "reproduced", 1.2462),
        (network(0.6, **NEAR), (0.464, 0.0), "not reproduced", -2.0923),
        (network(0.6, **NEAR), (0.681, 0.14), "too uncertain", 0.5247),
        (network(14.3, tolerance=0.1), (14.15, 0.7), "too uncertain", -0.2138),
        # outside what words allow, by less than 2 sigma
        (network(0, tolerance=0.1), (0.2, 0.1), "too uncertain", 1.7889),
        (network(0, tolerance=0.1), (0.1, 0.1), "reproduced", 0.8944),
        (network(0, tolerance=0.1), (0.25, 0.1), "not reproduced", 2.2361),
        (network(0, tolerance=0.005), (0.001, 0.03), "too uncertain", 0.0332),
        (network(2.5, rule="at most"), (2.5, 0.0), "reproduced", np.nan),
        (network(2.5, rule="at most"), (2.0, 0.2), "reproduced", np.nan),
        (network(2.5, rule="at most"), (2.0, 0.3), "too uncertain", np.nan),
        (network(2.5, rule="at most"), (2.6, 0.5), "too uncertain", np.nan),
        (network(2.5, rule="at most"), (2.51, 0.0), "not reproduced", np.nan),
        (network(0, rule="below"), (-0.3, 0.1), "reproduced", np.nan),
        (network(0, rule="below"), (-0.1, 0.1), "too uncertain", np.nan),
        (network(0, rule="below"), (0.1, 0.1), "too uncertain", np.nan),
        (network(0, rule="below"), (0.3, 0.1), "not reproduced", np.nan),
        (network(0, rule="below"), (0.0, 0.0), "not reproduced", np.nan),
        (network(0, rule="above"), (0.3, 0.1), "reproduced", np.nan),
        (network(0, rule="above"), (0.1, 0.1), "too uncertain", np.nan),
        (network(0, rule="above"), (-0.3, 0.1), "not reproduced", np.nan),
        (network(0, rule="above"), (0.0, 0.0), "not reproduced", np.nan),
        # 0.5 to 0.6
        (network(0.55, **HALF), (0.53, 0.01), "reproduced", np.nan),
        (network(0.55, **HALF), (0.51, 0.01), "too uncertain", np.nan),
        (network(0.55, **HALF), (0.55, 0.1), "too uncertain", np.nan),
        (network(0.55, **HALF), (0.695, 0.018), "not reproduced", np.nan),
        (network(0.55, **HALF), (0.40, 0.018), "not reproduced", np.nan),
        (network(0.555, **RANGE), (0.39, 0.0), "reproduced", np.nan),
        (network(0.555, **RANGE), (0.60, 0.12), "reproduced", np.nan),
        (network(0.555, **RANGE), (0.555, 0.13), "too uncertain", np.nan),
        # outside by less than 2 sigma is no evidence of agreement
        (network(0.555, **RANGE), (0.66, 0.01), "too uncertain", np.nan),
        (network(0.555, **RANGE), (0.18, 0.01), "not reproduced", np.nan),
        (network(0.555, **RANGE), (2.99, 0.3), "not reproduced", np.nan),
        (network(1, rule="same"), (1, 0.0), "reproduced", np.nan),
        (network(1, rule="same"), (0, 0.0), "not reproduced", np.nan),
        # two of three networks
        (network(1, rule="same"), (0.667, 0.0), "too uncertain", np.nan),
        (network(0.391, rule="none"), (0.391, 0.0), "not comparable", np.nan),
        (network(0.391), (np.nan, 0.0), "not measured", np.nan),
        (Published(0.226, "", decimals=3), (0.272, 0.0), "not as published", np.nan),
        (Published(0.046, "", decimals=3), (0.0456, 0.0), "as published", np.nan),
        (Published(10_472_834, "", basis="construction"), (10_472_834, 0.0), "as published", 0.0),
        (Published(10_472_834, "", basis="construction"), (10_472_835, 0.0), "not as published", 4.0),
    ],
)
def test_the_rule(paper: Published, ours: tuple[float, float], verdict: str, sigma: float) -> None:
    value, error = ours
    found = judge(paper, value, error, error)
    assert found[0] == verdict
    assert found[2] == pytest.approx(sigma, rel=1e-3, nan_ok=True)


RULES = [
    network(0.0212, **DELTA),
    network(0.6, **NEAR),
    network(1.74, **DIGITS),
    network(2.5, rule="at most"),
    network(1, rule="below"),
    network(1, rule="above"),
    network(0.55, **HALF),
    network(0.555, **RANGE),
]


@pytest.mark.parametrize("paper", RULES, ids=lambda paper: f"{paper.rule} {paper.value}")
@pytest.mark.parametrize("relative", [-3, -1, 0.2, 0.9, 0.99, 1, 1.01, 1.1, 3])
def test_a_large_or_unknown_error_never_gives_agreement(paper: Published, relative: float) -> None:
    value = relative * paper.value
    exact = judge(paper, value, 0.0, 0.0)[0]
    assert exact in ("reproduced", "not reproduced")
    verdicts = [judge(paper, value, error, error)[0] for error in np.geomspace(1e-6, 1e3, 60)]
    # with a growing error, a verdict becomes too uncertain and remains so
    first = verdicts.index("too uncertain")
    assert set(verdicts[first:]) == {"too uncertain"}
    assert "reproduced" not in verdicts[:first] or exact == "reproduced" or paper.rule == "within"
    assert judge(paper, value, np.nan, np.nan)[0] == "too uncertain"


def test_few_seeds_count_less() -> None:
    stats = pytest.importorskip("scipy.stats")
    for networks in (2, 3, 5, 10):
        plus, minus = Measured(1.0, 0.3, 0.4, 0.1, networks).total
        seeds = stats.t.ppf(0.975, networks - 1) * 0.1 * np.sqrt(1 + 1 / networks) / 2
        assert (plus, minus) == pytest.approx((np.hypot(0.3, seeds), np.hypot(0.4, seeds)), rel=1e-3)
    paper = network(0, rule="below")
    verdicts = [judge(paper, -0.5, *Measured(-0.5, 0.0, 0.0, 0.1, networks).total)[0] for networks in (2, 3, 10)]
    assert verdicts == ["too uncertain", "reproduced", "reproduced"]
    # the factor of ten networks remains; one network has no scatter, and neither has a number of no network
    assert Measured(1.0, 0.0, 0.0, 0.1, 40).total[0] == pytest.approx(2.262 / 2 * 0.1 * np.sqrt(1 + 1 / 40))
    for without in (Measured(1.0, 0.3, 0.4, np.nan, 1), Measured(1.0, 0.3, 0.4), Measured(1.0, 0.3, 0.4, np.nan, 3)):
        assert without.total == (0.3, 0.4)


def test_two_sigma_contain_the_next_network() -> None:
    rng = np.random.default_rng(3)
    networks = rng.normal(1.0, 0.2, (20_000, 4))
    inside = [
        abs(known.mean() - another) < 2 * Measured(known.mean(), 0.0, 0.0, known.std(ddof=1), 3).total[0]
        for *known, another in networks
        for known in [np.array(known)]
    ]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.005)


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
    directed = {
        name: paper
        for name, paper in PUBLISHED.items()
        if paper.rule in ("below", "above") and paper.basis not in APART
    }
    assert len(directed) > 5
    right = {name: p.value + (-1 if p.rule == "below" else 1) * 0.1 for name, p in directed.items()}
    wrong = {name: p.value - (-1 if p.rule == "below" else 1) * 0.1 for name, p in directed.items()}
    for numbers, error, verdict in (
        (right, 0.0, "reproduced"),
        (wrong, 0.0, "not reproduced"),
        (right, 0.06, "too uncertain"),
        (wrong, 0.06, "too uncertain"),
    ):
        card = compare(of_paper(**numbers).assign(plus=error, minus=error), FACTS).set_index("name")
        assert set(card.loc[list(directed), "verdict"]) == {verdict}


def test_large_errors_reproduce_nothing() -> None:
    table = of_paper()
    error = 10 * table["value"].abs() + 10
    card = compare(table.assign(plus=error, minus=error), FACTS)
    results = card[~card["basis"].isin(APART)]
    judged = results[[PUBLISHED[name].rule not in ("same", "none") for name in results["name"]]]
    measured = judged[judged["verdict"] != "not measured"]
    assert len(measured) > 30
    assert set(measured["verdict"]) == {"too uncertain"}
    by_seeds = compare(table.assign(scatter=error, networks=10), FACTS)
    pd.testing.assert_series_equal(by_seeds["verdict"], card["verdict"])
