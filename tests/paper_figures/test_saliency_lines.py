"""Figures 11 and 12: saliencies of known size."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import fig11
import fig12
from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import AT_SHELL, BIN_DEX
from factories import RADII, of_pixels

WIDTH = 15


def interpretation(log_m: np.ndarray, seed: int = 0) -> ClusterCatalogs:
    """Return one catalog; its saliency is 0.1 (feature + 1), of either sign, halved above 10^14.5 Msun/h."""
    saliency = 0.1 * np.arange(1, WIDTH + 1) * np.where(log_m > 14.5, 0.5, 1.0)[:, None]
    sign = np.random.default_rng(seed).choice([-1, 1], (len(log_m), WIDTH))
    columns = {"log_m500c": log_m.astype(np.float32), "saliency": of_pixels(saliency * sign)}
    return ClusterCatalogs.of("interpretation", columns, offset=np.array([0, len(log_m)]))


def test_fig11_takes_the_absolute_value_by_mass_and_radius() -> None:
    found = interpretation(np.repeat([14.05, 14.65, 15.05], [25, 11, 3]))
    found["saliency"][:12] *= 100  # fewer than half of the first bin: the median does not see them
    table = fig11.reduce(found)
    assert set(table["log_m"]) == {14.05, 14.65}
    lines = table.pivot(index="radius", columns=["feature", "log_m"], values="median_saliency")
    np.testing.assert_allclose(lines.index, RADII, atol=1e-5)
    np.testing.assert_allclose(lines["log_m_gas_shell", 14.05], 0.1 * np.arange(2, 9))
    np.testing.assert_allclose(lines["log_m_gas_shell", 14.65], 0.05 * np.arange(2, 9))
    np.testing.assert_allclose(lines["gamma", 14.05], 0.1 * np.arange(9, 16))
    # the radii are those of the file
    saliency = replace(found.clusters["saliency"], radii=np.array([np.nan, *2 * RADII, *3 * RADII]))
    other = fig11.reduce(replace(found, clusters={**found.clusters, "saliency": saliency}))
    assert other.groupby("feature")["radius"].min().to_dict() == {"gamma": 0.3, "log_m_gas_shell": 0.2}


def test_fig12_averages_at_the_papers_radius_and_spans_all_catalogs() -> None:
    log_m = np.repeat([14.05, 14.65], [20, 20])
    standard, no_wl = interpretation(log_m), interpretation(log_m, seed=1)
    no_wl["saliency"][:20] *= np.linspace(0, 2, 20)[:, None]
    masses = {
        "log_m_break": np.array([14.3, 14.1, 14.2]),
        "log_m500c": np.array([13.7, 14.9, 14.0, 14.2, 14.6]),
    }
    mocks = ClusterCatalogs.of("mocks", masses, offset=np.array([0, 3, 3, 5]))  # one is empty
    table = fig12.reduce(standard, no_wl, mocks)
    mass = table[table["panel"] == "mass"]
    rows = {item: part.set_index("log_m") for item, part in mass.groupby("item")}
    # the shell that ends at 0.681 R500 is the sixth: column 6 of the matrix, saliency 0.7
    assert rows["standard"]["mean"].tolist() == pytest.approx([0.7, 0.35])
    assert rows["standard"]["radius"].unique() == pytest.approx([RADII[5]], abs=1e-5)
    assert rows["standard"]["overall"].unique() == pytest.approx([0.525])
    assert rows["no_wl"].loc[14.05, ["low", "mean", "high"]].tolist() == pytest.approx([0.32 * 0.7, 0.7, 1.68 * 0.7])
    extremes = {item: rows[item][["low", "high"]].to_numpy().ravel().tolist() for item in ("transition", "median_mass")}
    assert extremes == {"transition": [14.1, 14.3], "median_mass": [14.0, 14.4]}
    assert table[table["panel"] == "radius"].groupby("log_m").size().to_dict() == {14.05: 7, 14.65: 7}


def test_a_run_of_three_clusters_is_drawn(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    found = interpretation(np.array([13.7, 14.9, 14.3]))
    masses = {"log_m_break": np.array([14.2, 14.3]), "log_m500c": found["log_m500c"]}
    mocks = ClusterCatalogs.of("mocks", masses, offset=np.array([0, 2, 3]))
    assert len(drawn("fig11", fig11.reduce(found)).axes[0].get_lines()) == 3
    left, right, *_ = drawn("fig12", fig12.reduce(found, found, mocks)).axes
    assert left.texts[0].get_text().endswith("No WL")
    labels = [text.get_text() for text in right.get_legend().get_texts()]
    # the mean of 0.7, 0.35 and 0.7
    assert labels == ["Standard (mean 0.583)", "No WL (mean 0.583)", "transition masses", "median masses"]


def test_captions_state_the_width_of_the_bins_and_the_shell() -> None:
    assert f"bin of {BIN_DEX} dex" in fig11.CAPTION
    assert f"bin of {BIN_DEX} dex" in fig12.CAPTION
    assert "the last shell but one, which ends near $2/3" in fig12.CAPTION
    assert RADII[AT_SHELL] == RADII[-2] == pytest.approx(2 / 3, abs=0.02)
