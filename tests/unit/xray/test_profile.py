"""Annuli and the projected fit."""

import numpy as np
import pytest

from encluster.cosmology import Cosmology
from encluster.xray.density import EXTENT_R500, GasDensity, shell_radii
from encluster.xray.emission import Observation
from encluster.xray.geometry import annulus_edges, extract
from encluster.xray.photons import Source, draw_image
from encluster.xray.profile import _emissivity, _minimize, _signed_deviance, analyze, fit_annuli
from encluster.xray.settings import Telescope, Wavelet

OBSERVATION = Observation(telescope=Telescope(), cosmology=Cosmology())
R500C = 800.0
TRUTH = GasDensity(n0=4e-3, rc_kpc=110, rs_kpc=700, alpha=1.0, beta=0.55, epsilon=2.2)
PIXEL = OBSERVATION.pixel_kpc
NOTHING = np.zeros((420, 420), dtype=bool)


def draw(density: GasDensity, seed: int) -> np.ndarray:
    measure = density.emission_measure(np.array([0.0, EXTENT_R500 * R500C]))[0]
    expected = measure * OBSERVATION.photons_per_emission_measure(2.5)
    source = Source(density=density, x_kpc=0, y_kpc=0, extent_kpc=EXTENT_R500 * R500C, expected=expected)
    return draw_image([source], observation=OBSERVATION, rng=np.random.default_rng(seed))


def edges(number: int = 24) -> np.ndarray:
    return annulus_edges(r500c_kpc=R500C, pixel_kpc=PIXEL, n_pixels=420, number=number)


def annuli(counts: np.ndarray, masked: np.ndarray = NOTHING):  # type: ignore[no-untyped-def]
    return extract(counts, masked, edges_kpc=edges(), pixel_kpc=PIXEL, r500c_kpc=R500C)


def test_annuli_count_all_unmasked_photons() -> None:
    counts = np.random.default_rng(1).poisson(1.0, (420, 420)).astype(np.int32)
    masked = np.random.default_rng(2).random((420, 420)) < 0.3
    found = annuli(counts, masked)
    axis = (np.arange(420) - 209.5) * PIXEL
    radius = np.hypot(axis[:, None], axis)
    for low, high, photons, pixels in zip(
        found.edges_kpc, found.edges_kpc[1:], found.counts, found.pixels, strict=False
    ):
        inside = (radius >= low) & (radius < high) & ~masked
        assert photons == counts[inside].sum()
        assert pixels == inside.sum() > 0


def test_projection_integrates_over_pixels() -> None:
    """Against the mean of 15 x 15 points in every pixel of an annulus, of the projected density."""
    masked = np.random.default_rng(2).random((420, 420)) < 0.3
    found = annuli(np.zeros((420, 420), dtype=np.int32), masked)
    model = found.projection @ TRUTH.emissivity(found.nodes_kpc)
    axis = (np.arange(420) - 209.5) * PIXEL
    radius = np.hypot(axis[:, None], axis)
    points = (np.arange(15) - 7) / 15 * PIXEL
    for a in (0, 1, 5, 12):
        y, x = np.nonzero((radius >= found.edges_kpc[a]) & (radius < found.edges_kpc[a + 1]) & ~masked)
        fine = np.hypot(axis[x, None, None] + points[:, None], axis[y, None, None] + points)
        brightness = TRUTH.brightness(fine.ravel(), extent_kpc=EXTENT_R500 * R500C)
        assert model[a] == pytest.approx(brightness.sum() / 225 * PIXEL**2, rel=3e-3)


def test_derivatives_of_the_model() -> None:
    x = np.geomspace(0.01, 3, 40)
    theta = np.array([-10.0, -2.0, 0.1, 0.9, 0.6, 2.0, -8.0, -3.5])
    _, gradient = _emissivity(x, theta)
    for i in range(8):
        step = np.zeros(8)
        step[i] = 1e-4
        numeric = (_emissivity(x, theta + step)[0] - _emissivity(x, theta - step)[0]) / 2e-4
        np.testing.assert_allclose(gradient[:, i], numeric, rtol=1e-5, atol=1e-7 * np.abs(numeric).max())


