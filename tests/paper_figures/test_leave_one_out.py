"""Figure 9: changes of sigma8 that were put in."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import fig09
from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import BIN_DEX


def interpretation(log_m: np.ndarray, sizes: list[int], change: np.ndarray) -> ClusterCatalogs:
    """Return predictions that change by so much when a cluster is removed."""
    predicted = np.linspace(0.75, 0.85, len(sizes))
    columns = {
        "sigma8_predicted": predicted,
        "log_m500c": log_m.astype(np.float32),
        "sigma8_one_out": np.repeat(predicted, sizes) + change,
    }
    return ClusterCatalogs.of("interpretation", columns, offset=np.concatenate([[0], np.cumsum(sizes)]))


def test_a_change_is_seen_where_there_is_one() -> None:
    rng = np.random.default_rng(3)
    log_m = rng.uniform(13.6, 14.9, 6000)
    change = rng.normal(0, 1e-3, 6000) - 0.01 * (log_m > 14.4)
    change[:7] = np.nan  # nothing remains without these clusters
    moved, still = (interpretation(log_m, [2000] * 3, of) for of in (change, np.zeros(6000)))
    table = fig09.reduce({"standard": moved}, {"no_wl": still})

    bands = table[(table["panel"] == "bands") & (table["model"] == "standard")].set_index("log_m")
    assert bands["n_clusters"].sum() == 6000 - 7
    inside = np.sort(change[7:][(log_m[7:] >= 13.8) & (log_m[7:] < 13.9)])
    row = bands.loc[13.85]
    assert row["n_clusters"] == len(inside)
    for name, level in (("low_95", 0.025), ("low_68", 0.16), ("median", 0.5), ("high_68", 0.84), ("high_95", 0.975)):
        assert (inside <= row[name]).mean() == pytest.approx(level, abs=2 / len(inside))
    assert abs(bands.loc[:14.35, "median"]).max() < 5e-4
    assert abs(bands.loc[14.45:, "median"] + 0.01).max() < 5e-4

    steps = table[(table["panel"] == "cdf") & (table["model"] == "standard")]
    assert list(steps["log_m_above"].dropna().unique()) == [14.2, 14.4, 14.6, 14.8]  # none above 15.0
    assert (steps.groupby("log_m_above", dropna=False)["cdf"].max() == 1).all()
    for mass, line in steps.groupby("log_m_above"):
        lowered = change[7:][log_m[7:] > mass] < 0
        found_share = np.interp(0.0, line["delta"], line["cdf"])
        assert found_share == pytest.approx(lowered.mean(), abs=0.01)
        assert line["n_clusters"].iloc[0] == len(lowered)
    medians = table[(table["panel"] == "bands") & (table["model"] == "no_wl")]["median"]
    assert len(medians) > 5
    assert (medians == 0).all()


def test_bands_span_the_networks(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    log_m = np.repeat([14.05, 14.85], 20)
    first, second = (interpretation(log_m, [40], np.full(40, change)) for change in (-0.001, -0.003))
    table = fig09.reduce({"standard": first, "standard_2": second}, {"no_wl": first})
    left, right, other_left, other_right = drawn("fig09", table).axes
    *_, band = left.collections
    assert sorted({*band.get_paths()[0].vertices[:, 1].round(6)}) == [-0.003, -0.001]
    (median,) = (line for line in left.get_lines() if line.get_label() == "median")
    assert np.asarray(median.get_ydata()) == pytest.approx([-0.002, -0.002])
    # for all clusters and for the highest mass
    assert [{*of.get_paths()[0].vertices[:, 0].round(6)} for of in right.collections] == [{-0.003, -0.001}] * 2
    assert (len(other_left.collections), len(other_right.collections)) == (2, 0)


def test_a_run_of_three_clusters_is_drawn(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    found = interpretation(np.array([13.7, 14.9, 14.3]), [2, 1], np.array([0.01, -0.01, np.nan]))
    figure = drawn("fig09", fig09.reduce({"standard": found}, {"no_wl": found}))
    assert [axes.get_title("left") for axes in figure.axes] == ["Standard", "", "No WL", ""]


def test_the_caption_states_the_width_of_the_bins() -> None:
    assert f"mass bins of {BIN_DEX} dex" in fig09.CAPTION
