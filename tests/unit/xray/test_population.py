"""The population of profile shapes."""

import numpy as np
import pytest

from encluster.xray.density import EXTENT_R500
from encluster.xray.population import (
    CORE_RADIUS,
    F_CORE_QUANTILES,
    N_SHAPES,
    SLOPE_MEAN,
    SLOPE_RADII,
    SLOPE_STD,
    draw_shape,
    normalized,
    shape_library,
)


def core_fraction(density, r500c_kpc: float = 1.0) -> float:  # type: ignore[no-untyped-def]
    """The slow twin: integrate the projected brightness."""
    radii = np.concatenate([[1e-4], np.geomspace(1e-3, 1, 400)]) * r500c_kpc
    brightness = density.brightness(radii, extent_kpc=EXTENT_R500 * r500c_kpc) * 2 * np.pi * radii
    inside = radii <= CORE_RADIUS * r500c_kpc
    return np.trapezoid(brightness[inside], radii[inside]) / np.trapezoid(brightness, radii)


def test_slopes_have_the_published_moments() -> None:
    library = shape_library()
    slopes = np.array([library.shape(i).slope(SLOPE_RADII) for i in range(N_SHAPES)])
    np.testing.assert_allclose(slopes.mean(axis=0), SLOPE_MEAN, atol=0.015)
    np.testing.assert_allclose(slopes.std(axis=0), SLOPE_STD, rtol=0.1)  # the model's bounds leave 8 %


def test_library_is_the_same_every_time() -> None:
    first = shape_library().parameters.copy()
    shape_library.cache_clear()
    np.testing.assert_array_equal(first, shape_library().parameters)


def test_core_fractions_are_those_of_the_shapes() -> None:
    library = shape_library()
    assert np.all(np.diff(library.f_core) >= 0)
    for index in (10, 500, 990):
        assert library.f_core[index] == pytest.approx(core_fraction(library.shape(index)), rel=0.02)


@pytest.mark.parametrize("f_core", [0.2, 0.32, 0.5])
def test_a_drawn_shape_has_the_core_fraction_asked_for(f_core: float) -> None:
    rng = np.random.default_rng(5)
    shapes = [draw_shape(f_core, rng) for _ in range(8)]
    assert len({shape.alpha for shape in shapes}) > 3
    for shape in shapes:
        assert core_fraction(shape) == pytest.approx(f_core, abs=0.02)


def test_unknown_core_fractions_follow_magneticum() -> None:
    rng = np.random.default_rng(5)
    drawn = [core_fraction(draw_shape(np.nan, rng)) for _ in range(400)]
    np.testing.assert_allclose(np.percentile(drawn, [16, 50, 84]), F_CORE_QUANTILES, atol=0.035)


def test_an_extreme_core_fraction_takes_the_nearest_shapes() -> None:
    assert core_fraction(draw_shape(0.99, np.random.default_rng(1))) > 0.6


def test_normalized_has_its_gas_mass() -> None:
    density = normalized(draw_shape(0.3, np.random.default_rng(2)), m_gas=3e13, r500c_kpc=1100.0, h=0.704)
    assert density.gas_mass(np.array([0.0, 1100.0]), h=0.704)[0] == pytest.approx(3e13, rel=1e-9)
    assert core_fraction(density, 1100.0) == pytest.approx(0.3, abs=0.02)
