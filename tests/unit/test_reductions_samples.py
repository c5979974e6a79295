"""Numbers and drawings of Figs 13-21 and Table 4, from samples whose answer is known."""

import importlib
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.terse import CONFIDENCE
from encluster.network.inputs import FeatureSet
from encluster.paper.published import DELTA_SIGMA8
from encluster.reductions import fig13, fig14, fig15, fig16, fig18, fig21, tab04
from encluster.reductions.hexagons import COLUMNS, ROWS, hexagonal_histogram

PAPER_FIGURES = Path(__file__).parents[2] / "paper_figures"


def drawn(target: str, data: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is made of the CSV, as the command makes it."""
    monkeypatch.syspath_prepend(PAPER_FIGURES)
    matplotlib.use("Agg")
    text = data.assign(source="surrogate", photons="simulate").to_csv(index=False)
    read = pd.read_csv(StringIO(text), keep_default_na=target.startswith("fig"))
    made = importlib.import_module(target).make(read)
    if target.startswith("fig"):
        made.canvas.draw()
        matplotlib.pyplot.close(made)
    return made


def made_up_mocks(n_catalogs: int, seed: int = 0, mean_number: float = 60) -> ClusterCatalogs:
    """Catalogs in which more clusters and hotter ones mean a higher sigma8."""
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


def made_up_interpretation(n_catalogs: int, seed: int = 0, mean_number: float = 60) -> ClusterCatalogs:
    """A network whose terse value falls with mass and knows nothing else."""
    mocks = made_up_mocks(n_catalogs, seed, mean_number)
    rng = np.random.default_rng(seed + 1)
    log_m = mocks["log_m500c"].astype(float)
    columns = {
        "sigma8": mocks.catalog("sigma8"),
        "log_m500c": mocks["log_m500c"],
        "log_m_wl": (log_m + rng.normal(0, 0.1, len(log_m))).astype(np.float32),
        "log_m_gas": mocks["log_m_gas"],
        "log_temperature": mocks["log_temperature"],
        "terse": (-0.5 * (log_m - 14) + rng.normal(0, 0.02, len(log_m))).astype(np.float32),
    }
    return ClusterCatalogs.of("interpretation", columns, offset=mocks.offset)


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


def test_fig13_shows_one_set_where_all_breaks_are_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a flux limit in mass: a lowest eighth would be that of the lowest sigma8."""
    mocks = made_up_mocks(100).with_columns(log_m_break=np.full(100, 14.2))
    data = fig13.reduce(mocks)
    assert set(data["set"]) == {"all"}
    assert (data["n_catalogs"] == 100).all()
    figure = drawn("fig13", data, monkeypatch)
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


def test_hexagons_hold_the_points_that_are_nearest_to_them() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=400), rng.normal(3, 2, size=400)
    data = hexagonal_histogram(x, y)
    assert data["count"].sum() == 400
    assert data["count"].max() > 1
    dx, dy = data["dx"].iloc[0], data["dy"].iloc[0]
    assert (dx * (COLUMNS - 1), dy * (ROWS - 1)) == pytest.approx((np.ptp(x), np.ptp(y)))
    # a slow twin: all centers of the plane, and the distance to each
    i, j = (index.ravel() for index in np.mgrid[-1 : COLUMNS + 1, -1 : ROWS + 1])
    at = np.stack([x.min() + dx * (i + 0.5 * (j % 2)), y.min() + dy * j], axis=1)
    nearest = [
        np.argmin(((a - at[:, 0]) / dx) ** 2 + 0.75 * ((b - at[:, 1]) / dy) ** 2) for a, b in zip(x, y, strict=True)
    ]
    filled, count = np.unique(at[nearest].round(9), axis=0, return_counts=True)
    ours = data.round(9).sort_values(["x", "y"])
    assert ours[["x", "y"]].to_numpy() == pytest.approx(filled)
    assert ours["count"].tolist() == count.tolist()


def test_each_value_of_a_grid_has_its_row_of_hexagons() -> None:
    rng = np.random.default_rng(3)
    sigma8 = np.linspace(0.7, 0.92, 23).round(2)
    y = rng.choice(sigma8, 5000, p=np.arange(1, 24) / 276)
    data = hexagonal_histogram(rng.random(5000), y)
    rows = data.groupby(data["y"].round(4))["count"].sum()
    assert rows.index.to_numpy() == pytest.approx(sigma8)
    assert rows.tolist() == [int(np.sum(y == value)) for value in sigma8]


@pytest.mark.parametrize("y", [np.zeros(3), np.array([0.0, 0.0, 1.0])])
def test_hexagons_of_hardly_any_points(y: np.ndarray) -> None:
    for x in (np.zeros(3), np.array([1.0, 2.0, 3.0])):
        assert hexagonal_histogram(x, y)["count"].sum() == 3