def test_deviance_is_that_of_poisson() -> None:
    counts, model = np.array([0, 5, 12]), np.array([2.0, 5.0, 9.0])
    expected = [2 * 2.0, 0.0, 2 * (9 - 12 + 12 * np.log(12 / 9))]
    residual = _signed_deviance(counts, model)
    np.testing.assert_allclose(residual**2, expected, atol=1e-12)
    assert list(np.sign(residual)) == [-1, 0, 1]


def test_a_noiseless_cluster_is_recovered() -> None:
    found = annuli(np.zeros((420, 420), dtype=np.int32))
    expected = found.projection @ TRUTH.emissivity(found.nodes_kpc) * 1e6  # deep enough for the priors not to matter
    theta, _ = _minimize(
        found.nodes_kpc / R500C,
        found.projection * 1e6,
        np.rint(expected).astype(np.int64),
        np.array([-11, -2, 0, 1, 0.6, 2.0]),
    )
    r = np.geomspace(0.05, 1, 20)
    np.testing.assert_allclose(_emissivity(r, theta)[0], TRUTH.emissivity(r * R500C), rtol=3e-3)


def test_density_mass_and_slope_come_back_within_their_errors() -> None:
    radii = shell_radii() * R500C
    mass = TRUTH.gas_mass(np.concatenate([[0.0], radii]), h=0.704)
    fits = [
        analyze(
            draw(TRUTH, seed), r500c_kpc=R500C, temperature=2.5, observation=OBSERVATION, wavelet=Wavelet(), n_annuli=24
        )
        for seed in range(12)
    ]
    assert all(fit.counts > 20000 for fit in fits)
    r = np.geomspace(0.1, 1, 10) * R500C
    for fit in fits:
        np.testing.assert_allclose(np.sqrt(fit.density.emissivity(r) / TRUTH.emissivity(r)), 1, atol=0.035)
        assert fit.m_gas == pytest.approx(fit.m_gas_shell.sum())
        assert fit.m_gas_err / fit.m_gas < 0.01
    total = np.array([fit.m_gas / mass.sum() - 1 for fit in fits])
    assert abs(total.mean()) < 0.005
    pulls = np.array([(fit.m_gas_shell - mass) / fit.m_gas_shell_err for fit in fits])
    assert 0.5 < np.sqrt(np.mean(pulls**2)) < 1.6
    pulls = np.array([(fit.gamma - TRUTH.slope(radii)) / fit.gamma_err for fit in fits])
    assert 0.4 < np.sqrt(np.mean(pulls**2)) < 1.6
    assert 0.5 < np.mean([fit.deviance for fit in fits]) < 1.6


def test_a_second_core_joins_where_it_is_needed() -> None:
    cool = GasDensity(n0=4e-3, rc_kpc=150, rs_kpc=700, alpha=0.3, beta=0.6, epsilon=2, n02=0.06, rc2_kpc=25, beta2=1)
    per_measure = OBSERVATION.photons_per_emission_measure(2.5)
    theta, _, expected = fit_annuli(annuli(draw(cool, 1)), r500c_kpc=R500C, per_measure=per_measure)
    assert len(theta) == 8
    found = annuli(draw(cool, 1))
    assert np.sum(_signed_deviance(found.counts, expected) ** 2) < 60
    plain, _, _ = fit_annuli(annuli(draw(TRUTH, 1)), r500c_kpc=R500C, per_measure=per_measure)
    assert len(plain) == 6


def test_too_few_photons_are_refused() -> None:
    counts = np.zeros((420, 420), dtype=np.int32)
    counts[210, 210] = 30
    with pytest.raises(ValueError, match="only 30 photons in the annuli"):
        analyze(counts, r500c_kpc=R500C, temperature=2.5, observation=OBSERVATION, wavelet=Wavelet(), n_annuli=24)


def test_a_tiny_cluster_is_refused() -> None:
    with pytest.raises(ValueError, match="no room for annuli"):
        annulus_edges(r500c_kpc=40.0, pixel_kpc=PIXEL, n_pixels=420, number=24)
