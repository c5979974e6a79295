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
from factories import RADII, mocks, networks, of_pixels

WIDTH = 15


def interpretation(log_m: np.ndarray, seed: int = 0) -> ClusterCatalogs:
    """Return one catalog; its saliency is 0.1 (feature + 1), of either sign, halved above 10^14.5 Msun/h."""
    saliency = 0.1 * np.arange(1, WIDTH + 1) * np.where(log_m > 14.5, 0.5, 1.0)[:, None]
    sign = np.random.default_rng(seed).choice([-1, 1], (len(log_m), WIDTH))
    columns = {"log_m500c": log_m.astype(np.float32), "saliency": of_pixels(saliency * sign)}
    columns["integrated_gradients"] = of_pixels(2 * saliency[:, ::-1] * sign)
    return ClusterCatalogs.of("interpretation", columns, offset=np.array([0, len(log_m)]))


def test_fig11_takes_the_absolute_value_by_mass_and_radius() -> None:
    found = interpretation(np.repeat([14.05, 14.65, 15.05], [25, 11, 3]))
    found["saliency"][:12] *= 100  # fewer than half of the first bin: the median does not see them
    everything = fig11.reduce({"standard": found})
    temperature = np.abs(found["saliency"][:, 0]).mean()
    table = everything[(everything["method"] == "gradient") & everything["log_m"].notna()].copy()
    table["median_saliency"] *= temperature
    assert set(table["log_m"]) == {14.05, 14.65}
    lines = table.pivot(index="radius", columns=["feature", "log_m"], values="median_saliency")
    np.testing.assert_allclose(lines.index, RADII, atol=1e-5)
    np.testing.assert_allclose(lines["log_m_gas_shell", 14.05], 0.1 * np.arange(2, 9), rtol=1e-5)
    np.testing.assert_allclose(lines["log_m_gas_shell", 14.65], 0.05 * np.arange(2, 9), rtol=1e-5)
    np.testing.assert_allclose(lines["gamma", 14.05], 0.1 * np.arange(9, 16), rtol=1e-5)
    # the radii are those of the file
    saliency = replace(found.clusters["saliency"], radii=np.array([np.nan, *2 * RADII, *3 * RADII]))
    other = fig11.reduce({"standard": replace(found, clusters={**found.clusters, "saliency": saliency})})
    other = other[other["method"] == "gradient"]
    assert other.groupby("feature")["radius"].min().to_dict() == {"gamma": 0.3, "log_m_gas_shell": 0.2}


def test_fig12_averages_at_the_papers_radius_and_spans_all_catalogs() -> None:
    log_m = np.repeat([14.05, 14.65], [20, 20])
    standard, no_wl = interpretation(log_m), interpretation(log_m, seed=1)
    no_wl["saliency"][:20] *= np.linspace(0, 2, 20)[:, None]
    masses = {
        "log_m_break": np.array([14.3, 14.1, 14.2]),
        "log_m500c": np.array([13.7, 14.9, 14.0, 14.2, 14.6]),
    }
    made = ClusterCatalogs.of("mocks", masses, offset=np.array([0, 3, 3, 5]))  # one is empty
    table = fig12.reduce({"standard": standard}, {"no_wl": no_wl}, made)
    table = table[table["method"] != "integrated gradients"]
    mass = table[table["panel"] == "mass"].copy()
    # relative to the mean saliency of T: 0.1 below 10^14.5 Msun/h and 0.05 above
    mass.loc[mass["method"] == "gradient", ["low", "mean", "high", "overall"]] *= 0.075
    rows = {item: part.set_index("log_m") for item, part in mass.groupby("item")}
    # the shell that ends at 0.681 R500 is the sixth: column 6 of the matrix, saliency 0.7
    assert rows["standard"]["mean"].tolist() == pytest.approx([0.7, 0.35])
    assert rows["standard"]["radius"].unique() == pytest.approx([RADII[5]], abs=1e-5)
    assert rows["standard"]["overall"].unique() == pytest.approx([0.525])
    assert rows["no_wl"].loc[14.05, ["low", "mean", "high"]].tolist() == pytest.approx([0.32 * 0.7, 0.7, 1.68 * 0.7])
    assert table[table["panel"] == "mass"].groupby("item")["peak_log_m"].first().dropna().to_dict() == {
        "no_wl": 14.05,
        "standard": 14.05,
    }
    extremes = {item: rows[item][["low", "high"]].to_numpy().ravel().tolist() for item in ("transition", "median_mass")}
    assert extremes == {"transition": [14.1, 14.3], "median_mass": [14.0, 14.4]}
    assert table[table["panel"] == "radius"].groupby("log_m").size().to_dict() == {14.05: 7, 14.65: 7}


