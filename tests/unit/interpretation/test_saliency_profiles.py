"""Saliency by feature, radius and mass, from saliencies of known size."""

from dataclasses import replace

import numpy as np
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import gamma_all_radii_and_temperature, mass_bins, summarize
from factories import RADII, of_pixels

WIDTH = 15


def test_mass_bins_hold_enough_clusters_or_are_left_out() -> None:
    log_m = np.repeat([13.65, 14.0, 14.15, 14.72], [12, 10, 9, 30])
    bins = dict(mass_bins(log_m))
    assert list(bins) == [13.65, 14.05, 14.75]  # an edge belongs to the bin above it
    assert (log_m[bins[14.05]] == 14.0).all()
    # a run too small for any full bin still has bins
    assert list(dict(mass_bins(np.array([13.65, 14.25])))) == [13.65, 14.25]


def test_summary_of_saliency_finds_peak_and_dip() -> None:
    sign = np.random.default_rng(0).choice([-1, 1], (101, WIDTH))
    saliency = of_pixels(np.zeros((101, WIDTH)))
    found = ClusterCatalogs.of("interpretation", {"saliency": saliency}, offset=np.array([0, 101]))
    gas, gamma = slice(1, 8), slice(8, 15)
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


def test_gamma_at_all_radii_stands_beside_temperature() -> None:
    pixels = np.random.default_rng(0).normal(size=(50, WIDTH))
    found = ClusterCatalogs.of("interpretation", {"saliency": of_pixels(pixels)}, offset=np.array([0, 20, 50]))
    columns = gamma_all_radii_and_temperature(found)
    np.testing.assert_allclose(columns[:, 0], np.abs(pixels[:, 8:]).mean(axis=1))
    np.testing.assert_allclose(columns[:, 1], np.abs(pixels[:, 0]))
