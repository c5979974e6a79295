"""The surrogate simulation gives back the numbers that it is made of."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.relations import abundance_ratio, expected_number, fit_relations, rank_correlations, residuals
from encluster.halos.scaling import OBSERVABLES, PowerLaw, fit_power_law
from encluster.halos.settings import Evolution, HaloSettings
from encluster.halos.surrogate import NOTE, MeasuredNumbers, make_surrogate

COSMOLOGY = Cosmology()
SEEDS = (1, 2, 3, 4)
# Section 3 of the science notes, measured on the real list; log X0 at z = 0.0663.
MEASURED = {"lx": (1.730, 0.253, 0.117), "temperature": (0.630, 0.590, 0.032), "m_gas": (1.194, 13.396, 0.046)}
Y500 = (1.157, 1.334, 0.041)
SPEARMAN = {"lx,temperature": -0.37, "lx,m_gas": 0.82, "temperature,m_gas": -0.47}
M_GAS_STD = {(13.58, 13.8): 0.061, (13.8, 14.1): 0.045, (14.1, 14.4): 0.041, (14.4, 14.9): 0.030}
GAS_FRACTION = {(13.58, 13.8): 0.074, (13.8, 14.1): 0.086, (14.1, 14.4): 0.096, (14.4, 14.9): 0.109}


def make(seed: int, mass_function: str = "bocquet16", **halos: Any) -> HaloCatalog:
    return make_surrogate(
        HaloSettings(**halos), cosmology=COSMOLOGY, survey_redshift=0.07, mass_function=mass_function, seed=seed
    )


@cache
def surrogate(seed: int, n: int = 1165) -> HaloCatalog:
    return make(seed, n_clusters=n)


@cache
def relations(seed: int, n: int = 1165) -> dict[str, PowerLaw]:
    return fit_relations(surrogate(seed, n), n_bootstrap=100)


def at_survey(observable: str) -> float:
    """Expected log X0 at z = 0.07: the path through E(z) is part of what is tested."""
    growth = float(COSMOLOGY.e(0.07) / COSMOLOGY.e(0.0663))
    return MEASURED[observable][1] + getattr(Evolution(), observable) * np.log10(growth)


def test_the_number_of_clusters_and_their_masses() -> None:
    halos = surrogate(1)
    assert len(halos) == 1165
    assert halos.log_m.min() >= 13.58
    assert 14.6 < halos.log_m.max() < 15.4
    assert not halos.thinned
    assert np.unique(halos.redshift) == pytest.approx([0.0663])
    # the share above 10^14 and 10^14.4 by the mass function, to 4 binomial sigma
    total = expected_number(COSMOLOGY, 13.58, 0.0663, box_mpc_h=352, model="bocquet16")
    for limit in (14.0, 14.4):
        share = expected_number(COSMOLOGY, limit, 0.0663, box_mpc_h=352, model="bocquet16") / total
        assert 0.01 < share < 0.4
        found = np.mean(surrogate(1, 20000).log_m > limit)
        assert found == pytest.approx(share, abs=4 * np.sqrt(share / 20000))


def test_abundance_is_the_papers() -> None:
    assert abundance_ratio(surrogate(1), COSMOLOGY, box_mpc_h=352) == pytest.approx(0.885, abs=0.003)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("observable", OBSERVABLES)
def test_fit_returns_the_measured_relation(seed: int, observable: str) -> None:
    fit = relations(seed)[observable]
    slope, _, scatter = MEASURED[observable]
    assert abs(fit.slope - slope) < 3 * fit.slope_err
    assert abs(fit.log_x0 - at_survey(observable)) < 3 * fit.log_x0_err
    assert fit.slope_err < 0.03  # the test can fail
    # M_gas has more scatter here than on the thinned list, since more of the clusters are light
    assert fit.scatter == pytest.approx(scatter, abs=4 * fit.scatter_err + (0.006 if observable == "m_gas" else 0))


def test_the_mean_over_seeds_is_closer() -> None:
    fits = [relations(seed) for seed in SEEDS]
    for observable in OBSERVABLES:
        slope_err = fits[0][observable].slope_err / np.sqrt(len(SEEDS))
        assert abs(np.mean([f[observable].slope for f in fits]) - MEASURED[observable][0]) < 3.5 * slope_err


@pytest.mark.parametrize("seed", SEEDS)
def test_rank_correlations(seed: int) -> None:
    found = rank_correlations(residuals(surrogate(seed), relations(seed)))
    for pair, value in SPEARMAN.items():
        error = (1 - value**2) / np.sqrt(1165) * 1.1
        assert found[pair] == pytest.approx(value, abs=3 * error + 0.02)  # 0.02: the notes' own error


def test_luminosities_have_a_bright_tail_and_no_faint_one() -> None:
    n = 20000
    excess = residuals(surrogate(1, n), relations(1, n))["lx"]
    assert 0.02 < np.mean(excess > 0.35) < 0.04
    assert np.mean(excess < -0.35) < 0.002
    assert 0.17 < excess.std() < 0.23
    assert stats.skew(excess) > 3  # lognormal: 0 +- 0.02
    for observable in ("temperature", "m_gas"):
        assert abs(stats.skew(residuals(surrogate(1, n), relations(1, n))[observable])) < 0.2


def test_gas_mass_scatter_falls_with_mass() -> None:
    halos = surrogate(1, 20000)
    scatter = residuals(halos, relations(1, 20000))["m_gas"]
    for (low, high), expected in M_GAS_STD.items():
        here = (halos.log_m >= low) & (halos.log_m < high)
        assert here.sum() > 300
        assert scatter[here].std() == pytest.approx(expected, abs=0.0035)  # what 28-200 clusters know


def test_gas_fractions() -> None:
    halos = surrogate(1, 20000)
    for (low, high), expected in GAS_FRACTION.items():
        here = (halos.log_m >= low) & (halos.log_m < high)
        # the list is at z = 0.10-0.29 on average 8 % higher, and heavier inside a bin
        assert np.median(halos.m_gas[here] / halos.m500c[here]) == pytest.approx(expected, rel=0.08)


def test_core_shares() -> None:
    halos = surrogate(1, 20000)
    excess = residuals(halos, relations(1, 20000))["lx"]
    low, median, high = np.percentile(halos.f_core, [16, 50, 84])
    assert (low, median, high) == pytest.approx((0.19, 0.31, 0.48), abs=0.035)
    assert stats.spearmanr(excess, halos.f_core).statistic == pytest.approx(0.22, abs=0.04)
    bright = excess > 0.35
    assert np.median(halos.f_core[bright]) == pytest.approx(0.43, abs=0.04)
    assert np.median(halos.f_core[~bright]) == pytest.approx(0.31, abs=0.015)


@pytest.mark.parametrize("seed", SEEDS)
def test_compton_parameters_follow_the_measured_relation(seed: int) -> None:
    # only the law Y ~ M_gas T / R^2 is put in; that slope, normalization and scatter come out is not trivial
    halos = surrogate(seed)
    fit = fit_power_law(halos.log_m, np.log10(halos.y500), n_bootstrap=100)
    growth = float(COSMOLOGY.e(0.07) / COSMOLOGY.e(0.0663))
    assert abs(fit.slope - Y500[0]) < 3 * fit.slope_err
    assert fit.slope_err < 0.01
    assert fit.log_x0 == pytest.approx(Y500[1] + Evolution().y500 * np.log10(growth), abs=3 * fit.log_x0_err)
    assert fit.scatter == pytest.approx(Y500[2], abs=4 * fit.scatter_err + 0.006)  # as for M_gas


def test_compton_parameters_correlate_as_measured() -> None:
    halos = surrogate(1, 20000)
    log_y = np.log10(halos.y500)
    y500 = log_y - fit_power_law(halos.log_m, log_y, n_bootstrap=10).log_x(halos.log_m)
    for name, expected in {"lx": 0.64, "temperature": 0.18, "m_gas": 0.74}.items():
        scatter = residuals(halos, relations(1, 20000))[name]
        assert stats.spearmanr(y500, scatter).statistic == pytest.approx(expected, abs=0.05)
    law = halos.y500 * halos.r500c_kpc**2 / (halos.m_gas * halos.temperature)
    np.testing.assert_allclose(law, law[0], rtol=1e-10)


def test_the_catalog_says_what_it_is() -> None:
    halos = surrogate(1)
    assert halos.source == "surrogate"
    assert halos.provenance[0] == NOTE
    assert "not Magneticum itself" in NOTE


def test_seeds() -> None:
    np.testing.assert_array_equal(make(1).lx, surrogate(1).lx)
    assert not np.array_equal(surrogate(1).lx, surrogate(2).lx)


def test_draws_are_those_of_earlier_versions() -> None:
    # the first two clusters as they were before there was a y500; what is added must not move what is there
    earlier = {
        "m500c": (48926619496499.75, 45847200562007.65),
        "r500c_kpc": (610.3075767403186, 597.224981758839),
        "temperature": (1.4976861087046298, 1.404135683791598),
        "lx": (0.13371178575076212, 0.07393383163179529),
        "m_gas": (3670268469775.266, 3080637814599.6816),
        "f_core": (0.4578239182150495, 0.2925076031457271),
    }
    for name, values in earlier.items():
        np.testing.assert_allclose(getattr(surrogate(1), name)[:2], values, rtol=1e-12)


def test_settings_are_followed() -> None:
    halos = make(1, "tinker08", n_clusters=200, log_m_limit=14.0, redshift=0.2)
    assert len(halos) == 200
    assert halos.log_m.min() >= 14
    assert (halos.redshift == 0.2).all()
    # brought back to z = 0.07, clusters of another snapshot obey the same relation
    fit = fit_relations(halos, n_bootstrap=50)["temperature"]
    assert fit.log_x0 == pytest.approx(at_survey("temperature"), abs=4 * fit.log_x0_err)
    law = halos.y500 * halos.r500c_kpc**2 / (halos.m_gas * halos.temperature)
    np.testing.assert_allclose(np.log10(law), MeasuredNumbers().log_y500, atol=0.002)  # the exponents are rounded


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(n_clusters=49), "n_clusters = 49: must be at least 50"),
        (dict(log_m_limit=1e14), "log_m_limit = 100000000000000.0: must be at most 15"),
        (dict(mass_function="press74"), "mass function 'press74' is not known"),
    ],
)
def test_bad_settings(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(1, **change)
