"""Accuracy of the X-ray stage on a small sample over all masses; benchmarks/xray_cost.py takes a large one."""

import numpy as np
import pytest

from encluster.cosmology import Cosmology
from encluster.randomness import generator
from encluster.types import FloatArray
from encluster.xray.emission import Observation
from encluster.xray.photons import group_population, simulate
from encluster.xray.population import draw_shape, normalized
from encluster.xray.profile import ProfileFit, analyze
from encluster.xray.settings import Clumps, LineOfSight, Telescope, Wavelet

OBSERVATION = Observation(telescope=Telescope(), cosmology=Cosmology())
LOG_M = np.repeat(np.arange(13.6, 15.3, 0.2), 4)


def sample(clumps: Clumps, line_of_sight: LineOfSight) -> tuple[FloatArray, list[ProfileFit]]:
    """Gas mass over the true one, and the fits; temperature and gas mass on Magneticum's mean relations."""
    groups = group_population(line_of_sight, OBSERVATION)
    ratios, fits = [], []
    for key, log_m in enumerate(LOG_M):
        rng = generator(1, "photons", key)
        temperature, m_gas = 10 ** (0.59 + 0.63 * (log_m - 14.4)), 10 ** (13.396 + 1.194 * (log_m - 14.4))
        r500c = float(OBSERVATION.cosmology.r500c_kpc(np.array(10**log_m), 0.07))
        density = normalized(draw_shape(np.nan, rng), m_gas=m_gas, r500c_kpc=r500c, h=0.704)
        counts, _ = simulate(
            density=density,
            r500c_kpc=r500c,
            temperature=temperature,
            m500c=10**log_m,
            clumps=clumps,
            groups=groups,
            observation=OBSERVATION,
            rng=rng,
        )
        fit = analyze(
            counts,
            r500c_kpc=r500c,
            temperature=temperature,
            observation=OBSERVATION,
            wavelet=Wavelet(),
            n_annuli=24,
        )
        fits.append(fit)
        ratios.append(fit.m_gas / m_gas)
    return np.array(ratios), fits


@pytest.fixture(scope="module")
def smooth() -> tuple[FloatArray, list[ProfileFit]]:
    return sample(Clumps(mean_number=0, emission_fraction=0), LineOfSight(overdensity=0))


def test_statistical_error_of_the_gas_mass(smooth: tuple[FloatArray, list[ProfileFit]]) -> None:
    relative = np.array([fit.m_gas_err / fit.m_gas for fit in smooth[1]])
    for log_m in np.unique(LOG_M):
        assert np.median(relative[log_m == LOG_M]) < 0.025  # section 2.1.2
    assert np.median(relative[LOG_M < 13.7]) > 2 * np.median(relative[LOG_M > 14.7])


def test_bias_on_smooth_clusters(smooth: tuple[FloatArray, list[ProfileFit]]) -> None:
    ratios, fits = smooth
    assert abs(ratios.mean() - 1) < 0.003
    pulls = (ratios - 1) / np.array([fit.m_gas_err / fit.m_gas for fit in fits])
    assert 0.6 < np.sqrt(np.mean(pulls**2)) < 1.5


def test_false_masks_on_smooth_clusters(smooth: tuple[FloatArray, list[ProfileFit]]) -> None:
    """The rate is 0.013 (1,165 clusters); of 36, at most 3 masks are allowed: 0.1."""
    assert sum(fit.n_masks for fit in smooth[1]) <= 3


def test_clumps_and_groups_are_masked_and_leave_little_bias() -> None:
    ratios, fits = sample(Clumps(), LineOfSight())
    assert np.mean([fit.n_masks for fit in fits]) > 2
    assert abs(np.median(ratios) - 1) < 0.005
    assert abs(ratios.mean() - 1) < 0.01