def test_a_run_of_three_clusters_is_drawn(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    found = interpretation(np.array([13.7, 14.9, 14.3]))
    masses = {"log_m_break": np.array([14.2, 14.3]), "log_m500c": found["log_m500c"]}
    made = ClusterCatalogs.of("mocks", masses, offset=np.array([0, 2, 3]))
    (left, _, *_) = drawn("fig11", fig11.reduce({"standard": found})).axes
    # three masses, all clusters by two methods, and the mark of the peak with its error
    assert len(left.get_lines()) == 3 + 2 + 2
    assert left.texts[0].get_text().endswith(r"largest at $1.00\,R_{500}$")  # the error of one catalog is unknown
    left, right, *_ = drawn("fig12", fig12.reduce({"standard": found}, {"no_wl": found}, made)).axes
    assert left.get_title("left") == "No WL"
    labels = [text.get_text() for text in right.get_legend().get_texts()]
    assert labels == ["Standard (mean $7.00$)", "No WL (mean $7.00$)", "transition masses", "median masses"]


def test_bands_span_networks_of_any_scale(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    one, three = (networks("standard", n) for n in (1, 3))
    table = fig11.reduce(three)
    assert table.groupby(["network", "method"]).size().nunique() == 1
    whole = table[table["log_m"].isna() & (table["feature"] == "log_m_gas_shell") & (table["radius"] > 0.6)]
    # gas mass over temperature, as they were made; the second network has ten times the scale
    at = whole[whole["radius"] < 0.7].pivot(index="network", columns="method", values="median_saliency")
    expected = [0.2 / 0.4, 0.3 / 0.4, 0.35 / 0.4]
    assert at["gradient"].tolist() == pytest.approx(expected, abs=1e-5)
    assert at["integrated gradients"].tolist() == pytest.approx(expected, abs=1e-5)
    (band,) = drawn("fig11", table).axes[0].collections
    span = band.get_paths()[0].vertices
    assert sorted({*span[span[:, 0] == RADII[5].round(5)][:, 1].round(4)}) == pytest.approx([0.5, 0.875])
    assert not drawn("fig11", fig11.reduce(one)).axes[0].collections
    left, right, *_ = drawn("fig12", fig12.reduce(three, networks("no_wl"), mocks())).axes
    assert len(left.collections) == 1
    assert len(right.collections) == 2
    # this saliency does not depend on mass
    assert [text.get_text() for text in right.texts] == ["no largest value"] * 2
    assert left.texts[0].get_text().endswith(r"largest at $0.68 \pm 0.08\,R_{500}$")


def test_a_peak_that_differs_between_networks_has_their_scatter(drawn: Callable[[str, pd.DataFrame], Figure]) -> None:
    three = networks()
    saliency = three["standard_3"]["saliency"].copy()
    saliency[:, 2] = 0.9
    three["standard_3"] = three["standard_3"].with_columns(saliency=saliency)
    table = fig11.reduce(three)
    rows = table[(table["method"] == "gradient") & (table["feature"] == "log_m_gas_shell")]
    peaks = rows.groupby("network")["peak_radius"].first()
    assert peaks.tolist() == pytest.approx([RADII[5], RADII[5], RADII[1]], abs=1e-5)
    error = np.hypot(peaks.std(), rows.groupby("network")["peak_radius_err"].first().mean())
    text = drawn("fig11", table).axes[0].texts[0].get_text()
    assert rf"${peaks.mean():.2f} \pm {error:.2f}" in text
    assert error > 0.3


def test_captions_state_the_width_of_the_bins_and_the_shell() -> None:
    assert f"mass bins of {BIN_DEX} dex" in fig11.CAPTION
    assert f"bin of {BIN_DEX} dex" in fig12.CAPTION
    assert "the last shell but one, which ends near $2/3" in fig12.CAPTION
    assert RADII[AT_SHELL] == RADII[-2] == pytest.approx(2 / 3, abs=0.02)
