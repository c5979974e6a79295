"""Wavelet masks."""

import numpy as np
import pytest
from scipy import ndimage

from encluster.cosmology import Cosmology
from encluster.xray.density import GasDensity
from encluster.xray.emission import Observation
from encluster.xray.photons import Source, draw_image
from encluster.xray.settings import Telescope, Wavelet
from encluster.xray.wavelets import find_structure, kernel_moments, radial_model, smooth, threshold

OBSERVATION = Observation(telescope=Telescope(), cosmology=Cosmology())
CLUSTER = Source(
    density=GasDensity(n0=1e-2, rc_kpc=120, rs_kpc=900, alpha=0.8, beta=0.6, epsilon=2),
    x_kpc=0.0,
    y_kpc=0.0,
    extent_kpc=2400.0,
    expected=1e5,
)
GROUP = Source(
    density=GasDensity(n0=1e-2, rc_kpc=25, rs_kpc=1e6, alpha=0, beta=1, epsilon=0),
    x_kpc=480.0,
    y_kpc=-320.0,
    extent_kpc=125.0,
    expected=300.0,
)


def draw(*sources: Source, seed: int = 4) -> np.ndarray:
    return draw_image(list(sources), observation=OBSERVATION, rng=np.random.default_rng(seed))


def test_smoothing_is_the_b3_spline_with_holes() -> None:
    image = np.random.default_rng(1).standard_normal((70, 90))
    kernel = np.zeros(17)
    kernel[::4] = np.array([1, 4, 6, 4, 1]) / 16
    once = ndimage.convolve1d(image, kernel, axis=0, mode="nearest")
    np.testing.assert_allclose(smooth(image, 3), ndimage.convolve1d(once, kernel, axis=1, mode="nearest"), atol=1e-14)


def test_unit_white_noise_per_scale() -> None:
    published = [0.8908, 0.2007, 0.0855, 0.0412, 0.0204, 0.0102]
    np.testing.assert_allclose([np.sqrt(kernel_moments(j)[0]) for j in range(1, 7)], published, atol=1e-4)


@pytest.mark.parametrize("background", [0.05, 5.0])
def test_thresholds_hold_at_low_counts(background: float) -> None:
    """Three sigma is passed by 0.13 % of Gaussian noise; untreated, 0.05 photons a pixel pass it ten times as often."""
    image = np.random.default_rng(2).poisson(background, (1200, 1200)).astype(float)
    left = image
    for scale in (1, 2, 3):
        smoothed = smooth(left, scale)
        coefficient, left = left - smoothed, smoothed
    rate = np.mean(coefficient > threshold(3.0, 3, np.array(background)))
    assert 0.0006 < rate < 0.0025
    gaussian = np.mean(coefficient > 3 * np.sqrt(kernel_moments(3)[0] * background))
    assert background > 1 or gaussian > 1.5 * rate


def test_radial_model_follows_the_cluster_and_not_the_group() -> None:
    model, both = radial_model(draw(CLUSTER)), radial_model(draw(CLUSTER, GROUP))
    ring = np.hypot(*(np.indices((420, 420)) - 209.5))
    annulus = (ring > 65) & (ring < 80)
    expected = draw(*[CLUSTER] * 20)[annulus].mean() / 20
    assert model[annulus].mean() == pytest.approx(expected, rel=0.05)
    assert both[annulus].mean() == pytest.approx(expected, rel=0.08)


def test_a_group_is_masked_and_the_cluster_is_not() -> None:
    assert find_structure(draw(CLUSTER), Wavelet()).n_regions == 0
    mask = find_structure(draw(CLUSTER, GROUP), Wavelet())
    assert mask.n_regions >= 1
    group_alone, cluster_alone = draw(GROUP), draw(CLUSTER)
    assert group_alone[mask.masked].sum() > 0.8 * group_alone.sum()
    assert cluster_alone[mask.masked].sum() < 0.03 * cluster_alone.sum()


def test_an_empty_image_has_no_structure() -> None:
    assert find_structure(np.zeros((64, 64), dtype=np.int32), Wavelet()).n_regions == 0


def test_out_of_range_settings_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^last_scale = 2: must be at least first_scale, 4"):
        Wavelet(first_scale=4, last_scale=2)
    with pytest.raises(ValueError, match=r"^peak_sigma = 5.0: must be at least edge_sigma, 6"):
        Wavelet(edge_sigma=6.0)