def test_fig15_correlates_terse_with_mass_and_not_with_sigma8() -> None:
    interpretation = made_up_interpretation(80)
    data = fig15.reduce(interpretation)
    number = interpretation.n_clusters
    known = {name: interpretation[name] for name in fig15.QUANTITIES if name in interpretation.clusters}
    known |= {"n_cluster": np.repeat(number, number), "sigma8": np.repeat(interpretation.catalog("sigma8"), number)}
    assert list(data["quantity"].unique()) == list(known)
    for name, values in known.items():
        panel = data[data["quantity"] == name]
        assert panel["count"].sum() == number.sum()
        assert panel["rho"].iloc[0] == pytest.approx(spearmanr(interpretation["terse"], values)[0], abs=1e-5)
        assert panel["rho_low"].iloc[0] <= panel["rho"].iloc[0] <= panel["rho_high"].iloc[0]
        middle = panel["y"].min(), panel["y"].max()
        assert middle == pytest.approx((values.min(), values.max()), abs=panel["dy"].iloc[0])
    rho = data.groupby("quantity")[["rho", "rho_low", "rho_high"]].first()
    assert rho.loc["log_m500c", "rho_high"] < -0.98 < rho.loc["log_m_wl", "rho"]
    assert rho.loc["sigma8", "rho_low"] < 0 < rho.loc["sigma8", "rho_high"]


