"""The numbers behind the figures of the network and of what it looks at, from inputs whose answer is known."""

import importlib
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import mass_bins, summarize
from encluster.reductions import ensemble, fig09, fig11, fig12
from factories import RADII, of_pixels

ROOT = Path(__file__).parents[2]
WIDTH = 15


def interpretation(log_m: np.ndarray, sizes: list[int], seed: int = 0) -> ClusterCatalogs:
    """An encoder whose saliency is 0.1 (feature + 1), of either sign, halved above 10^14.5 Msun/h."""
    rng = np.random.default_rng(seed)
    n = len(log_m)
    saliency = 0.1 * np.arange(1, WIDTH + 1) * np.where(log_m > 14.5, 0.5, 1.0)[:, None]
    columns = {
        "catalog": np.arange(len(sizes)),
        "sigma8_predicted": np.linspace(0.75, 0.85, len(sizes)),
        "log_m500c": log_m.astype(np.float32),
        "saliency": of_pixels(saliency * rng.choice([-1, 1], (n, WIDTH))),
        "sigma8_one_out": np.repeat(np.linspace(0.75, 0.85, len(sizes)), sizes),
    }
    return ClusterCatalogs.of("interpretation", columns, offset=np.concatenate([[0], np.cumsum(sizes)]))


def test_mass_bins_hold_enough_clusters_or_are_left_out() -> None:
    log_m = np.repeat([13.65, 14.0, 14.15, 14.72], [12, 10, 9, 30])
    bins = dict(mass_bins(log_m))
    assert list(bins) == [13.65, 14.05, 14.75]  # an edge belongs to the bin above it
    assert (log_m[bins[14.05]] == 14.0).all()
    # a run too small for any full bin still has bins
    assert list(dict(mass_bins(np.array([13.65, 14.25])))) == [13.65, 14.25]


def test_fig09_sees_a_change_where_there_is_one() -> None:
    rng = np.random.default_rng(3)
    log_m = rng.uniform(13.6, 14.9, 6000)
    change = rng.normal(0, 1e-3, 6000) - 0.01 * (log_m > 14.4)
    found = interpretation(log_m, [2000] * 3)
    moved = found.with_columns(sigma8_one_out=found["sigma8_one_out"] + change)
    moved["sigma8_one_out"][:7] = np.nan
    data = fig09.reduce(moved, found)

    bands = data[(data["panel"] == "bands") & (data["model"] == "standard")].set_index("log_m")
    assert bands["n_clusters"].sum() == 6000 - 7
    inside = np.sort(change[7:][(log_m[7:] >= 13.8) & (log_m[7:] < 13.9)])
    row = bands.loc[13.85]
    assert row["n_clusters"] == len(inside)
    for name, level in (("low_95", 0.025), ("low_68", 0.16), ("median", 0.5), ("high_68", 0.84), ("high_95", 0.975)):
        assert (inside <= row[name]).mean() == pytest.approx(level, abs=2 / len(inside))
    assert abs(bands.loc[:14.35, "median"]).max() < 5e-4
    assert abs(bands.loc[14.45:, "median"] + 0.01).max() < 5e-4

    steps = data[(data["panel"] == "cdf") & (data["model"] == "standard")]
    assert list(steps["log_m_above"].dropna().unique()) == [14.2, 14.4, 14.6, 14.8]  # none above 15.0
    assert (steps.groupby("log_m_above", dropna=False)["cdf"].max() == 1).all()
    for mass, line in steps.groupby("log_m_above"):
        lowered = change[7:][log_m[7:] > mass] < 0
        found_share = np.interp(0.0, line["delta"], line["cdf"])
        assert found_share == pytest.approx(lowered.mean(), abs=0.01)
        assert line["n_clusters"].iloc[0] == len(lowered)
    still = data[(data["panel"] == "bands") & (data["model"] == "no_wl")]
    assert (still["median"] == 0).all()


def test_fig11_takes_the_absolute_value_by_mass_and_radius() -> None:
    log_m = np.repeat([14.05, 14.65, 15.05], [25, 11, 3])
    found = interpretation(log_m, [39])
    found["saliency"][:12] *= 100  # fewer than half of the first bin: the median does not see them
    data = fig11.reduce(found)
    assert set(data["log_m"]) == {14.05, 14.65}
    table = data.pivot(index="radius", columns=["feature", "log_m"], values="median_saliency")
    np.testing.assert_allclose(table.index, RADII, atol=1e-5)
    np.testing.assert_allclose(table["log_m_gas_shell", 14.05], 0.1 * np.arange(2, 9))
    np.testing.assert_allclose(table["log_m_gas_shell", 14.65], 0.05 * np.arange(2, 9))
    np.testing.assert_allclose(table["gamma", 14.05], 0.1 * np.arange(9, 16))
    # the radii are those of the file
    saliency = replace(found.clusters["saliency"], radii=np.array([np.nan, *2 * RADII, *3 * RADII]))
    other = fig11.reduce(replace(found, clusters={**found.clusters, "saliency": saliency}))
    assert other.groupby("feature")["radius"].min().to_dict() == {"gamma": 0.3, "log_m_gas_shell": 0.2}


