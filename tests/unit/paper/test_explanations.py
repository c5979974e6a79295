"""Leave one out, saliency and terse values with planted effects give the planted numbers of the statements."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

import factories as examples
from encluster.catalogs import ClusterCatalogs
from encluster.paper import measured_explanations
from encluster.paper.measured_inputs import Number

LIGHT, HEAVY = 13.7, 14.9  # log masses


def values(measured: Iterator[Number]) -> dict[str, float]:
    return {row.name: row.value for row in measured}


def masses(n_catalogs: int = 20, size: int = 60) -> np.ndarray:
    """Return log masses that are the same in each catalog."""
    return np.tile(np.linspace(13.6, 15.0, size), n_catalogs)


def interpretation(gas: np.ndarray, gamma: np.ndarray, temperature: Any = 0.4, **columns: Any) -> ClusterCatalogs:
    """Return one with the given signed saliencies, by cluster or of all."""
    log_m = masses()
    n, size = len(log_m), 60
    pixels = [np.broadcast_to(np.atleast_2d(x), (n, 7)) for x in (gas, gamma)]
    temperature = np.broadcast_to(temperature, n)[:, None]
    made = {
        "log_m500c": log_m,
        "saliency": examples.of_pixels(np.concatenate([temperature, *pixels], axis=1)),
        "sigma8_predicted": np.full(n // size, 0.8),
        "sigma8": np.linspace(0.7, 0.92, n // size),
        **columns,
    }
    return ClusterCatalogs.of("interpretation", made, offset=size * np.arange(n // size + 1))


def removed(change: np.ndarray) -> ClusterCatalogs:
    return interpretation(np.ones(7), np.ones(7), sigma8_one_out=0.8 + change)


def test_removals_of_known_effect() -> None:
    log_m = masses()
    side = np.where(np.arange(len(log_m)) % 2, 0.001, -0.001)
    growing = np.where(log_m > 14.2, -0.001 - 0.003 * (log_m - 14.2), side)
    flat = np.where(log_m > 14.2, 1.5 * side, side)
    found = values(measured_explanations.removals(removed(growing), removed(flat)))
    assert found["leave_one_out_massive_over_light"] == pytest.approx((0.001 + 0.003 * 0.4) / 0.001, rel=0.05)
    assert found["leave_one_out_trend"] == pytest.approx(-1)
    assert found["leave_one_out_heaviest_share_lower"] == 1
    assert abs(found["leave_one_out_trend_no_wl"]) < 0.05
    assert found["leave_one_out_high_mass_share_lower_no_wl"] == pytest.approx(0.5, abs=0.02)
    # the same effect in both networks has a sign and a size in No WL too
    found = values(measured_explanations.removals(removed(flat), removed(growing)))
    assert found["leave_one_out_high_mass_shift_no_wl"] == pytest.approx(-2.2, rel=0.05)
    assert found["leave_one_out_high_mass_share_lower_no_wl"] == 1
    assert found["leave_one_out_trend_no_wl"] < -0.5


def test_looks_of_known_profile() -> None:
    gas, gamma = np.array([0.1, 0.2, 0.2, 0.2, 0.2, 0.4, 0.1]), np.array([-0.6, -0.2, -0.2, -0.2, -0.2, -0.2, -0.3])
    table = {
        row.name: row for row in measured_explanations.looks(interpretation(gas, gamma), interpretation(gas, gamma))
    }
    for name, expected in (
        ("saliency_core_ratio_gamma", 3.0),
        ("saliency_gamma_core_over_temperature", 1.5),
        ("saliency_decline", 0.25),
        ("saliency_rise_gamma", 1.5),
        ("saliency_gas_combined", 1.4 / 0.4),
        ("saliency_gas_quadrature", np.sqrt(0.34) / 0.4),
        ("saliency_shape_by_mass", 1.0),
        ("saliency_massive_ratio_gamma", 1.0),
        ("saliency_shape_no_wl", 1.0),
        ("saliency_middle_mass_no_wl", 1.0),
        ("saliency_middle_mass_temperature_no_wl", 1.0),
    ):
        assert table[name].value == pytest.approx(expected), name
        assert table[name].plus == pytest.approx(0, abs=1e-9), name


def test_looks_that_depend_on_mass() -> None:
    log_m = masses()[:, None]
    gas, gamma = np.linspace(0.1, 0.4, 7), -np.linspace(0.4, 0.1, 7)
    standard = interpretation(np.where(log_m > HEAVY, gas[::-1], gas), np.where(log_m > 14.7, gamma / 2, gamma))
    middle = np.where((log_m > 14.2) & (log_m < 14.4), 3.0, 1.0)
    ends = np.where((log_m < LIGHT) | (log_m > HEAVY), 2.0, 1.0)
    no_wl = interpretation(gas[::-1] * middle, gamma, 0.4 * ends[:, 0] * middle[:, 0])
    found = values(measured_explanations.looks(standard, no_wl))
    assert found["saliency_shape_by_mass"] == pytest.approx(-1)
    assert found["saliency_massive_ratio_gamma"] == pytest.approx(0.5)
    assert found["saliency_shape_no_wl"] == pytest.approx(-1)
    assert found["saliency_middle_mass_no_wl"] == pytest.approx(3)
    assert 1 < found["saliency_middle_mass_temperature_no_wl"] < 2
    assert found["saliency_mass_contrast_no_wl"] > 1.5
    swapped = values(measured_explanations.looks(no_wl, standard))
    assert swapped["saliency_mass_contrast_no_wl"] == pytest.approx(1 / found["saliency_mass_contrast_no_wl"])


@pytest.mark.parametrize("sign", [1, -1])
def test_terse_values_of_either_sign(sign: int) -> None:
    log_m = masses()
    rng = np.random.default_rng(5)
    saturating = sign * norm.cdf((log_m - 14.3) / 0.25)
    x = {"log_m_wl": log_m, "log_m_gas": log_m, "log_temperature": -log_m + rng.normal(0, 0.01, len(log_m))}
    one = interpretation(np.ones(7), np.ones(7), terse=saturating, **x)
    sigma8 = one.catalog("sigma8")[one.owner]
    leaking = interpretation(np.ones(7), np.ones(7), terse=-sign * sigma8, **x)
    found = values(measured_explanations.terse_values(one))
    found |= values(measured_explanations.terse_values_prescriptive(leaking))
    assert found["terse_with_m500c"] == pytest.approx(1)
    assert found["terse_with_m_gas"] == pytest.approx(1)
    assert found["terse_with_temperature"] < -0.99
    assert abs(found["terse_with_sigma8"]) < 0.01
    assert 0 < found["terse_slope_at_ends"] < 0.3
    assert found["terse_with_sigma8_prescriptive"] == pytest.approx(1)
    assert abs(found["terse_with_m500c_prescriptive"]) < 0.01