def test_fig21_is_two_panels_of_fig15() -> None:
    interpretation = made_up_interpretation(12)
    data, whole = fig21.reduce(interpretation), fig15.reduce(interpretation)
    expected = whole[whole["quantity"].isin(["log_m500c", "sigma8"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(data, expected)


def test_fig16_measures_the_scatter_that_was_put_in() -> None:
    """M_gas scatters by 0.05 dex and T by nothing; catalogs are off by much more, which must not count."""
    interpretation = made_up_interpretation(60)
    rng = np.random.default_rng(4)
    number = interpretation.n_clusters
    log_m = interpretation["log_m500c"].astype(float)
    scattered = log_m - 1 + rng.normal(0, 0.05, len(log_m))
    exact = -3 * log_m  # of the other sign
    interpretation = interpretation.with_columns(
        log_m_gas=scattered, log_temperature=np.full(len(log_m), 0.5), terse=exact
    )
    data = fig16.reduce(interpretation)
    lines = dict(iter(data.groupby("proxy")))
    assert list(data["proxy"].unique()) == ["m_gas", "yx", "terse"]
    slope = np.polyfit(scattered, log_m, 1)[0]  # regression dilutes it a little
    expected = np.log(10) * np.std(slope * scattered - log_m)
    assert lines["m_gas"]["scatter"].iloc[0] == pytest.approx(expected, rel=0.03)
    assert lines["yx"]["scatter"].iloc[0] == pytest.approx(lines["m_gas"]["scatter"].iloc[0])
    assert lines["terse"]["scatter"].iloc[0] == pytest.approx(0, abs=1e-6)
    for line in lines.values():
        assert line["density"].sum() * fig16.WIDTH + line["outside"].iloc[0] == pytest.approx(1, abs=1e-4)
    mean = np.average(lines["m_gas"]["error_dex"], weights=lines["m_gas"]["density"])
    spread = np.sqrt(np.average((lines["m_gas"]["error_dex"] - mean) ** 2, weights=lines["m_gas"]["density"]))
    # the bins leave out 1 %, the largest errors: 4 % of the standard deviation of a normal distribution
    assert spread * np.log(10) == pytest.approx(0.96 * expected, rel=0.03)
    assert lines["m_gas"]["outside"].iloc[0] == pytest.approx(0.01, abs=0.005)
    moved = scattered + 0.001 * rng.choice([-100, 100], len(number))[interpretation.owner]
    shifted = fig16.reduce(interpretation.with_columns(log_m_gas=moved)).query("proxy == 'm_gas'")["scatter"].iloc[0]
    # the line is a little flatter then; counted, the offsets would make it 2.2 times the scatter
    assert expected < shifted < 1.2 * expected


def features_of(sigma8: np.ndarray, split: np.ndarray, number: np.ndarray) -> FeatureSet:
    n = int(number.sum())
    return FeatureSet.made(
        matrix=np.zeros((n, 15), np.float32),
        supplementary=np.zeros((n, 2), np.float32),
        offset=np.concatenate([[0], np.cumsum(number)]),
        cluster=np.arange(n),
        sigma8=sigma8,
        label=sigma8.astype(np.float32),
        split=split,
        scaling={"sigma8": (0.7, 0.92)},
        source="surrogate",
    )


def table4(sigma8: np.ndarray, split: np.ndarray, number: np.ndarray) -> pd.DataFrame:
    provenance = {
        name: {
            "seed": 1,
            "delta_sigma8": {"value": value, "error": 0.001, "bias": 0.002, "n": 497},
            "predicts_constant": name == "array_of_ones",
        }
        for name, value in (("standard", 0.02), ("shuffled", 0.025), ("no_wl", 0.03), ("array_of_ones", 0.06))
    }
    offset = np.concatenate([[0], np.cumsum(number)])
    return tab04.reduce(
        **{f"provenance_{name}": content for name, content in provenance.items()},
        mocks=ClusterCatalogs.of("mocks", {}, offset=offset),
        features=features_of(sigma8, split, number),
    ).set_index("case")


def test_tab04_maps_the_number_of_clusters() -> None:
    """sigma8 is 0.70 + N / 1000 in the training set; testing catalogs are off by known amounts."""
    training, testing = np.repeat(np.arange(65, 155, 10), 3), np.array([75, 95, 95, 105, 105, 125])
    off = np.array([0.3, 0.01, -0.01, 0.03, -0.03, 0.3])
    number = np.concatenate([training, testing])
    sigma8 = 0.7 + number / 1000
    sigma8[len(training) :] -= off
    split = np.repeat(np.array([0, 2], np.uint8), [len(training), len(testing)])
    data = table4(sigma8, split, number)
    assert list(data.index) == list(tab04.SECTIONS)
    for case, published in DELTA_SIGMA8.items():
        assert data.loc[case, ["published", "published_err"]].tolist() == [published.value, published.plus]
    assert data.loc["no_wl", "delta_sigma8"] == 0.03
    assert data["predicts_constant"].dropna().to_dict() == {
        "standard": False,
        "shuffled": False,
        "no_wl": False,
        "array_of_ones": True,
    }
    whole, near = data.loc["n_cluster_mapping"], data.loc["n_cluster_mapping_near_100"]
    assert (whole["n"], near["n"]) == (6, 4)
    assert whole["delta_sigma8"] == pytest.approx(np.std(off, ddof=1))
    assert whole["bias"] == pytest.approx(0.1)
    assert near["delta_sigma8"] == pytest.approx(np.std([0.01, -0.01, 0.03, -0.03], ddof=1))
    assert near["bias"] == pytest.approx(0)
    assert 0 < near["error"] < near["delta_sigma8"]


def test_tab04_of_a_tiny_run_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    number = np.array([3, 4, 5, 6, 7, 8, 95])
    split = np.array([0, 0, 0, 0, 2, 2, 2], np.uint8)
    data = table4(np.linspace(0.7, 0.9, 7), split, number)
    assert np.isnan(data.loc["n_cluster_mapping_near_100", "delta_sigma8"])
    table = drawn("tab04", data.reset_index(), monkeypatch).set_index("Test case")
    assert table.loc["Standard", "Delta sigma8"] == "0.0200 ± 0.0010"
    assert table.loc["Standard", "Paper"] == "0.0212 ± 0.0009"
    assert table.loc["Standard", "Bias"] == "+0.0020 ± 0.0009"
    assert table.loc["N_cluster mapping, 90-109 clusters", "Delta sigma8"] == "-"
    assert table.loc["N_cluster mapping, 90-109 clusters", "Catalogs"] == "1"


@pytest.mark.parametrize(("n_catalogs", "mean_number"), [(300, 60), (40, 6), (8, 0.5)])
def test_figures_of_mocks_are_drawn_however_few_there_are(
    n_catalogs: int, mean_number: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    mocks = made_up_mocks(n_catalogs, mean_number=mean_number)
    other = made_up_mocks(n_catalogs, seed=5, mean_number=mean_number)
    assert (fig14.reduce(mocks)["item"] == "bin").any() == (n_catalogs == 300)
    drawn("fig13", fig13.reduce(mocks), monkeypatch)
    drawn("fig14", fig14.reduce(mocks), monkeypatch)
    drawn("fig18", fig18.reduce(mocks, other), monkeypatch)


@pytest.mark.parametrize(("n_catalogs", "mean_number"), [(40, 60), (4, 6), (2, 4)])
def test_figures_of_the_terse_value_are_drawn_however_few_clusters_there_are(
    n_catalogs: int, mean_number: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpretation = made_up_interpretation(n_catalogs, mean_number=mean_number)
    for target in ("fig15", "fig16", "fig21"):
        data = importlib.import_module(f"encluster.reductions.{target}").reduce(interpretation)
        drawn(target, data, monkeypatch)


def test_captions_say_what_they_must(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PAPER_FIGURES)
    assert f"{CONFIDENCE:.0%}".replace("%", " %") in importlib.import_module("fig15").CAPTION
