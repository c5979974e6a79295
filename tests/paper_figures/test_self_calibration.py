"""Figures 13, 14 and 18: sigma8, Y_X and the break of the survey, from catalogs whose answer is known."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import fig13
import fig14
import fig18
from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.self_calibration import MINIMUM
from encluster.paper.published import PUBLISHED

Drawn = Callable[[str, pd.DataFrame], Figure]


def made_up_mocks(n_catalogs: int, seed: int = 0, mean_number: float = 60) -> ClusterCatalogs:
    """Return catalogs in which more clusters and hotter ones mean a higher sigma8."""
    rng = np.random.default_rng(seed)
    sigma8 = rng.choice(np.linspace(0.7, 0.92, 23).round(2), n_catalogs)
    number = rng.poisson(mean_number * (sigma8 / 0.8) ** 4) + 1
    owner = np.repeat(np.arange(n_catalogs), number)
    log_m = rng.uniform(13.6, 14.8, len(owner))
    shift = rng.normal(0, 0.1, n_catalogs)[owner]
    columns = {
        "sigma8": sigma8,
        "log_m_break": rng.uniform(14.1, 14.3, n_catalogs),
        "log_m500c": log_m.astype(np.float32),
        "log_m_gas": (log_m - 1 + shift).astype(np.float32),
        "log_temperature": (0.6 * (log_m - 14)).astype(np.float32),
        "log_lx": (1.7 * (log_m - 14.4)).astype(np.float32),
    }
    return ClusterCatalogs.of("mocks", columns, offset=np.concatenate([[0], np.cumsum(number)]))


def test_fig13_weighs_catalogs_and_not_clusters() -> None:
    """An eighth of sixteen catalogs are two: of one cluster and of 99."""
    number = np.array([1, 99, *[5] * 12, 99, 1])
    low_lx = np.array([-1.02, 1.02])  # of the two catalogs of lowest break, and of the two of highest
    lx = np.concatenate([[low_lx[0]], np.full(99, low_lx[1]), np.zeros(60), np.full(99, -0.52), [0.52]])
    columns = {
        "log_m_break": np.concatenate([[14.1, 14.11], np.linspace(14.15, 14.25, 12), [14.29, 14.3]]),
        "log_m500c": np.full(260, 14.1, np.float32),
        "log_m_gas": np.full(260, 13.0, np.float32),
        "log_temperature": np.full(260, 0.51, np.float32),
        "log_lx": lx.astype(np.float32),
    }
    data = fig13.reduce(ClusterCatalogs.of("mocks", columns, offset=np.concatenate([[0], np.cumsum(number)])))
    assert (data["n_catalogs"] == 2).all()
    lines = dict(iter(data.groupby(["quantity", "set"])))
    filled = lines["log_lx", "low"].query("density > 0")
    assert filled["value"].to_numpy() == pytest.approx(low_lx, abs=fig13.WIDTH / 2)
    # half of the weight each, though one catalog has 99 times the clusters
    assert (filled["density"] * fig13.WIDTH).to_numpy() == pytest.approx([0.5, 0.5])
    assert lines["log_lx", "high"].query("density > 0")["value"].to_numpy() == pytest.approx([-0.52, 0.52], abs=0.025)
    assert lines["log_yx", "low"]["median"].iloc[0] == pytest.approx(13.51)
    assert lines["log_lx", "low"]["log_m_break"].iloc[0] == pytest.approx(14.105)
    # all clusters of the low set lie at its break, none of the high set at that
    assert lines["log_lx", "low"]["at_break"].iloc[0] == pytest.approx(1.02)
    assert np.isnan(lines["log_lx", "high"]["at_break"].iloc[0])
    for line in lines.values():
        assert (line["density"] * fig13.WIDTH).sum() == pytest.approx(1, abs=1e-5)


def test_fig13_shows_one_set_where_all_breaks_are_equal(drawn: Drawn) -> None:
    """As with a flux limit in mass: a lowest eighth would be that of the lowest sigma8."""
    mocks = made_up_mocks(100).with_columns(log_m_break=np.full(100, 14.2))
    data = fig13.reduce(mocks)
    assert set(data["set"]) == {"all"}
    assert (data["n_catalogs"] == 100).all()
    figure = drawn("fig13", data)
    assert "100 catalogs, all with" in figure.axes[0].get_legend().get_texts()[0].get_text()


def test_fig14_maps_sigma8_and_shows_two_bins_of_it() -> None:
    mocks = made_up_mocks(1500)
    data = fig14.reduce(mocks)
    sigma8, number = mocks.catalog("sigma8"), mocks.n_clusters
    log_yx = mocks["log_m_gas"].astype(float) + mocks["log_temperature"]
    median = np.array([np.median(part) for part in np.split(log_yx, mocks.offset[1:-1])])

    def inside(row: pd.Series) -> np.ndarray:
        return sigma8[
            (number >= row["n_low"]) & (number < row["n_high"]) & (median >= row["y_low"]) & (median < row["y_high"])
        ]

    bins = data[data["item"] == "bin"]
    assert len(bins) > 20
    for _, row in bins.iterrows():
        found = inside(row)
        assert row["count"] == len(found) >= 5
        assert row["mean"] == pytest.approx(found.mean(), abs=1e-6)
        assert row["std"] == pytest.approx(found.std(ddof=1), abs=1e-6)
    squares = np.average(bins["std"] ** 2, weights=bins["count"])
    assert bins["fixed_std"].to_numpy() == pytest.approx(np.sqrt(squares), abs=1e-5)
    assert 0 < bins["fixed_std_err"].iloc[0] < 0.05 * bins["fixed_std"].iloc[0]
    assert data.query("item == 'A'")["mean"].iloc[0] < data.query("item == 'B'")["mean"].iloc[0]
    for name in ("A", "B"):
        region = data[data["item"] == name]
        found = inside(region.iloc[0])
        assert len(region) == 23
        assert np.repeat(region["sigma8"], region["count"]).tolist() == sorted(found)
        # a bootstrap of few values, against the formula for a normal distribution
        assert region["std_err"].iloc[0] == pytest.approx(found.std() / np.sqrt(2 * len(found)), rel=0.5)


def test_fig18_has_a_map_of_each_survey() -> None:
    smaller, larger = made_up_mocks(600, mean_number=40), made_up_mocks(600, mean_number=100)
    data = fig18.reduce(smaller, larger)
    for name, mocks in (("smaller", smaller), ("larger", larger)):
        expected = fig14.reduce(mocks).query("item == 'bin'")
        ours = data[data["set"] == name]
        assert len(ours) == len(expected) > 5
        np.testing.assert_array_equal(ours["mean"], expected["mean"])
        np.testing.assert_array_equal(ours["fixed_std"], expected["fixed_std"])
    assert data.query("set == 'smaller'")["n_high"].max() < data.query("set == 'larger'")["n_high"].max()


@pytest.mark.parametrize(("n_catalogs", "mean_number"), [(300, 60), (40, 6), (8, 0.5)])
def test_figures_of_mocks_are_drawn_however_few_there_are(n_catalogs: int, mean_number: float, drawn: Drawn) -> None:
    mocks = made_up_mocks(n_catalogs, mean_number=mean_number)
    other = made_up_mocks(n_catalogs, seed=5, mean_number=mean_number)
    table = fig14.reduce(mocks)
    filled = (table["item"] == "bin").any()
    assert filled == (n_catalogs == 300)
    drawn("fig13", fig13.reduce(mocks))
    assert len(drawn("fig14", table).axes[0].texts) == (3 if filled else 0)  # the scatter, A and B
    drawn("fig18", fig18.reduce(mocks, other))


def test_captions_state_the_numbers_of_the_paper_and_of_the_reduction() -> None:
    assert f"The paper gives about {PUBLISHED['sigma8_scatter_at_n_yx'].value:g}." in fig14.CAPTION
    for caption in (fig14.CAPTION, fig18.CAPTION):
        assert f"fewer than {MINIMUM} catalogs" in caption
    assert f"within {fig13.NEAR:g} dex" in fig13.CAPTION
