"""Statements of the paper's text: each has a row or a reason; planted effects give the planted numbers."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import factories as examples
from encluster.catalogs import ClusterCatalogs
from encluster.cosmology import mass_function
from encluster.paper import measured_claims
from encluster.paper.measured_inputs import Number
from encluster.paper.published import DELTA_SIGMA8, PUBLISHED
from encluster.paper.published_claims import CLAIMS
from encluster.paper.sections import TITLES, section_of
from encluster.paper.typesetting import html

PAGE = Path(__file__).parents[3] / "docs/explanation/claims.md"


def values(measured: Iterable[Number]) -> dict[str, float]:
    return {row.name: row.value for row in measured}


def mocks(n: int = 200, size: int = 60, **columns: Any) -> ClusterCatalogs:
    """Return catalogs of equal size, half of them at each end of sigma8, with power laws without scatter."""
    rng = np.random.default_rng(1)
    log_m, owner = rng.uniform(13.6, 15.0, n * size), np.repeat(np.arange(n), size)
    made = {
        "sigma8": np.repeat([0.7, 0.92], n // 2),
        "log_m_break": rng.uniform(14.1, 14.3, n),
        "temperature_scatter": rng.uniform(0.7, 1.3, n),
        "m_gas_scatter": rng.uniform(0.7, 1.3, n),
        "log_m500c": log_m,
        "log_m_gas": 1.2 * log_m,
        "log_temperature": 0.6 * log_m,
        "log_lx": 1.7 * log_m,
    }
    made |= {name: make(log_m, owner, made) for name, make in columns.items()}
    return ClusterCatalogs.of("mocks", made, offset=size * np.arange(n + 1))


def predictions(errors: np.ndarray, sigma8: np.ndarray | None = None) -> pd.DataFrame:
    true = np.linspace(0.7, 0.92, len(errors)) if sigma8 is None else sigma8
    columns = {"catalog": np.arange(len(errors)), "split": "testing", "sigma8_true": true}
    tested = pd.DataFrame({**columns, "sigma8_predicted": true + errors})
    other = tested.assign(split="validation", catalog=tested["catalog"] + 1000, sigma8_predicted=5.0)
    return pd.concat([other, tested], ignore_index=True)


def a_map(std: Callable[[int, int], float], mean: float = 0.8) -> pd.DataFrame:
    """Return five bins by five of a map of sigma8."""
    rows = [
        {"n_low": 10.0 * n, "n_high": 10.0 * n + 10, "y_low": 0.05 * y, "y_high": 0.05 * y + 0.05, "std": std(n, y)}
        for n in range(5)
        for y in range(5)
    ]
    return pd.DataFrame(rows).assign(item="bin", count=10, mean=mean, fixed_std=0.03, fixed_std_err=0.0)


def history(training: np.ndarray, validation: np.ndarray) -> pd.DataFrame:
    epoch = np.arange(1, len(training) + 1)
    return pd.DataFrame({"epoch": epoch, "train_mse": training, "validation_mse": validation})


def surveyed(made: ClusterCatalogs) -> dict[str, float]:
    profiles = {"deviance": np.array([0.9, 1.0, 1.4])}
    return values(measured_claims.surveys(made, profiles, examples.configuration(), examples.scaling_relations()))


SURVEYS = {"smaller": 0.85, "larger": 0.75}


def test_the_page_has_every_row_and_no_other() -> None:
    cells = "".join(line for line in PAGE.read_text().splitlines() if line.startswith("|"))
    assert set(re.findall(r"`(\w+)`", cells)) == set(PUBLISHED)
    assert set(CLAIMS) < set(PUBLISHED)


def test_every_statement_of_the_page_has_a_row_or_a_reason() -> None:
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    rows = [cells for cells in rows if cells[-1] != "row"]
    assert len(rows) > 120
    for cells in rows:
        assert "`" in cells[-1] or re.match(r"none(?: here)?: |as in ", cells[-1]), cells


def test_texts_are_typeset_and_places_are_in_the_paper() -> None:
    for name, paper in CLAIMS.items():
        assert section_of(paper.where) in TITLES, name
        assert paper.quantity, name
        assert paper.basis != "network" or paper.models or "mapping" in name, name
        for text in (paper.quantity, paper.unit, paper.words, paper.where):
            html(text)
            assert not re.search(r"sigma|gamma|[A-Za-z]_[A-Za-z]|\^|Msun|R500", re.sub(r"\$.*?\$", "", text)), name


def test_the_numbers_without_words_stand_in_the_paper(shared_data: Path) -> None:
    paper = shared_data.parent / "paper/paper.txt"
    if not paper.exists():
        pytest.skip("needs ../shared/paper, which is absent here")
    beside = {
        "minimal_redshift": r"$z_{\rm min} = 0.01$",
        "mass_prior": r"equivalent to $\pm 30\%$ constraints on the cluster mass",
        "sigma8_scatter_region_a": "in the two highlighted sample regions is ~ 0.03",
        "sigma8_scatter_region_b": "in the two highlighted sample regions is ~ 0.03",
    }
    plain_numbers = {name for name, row in CLAIMS.items() if not row.words and "ratio" not in row.where}
    assert plain_numbers == set(beside)
    for text in beside.values():
        assert text in paper.read_text().replace("$\\sim", "~")


@pytest.mark.parametrize("name", ["shuffled", "no_wl"])
def test_ratios_are_those_of_table_4(name: str) -> None:
    above, below, ratio = DELTA_SIGMA8[name], DELTA_SIGMA8["standard"], CLAIMS[f"{name}_over_standard"]
    assert ratio.value == pytest.approx(above.value / below.value)
    relative = np.hypot(above.plus / above.value, below.plus / below.value)
    assert ratio.plus == pytest.approx(relative * ratio.value)


def test_the_ends_of_a_survey() -> None:
    found = surveyed(mocks(log_m500c=lambda log_m, owner, made: np.where(log_m > 14.7, 14.9, 13.9)))
    assert found["profile_fit_deviance"] == 1.0
    # Hubble's law: the flux of L ~ M^1.74 falls with the square of the distance, to 5 % at these redshifts
    dex = 1.74 * (14.4 + np.log10(0.704) - 13.6) / 2
    assert found["minimal_redshift"] == pytest.approx(0.07 * 10**-dex, rel=0.05)
    assert found["massive_over_light_with_sigma8"] == pytest.approx(1, abs=0.1)


def test_masses_that_shift_with_the_catalog_are_the_priors() -> None:
    def shifted(log_m: np.ndarray, owner: np.ndarray, made: dict[str, Any]) -> np.ndarray:
        return 1.7 * log_m + 1.7 * np.where(owner % 2, 0.05, -0.05)

    names = {"log_lx": shifted}
    names |= {
        f"log_{x}": lambda log_m, owner, made, a=a: a * (log_m + np.where(owner % 2, 0.05, -0.05))
        for x, a in (("temperature", 0.6), ("m_gas", 1.2))
    }
    found = surveyed(mocks(**names))
    assert found["mass_prior"] == pytest.approx(100 * np.log(10) * 0.05, rel=0.05)


def test_medians_that_follow_the_break() -> None:
    def of_break(sign: int) -> Callable[..., np.ndarray]:
        return lambda log_m, owner, made: sign * made["log_m_break"][owner]

    rising = {"log_lx": of_break(-1), "log_m_gas": of_break(1), "log_temperature": of_break(0)}
    found = values(measured_claims.counts(mocks(**rising)))
    assert found["median_lx_break"] == pytest.approx(-1)
    assert found["median_yx_break"] == pytest.approx(1)
    assert found["n_cluster_sigma8"] == 0  # all catalogs have one size


def test_a_median_without_information_leaves_more_scatter() -> None:
    """Of two values of sigma8, the median Y_X gives which, and the median L_X does not."""

    def of_sigma8(log_m: np.ndarray, owner: np.ndarray, made: dict[str, Any]) -> np.ndarray:
        return 13 + made["sigma8"][owner] + 0.05 * (np.arange(len(owner)) % 7 == 0)

    made = mocks(log_m_gas=of_sigma8, log_lx=lambda log_m, owner, made: np.zeros(len(log_m)))
    made = made.with_columns(log_temperature=np.zeros(len(made["log_lx"])))
    sigma8 = made.catalog("sigma8") + 0.01 * (np.arange(len(made)) % 2)
    found = values(measured_claims.counts(made.with_columns(sigma8=sigma8)))
    assert found["sigma8_scatter_lx_over_yx"] == pytest.approx(np.hypot(0.22, 0.01) / 0.01, rel=0.02)


def test_the_edges_of_a_map_and_two_surveys() -> None:
    ring = a_map(lambda n, y: 0.01 if {n, y} & {0, 4} else 0.04)
    fig18 = pd.concat([ring.assign(set=name, mean=mean) for name, mean in SURVEYS.items()])
    hole = a_map(lambda n, y: 0.03).drop(index=12)
    found = values(measured_claims.maps(hole, fig18))
    assert found["sigma8_scatter_edge"] == pytest.approx(1)
    assert found["sigma8_scatter_edge_smaller"] == pytest.approx(0.25)
    assert found["sigma8_mean_smaller_less_larger"] == pytest.approx(0.10)
    # a bin beside the hole is an edge: four more
    assert measured_claims._outermost(hole).sum() == 16 + 4


def test_the_limit_is_that_of_a_maximum_likelihood_of_counts() -> None:
    """A slow twin for one catalog: the width of the Poisson likelihood of the expected counts about their sigma8."""
    config, scaling = examples.configuration(), examples.scaling_relations()
    at, m_break = 0.81, 14.2
    _, edges = config.survey.survey(config.cosmology)
    centers = (edges[1:] + edges[:-1]) / 2
    chance = np.where(centers < m_break, 10 ** (2.4 * (centers - m_break)), 1) * 0.5 * scaling.abundance_ratio
    grid = np.linspace(at - 0.005, at + 0.005, 11)
    expected = [
        chance * config.box_mpc_h**3 * 0.01 * mass_function(config.cosmology.with_sigma8(s), centers, 0.07)
        for s in grid
    ]
    likelihood = [np.sum(expected[5] * np.log(x) - x) for x in expected]
    width = 1 / np.sqrt(-2 * np.polyfit(grid, likelihood, 2)[0])
    made = mocks(2).with_columns(sigma8=np.full(2, at), log_m_break=np.full(2, m_break))
    limit = measured_claims.poisson_limit(made, config, scaling)
    found = values([*limit, *measured_claims.over_limit(limit, examples.provenance(0.02))])
    assert found["poisson_limit"] == pytest.approx(width, rel=0.02)
    assert found["delta_sigma8_over_limit"] == pytest.approx(0.02 / width, rel=0.02)


def test_less_information_costs_what_was_planted() -> None:
    errors = np.random.default_rng(4).normal(0, 0.02, 150)
    made = mocks(150).with_columns(m_gas_scatter=np.abs(errors), temperature_scatter=np.abs(errors))
    tab04 = pd.DataFrame({"case": ["n_cluster_mapping"], "delta_sigma8": [0.06], "error": [0.003]})
    factors = {"standard": 1, "shuffled": 1.25, "no_wl": 1.5, "array_of_ones": 3}
    rows: list[Number] = [*measured_claims.error_with_scatter(made, predictions(errors))]
    for name in ("shuffled", "no_wl"):
        measure = measured_claims.over_standard(name)
        rows += measure(predictions(factors[name] * errors), predictions(errors))
    for name in ("standard", "no_wl", "array_of_ones"):
        width = {"value": factors[name] * errors.std(), "error": factors[name] * errors.std() / np.sqrt(2 * 150)}
        rows += measured_claims.over_simple(name, tab04, a_map(lambda n, y: 0.03))({"delta_sigma8": width})
    table = {row.name: row for row in rows}
    std = errors.std()
    for name, expected in (
        ("shuffled_over_standard", 1.25),
        ("no_wl_over_standard", 1.5),
        ("n_cluster_mapping_over_standard", 0.06 / std),
        ("array_of_ones_over_n_cluster_mapping", 3 * std / 0.06),
        ("no_wl_over_n_cluster_mapping", 1.5 * std / 0.06),
        ("no_wl_over_n_yx", 1.5 * std / 0.03),
        ("error_with_scatter", 1.0),
    ):
        assert table[name].value == pytest.approx(expected), name
    # the errors of one catalog go together in two networks, so that their ratio has no error here
    assert table["shuffled_over_standard"].plus == pytest.approx(0, abs=1e-12)
    # error of a standard deviation, and that of the mapping
    relative = np.hypot(1 / np.sqrt(2 * 150), 0.05)
    assert table["n_cluster_mapping_over_standard"].plus == pytest.approx(0.06 / std * relative, rel=0.2)


def test_training_curves_of_known_shape() -> None:
    epoch = np.arange(1, 101)
    training, validation = 1 / epoch, 0.02 + (epoch / 100 - 0.5) ** 2
    curve = measured_claims.training_curve(history(training, validation), {"best_epoch": 50})
    found = values([*curve, *measured_claims.prescriptive_curve(history(training, 2 * training))])
    assert found["training_error_trend"] == pytest.approx(-1)
    assert found["validation_error_rise"] == pytest.approx(validation[-10:].mean() / validation[44:54].mean())
    assert found["validation_over_training"] == pytest.approx(validation[-10:].mean() / training[-10:].mean())
    assert found["prescriptive_validation_over_training"] == pytest.approx(2)
    late = values(measured_claims.training_curve(history(training, validation), {"best_epoch": 96}))
    assert "validation_error_rise" not in late


def test_bias_toward_the_mean() -> None:
    rng = np.random.default_rng(6)
    sigma8 = np.tile(np.linspace(0.70, 0.92, 23), 40)
    errors = rng.normal(0, 0.01, len(sigma8))
    (free,) = measured_claims.prescriptive_bias(predictions(errors, sigma8))
    assert abs(free.value) < 3 * free.plus < 0.3
    pulled = errors + np.select([sigma8 < 0.73, sigma8 > 0.87], [0.005, -0.005])
    (biased,) = measured_claims.prescriptive_bias(predictions(pulled, sigma8))
    assert biased.value == pytest.approx(0.005 / pulled.std(), abs=3 * biased.plus)