def test_fig12_averages_at_the_papers_radius_and_spans_all_catalogs() -> None:
    log_m = np.repeat([14.05, 14.65], [20, 20])
    standard, no_wl = interpretation(log_m, [40]), interpretation(log_m, [40], seed=1)
    no_wl["saliency"][:20] *= np.linspace(0, 2, 20)[:, None]
    masses = {
        "log_m_break": np.array([14.3, 14.1, 14.2]),
        "log_m500c": np.array([13.7, 14.9, 14.0, 14.2, 14.6]),
    }
    mocks = ClusterCatalogs.of("mocks", masses, offset=np.array([0, 3, 3, 5]))  # one is empty
    data = fig12.reduce(standard, no_wl, mocks)
    mass = data[data["panel"] == "mass"]
    rows = {item: part.set_index("log_m") for item, part in mass.groupby("item")}
    # the shell that ends at 0.681 R500 is the sixth: column 6 of the matrix, saliency 0.7
    assert rows["standard"]["mean"].tolist() == pytest.approx([0.7, 0.35])
    assert rows["standard"]["radius"].unique() == pytest.approx([RADII[5]], abs=1e-5)
    assert rows["standard"]["overall"].unique() == pytest.approx([0.525])
    assert rows["no_wl"].loc[14.05, ["low", "mean", "high"]].tolist() == pytest.approx([0.32 * 0.7, 0.7, 1.68 * 0.7])
    extremes = {item: rows[item][["low", "high"]].to_numpy().ravel().tolist() for item in ("transition", "median_mass")}
    assert extremes == {"transition": [14.1, 14.3], "median_mass": [14.0, 14.4]}
    assert data[data["panel"] == "radius"].groupby("log_m").size().to_dict() == {14.05: 7, 14.65: 7}


def test_summary_of_saliency_finds_peak_and_dip() -> None:
    found = interpretation(np.full(101, 14.0), [101])
    gas, gamma = slice(1, 8), slice(8, 15)
    sign = np.sign(found["saliency"])
    strength = np.linspace(0, 2, 101)[:, None]
    found["saliency"][:, 0] = 0.4
    found["saliency"][:, gas] = sign[:, gas] * [0.05, 0.1, 0.12, 0.15, 0.2, 0.22, 0.18] * strength
    found["saliency"][:, gamma] = sign[:, gamma] * [0.0, 0.1, 0.1, 0.1, 0.1, 0.3, 0.0]
    numbers = summarize(found)
    assert (numbers.temperature.mean, numbers.temperature.low, numbers.temperature.high) == pytest.approx((0.4,) * 3)
    assert numbers.m_gas.mean == pytest.approx(0.22)
    assert (numbers.m_gas.low, numbers.m_gas.high) == pytest.approx((0.32 * 0.22, 1.68 * 0.22))
    assert numbers.gamma.mean == pytest.approx(0.3)
    assert numbers.gamma_all_radii.mean == pytest.approx(0.1)
    assert numbers.peak_radius == pytest.approx(RADII[5])
    assert numbers.core_ratio == pytest.approx(0.05 / 0.165)
    assert numbers.core_dip
    found["saliency"][:, gas] = found["saliency"][:, gas][:, ::-1]
    assert not summarize(found).core_dip
    other = replace(found.clusters["saliency"], quantities=("log_lx",) * WIDTH)
    with pytest.raises(ValueError, match=r"no value of 'log_m_gas_shell', expected it among its quantities \(log_lx\)"):
        summarize(replace(found, clusters={"saliency": other}))


@pytest.mark.parametrize("name", ["fig09", "fig11", "fig12"])
def test_a_run_of_three_clusters_can_be_drawn(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    matplotlib.use("Agg")
    monkeypatch.syspath_prepend(ROOT / "paper_figures")
    found = interpretation(np.array([13.7, 14.9, 14.3]), [2, 1])
    found["sigma8_one_out"][2] = np.nan
    masses = {"log_m_break": np.array([14.2, 14.3]), "log_m500c": found["log_m500c"]}
    mocks = ClusterCatalogs.of("mocks", masses, offset=np.array([0, 2, 3]))
    data = {
        "fig09": lambda: fig09.reduce(found, found),
        "fig11": lambda: fig11.reduce(found),
        "fig12": lambda: fig12.reduce(found, found, mocks),
    }[name]()
    path = tmp_path / f"{name}.csv"
    data.to_csv(path, index=False)
    figure = importlib.import_module(name).make(pd.read_csv(path))
    figure.savefig(tmp_path / f"{name}.png")
    matplotlib.pyplot.close(figure)
    assert (tmp_path / f"{name}.png").stat().st_size > 5000


def test_the_ensemble_has_a_row_per_seed() -> None:
    found = interpretation(np.array([13.7, 14.9, 14.3]), [2, 1])
    found.catalog("sigma8_predicted")[:] = 0.8
    found["sigma8_one_out"][:] = [0.801, 0.795, np.nan]
    members = {}
    for seed in (1, 2):
        scatter = {"value": 0.02 + seed / 1000, "error": 0.001, "bias": 0.0, "n": 2}
        name = "standard" if seed == 1 else f"standard_{seed}"
        members |= {
            f"provenance_{name}": {
                "seed": seed,
                "best_epoch": 7,
                "delta_sigma8": scatter,
                "predicts_constant": seed == 2,
            },
            f"interpretation_{name}": found,
            f"audit_{name}": {"verdict": "passes"},
        }
    table = ensemble.reduce(**members).set_index("model")
    assert table["delta_sigma8"].to_dict() == pytest.approx({"standard": 0.021, "standard_2": 0.022})
    assert table["verdict"].tolist() == ["passes", "predicts a constant"]
    assert table["one_out_low"].tolist() == pytest.approx([0.001, 0.001])
    assert table["one_out_high"].tolist() == pytest.approx([-0.005, -0.005])  # the one that left nothing is not counted
    summary = summarize(found)
    assert table["gas_over_temperature"].iloc[0] == summary.m_gas.mean / summary.temperature.mean
