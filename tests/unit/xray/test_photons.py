"""Simulated photons: Poisson statistics, positions, clumps and groups."""

from functools import cache

import numpy as np
import pytest

from encluster.cosmology import Cosmology
from encluster.randomness import generator
from encluster.types import IntArray
from encluster.xray.density import GasDensity
from encluster.xray.emission import Observation
from encluster.xray.photons import (
    GroupPopulation,
    Source,
    Truth,
    draw_image,
    group_population,
    simulate,
)
from encluster.xray.settings import Clumps, LineOfSight, Telescope

OBSERVATION = Observation(telescope=Telescope(field_arcmin=12.8), cosmology=Cosmology())  # 128 pixels
BETA = GasDensity(n0=1e-2, rc_kpc=60, rs_kpc=1e9, alpha=0, beta=1.0, epsilon=0)


def source(expected: float, *, x_kpc: float = 0.0, extent_kpc: float = 400.0) -> Source:
    return Source(density=BETA, x_kpc=x_kpc, y_kpc=0.0, extent_kpc=extent_kpc, expected=expected)


NO_CLUMPS = Clumps(mean_number=0, emission_fraction=0)


@cache
def groups_of(overdensity: float) -> GroupPopulation:
    return group_population(LineOfSight(overdensity=overdensity), OBSERVATION)


def mock(clumps: Clumps = NO_CLUMPS, overdensity: float = 0, key: int = 1) -> tuple[IntArray, Truth]:
    return simulate(
        density=BETA.scaled(0.1),
        r500c_kpc=600.0,
        temperature=2.0,
        m500c=1e14,
        clumps=clumps,
        groups=groups_of(overdensity),
        observation=OBSERVATION,
        rng=generator(1, "photons", key),
    )


def test_numbers_are_poisson() -> None:
    rng = np.random.default_rng(7)
    totals = np.array([draw_image([source(50.0)], observation=OBSERVATION, rng=rng).sum() for _ in range(2000)])
    assert totals.mean() == pytest.approx(50, abs=4 * np.sqrt(50 / 2000))
    assert totals.var() == pytest.approx(50, rel=4 * np.sqrt(2 / 2000))


def test_pixels_are_poisson_about_the_projected_density() -> None:
    """Annuli of the image against the closed form of the beta model, beta = 1, cut at five core radii or more."""
    image = draw_image([source(1e6, extent_kpc=60000.0)], observation=OBSERVATION, rng=np.random.default_rng(8))
    axis = (np.arange(128) - 63.5) * OBSERVATION.pixel_kpc
    radius = np.hypot(axis[:, None], axis)
    total = 0.0
    for low, high in ((0, 60), (60, 120), (120, 240)):
        inside = (radius >= low) & (radius < high)
        # mean over each pixel: 9 x 9 points
        fine = (np.arange(9) - 4) / 9 * OBSERVATION.pixel_kpc
        y, x = np.nonzero(inside)
        r2 = (axis[x, None, None] + fine[:, None]) ** 2 + (axis[y, None, None] + fine) ** 2
        share = np.mean(1.5 / (np.pi * 60**2) * (1 + r2 / 60**2) ** -2.5, axis=(1, 2)).sum() * OBSERVATION.pixel_kpc**2
        expected = 1e6 * share
        assert image[inside].sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))
        total += share
    assert total > 0.8


def test_positions_follow_the_source_and_the_field_ends() -> None:
    image = draw_image([source(1e4, x_kpc=200.0)], observation=OBSERVATION, rng=np.random.default_rng(3))
    column = (image.sum(axis=0) @ np.arange(128)) / image.sum()
    row = (image.sum(axis=1) @ np.arange(128)) / image.sum()
    assert column == pytest.approx(63.5 + 200 / OBSERVATION.pixel_kpc, abs=0.5)
    assert row == pytest.approx(63.5, abs=0.5)
    outside = draw_image([source(1e4, x_kpc=2000.0)], observation=OBSERVATION, rng=np.random.default_rng(3))
    assert outside.sum() == 0


def test_the_same_key_gives_the_same_image_and_another_key_another() -> None:
    clumps = Clumps(mean_number=3, emission_fraction=0.05)
    first, again, other = mock(clumps, 4)[0], mock(clumps, 4)[0], mock(clumps, 4, key=2)[0]
    np.testing.assert_array_equal(first, again)
    assert np.any(first != other)


def test_photons_go_with_density_squared() -> None:
    image, truth = mock()
    per_measure = OBSERVATION.photons_per_emission_measure(2.0)
    measure = 0.01 * BETA.emission_measure(np.array([0.0, 1800.0]))[0]
    assert truth.expected == pytest.approx(per_measure * measure)
    assert truth.n_clumps == truth.n_groups == 0
    assert image.dtype == np.int32


def test_clumps_and_groups_have_the_mean_that_was_asked_for() -> None:
    clumps = Clumps(mean_number=4, emission_fraction=0.05)
    truths = [mock(clumps, 20, key)[1] for key in range(150)]
    assert np.mean([t.n_clumps for t in truths]) == pytest.approx(4, abs=4 * np.sqrt(4 / 150))
    share = np.array([t.expected_clumps / t.expected for t in truths])
    assert share.mean() == pytest.approx(0.05, abs=4 * share.std() / np.sqrt(150))
    groups = groups_of(20)
    expected = np.interp(np.log10(5e13), groups.log_m, groups.count)
    assert expected > 0.3
    assert np.mean([t.n_groups for t in truths]) == pytest.approx(expected, abs=4 * np.sqrt(expected / 150))


def test_out_of_range_structure_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^emission_fraction = 0.9: must be at most 0.5 \(mean emission"):
        Clumps(emission_fraction=0.9)
