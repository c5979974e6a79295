"""Masks for substructure by the wavelet decomposition of Vikhlinin et al. (1998) (section 2.1.2).

The a-trous transform with the B3 spline, smallest scale first; structure found at one scale is subtracted before the
next. The cluster itself is subtracted first, so that neither its peak nor its wings are "structure": a smooth model
that depends only on the radius and is made of medians over sectors. The model also gives the Poisson noise. The
distribution of a wavelet coefficient is skewed at low counts; therefore the Cornish-Fisher expansion raises the
thresholds in sigma, and a region needs a minimum of photons in excess of the model.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import ndimage

from encluster.types import BoolArray, FloatArray, IntArray
from encluster.xray.settings import Wavelet

_B3_SPLINE = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
_N_SECTORS = 12


@dataclass(frozen=True, kw_only=True)
class Mask:
    """Masked pixels of an image.

    Parameters
    ----------
    masked : BoolArray
        (n, n) whether a pixel is left out.
    n_regions : int
        Number of connected regions.
    """

    masked: BoolArray
    n_regions: int


def smooth(image: FloatArray, scale: int) -> FloatArray:
    """Convolve an image with the B3 spline with holes.

    Parameters
    ----------
    image : FloatArray
        (n, m) image; it is replicated at its edges.
    scale : int
        Scale from 1; the five taps of the spline are 2^(scale-1) pixels apart.

    Returns
    -------
    FloatArray
        (n, m) smoothed image.
    """
    step = 2 ** (scale - 1)
    for axis in (0, 1):
        n = image.shape[axis]
        padded = np.pad(image, [(2 * step, 2 * step) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        taps = [_slice(padded, k * step, n, axis) for k in range(5)]
        image = _B3_SPLINE[0] * (taps[0] + taps[4]) + _B3_SPLINE[1] * (taps[1] + taps[3]) + _B3_SPLINE[2] * taps[2]
    return np.asarray(image)


def _slice(image: FloatArray, start: int, length: int, axis: int) -> FloatArray:
    return image[start : start + length] if axis == 0 else image[:, start : start + length]


@cache
def kernel_moments(scale: int) -> tuple[float, float, float]:
    """Return the moments of a coefficient for one photon per pixel.

    For a background of b photons per pixel: variance b sum(psi^2), skewness s / sqrt(b), kurtosis k / b.

    Parameters
    ----------
    scale : int
        Scale of the wavelet, from 1.

    Returns
    -------
    tuple[float, float, float]
        Sum of psi^2, skewness s and excess kurtosis k.
    """
    half = 2 ** (scale + 1)
    image = np.zeros((2 * half + 1, 2 * half + 1))
    image[half, half] = 1.0
    for j in range(1, scale + 1):
        before, image = image, smooth(image, j)
    psi = before - image
    square = float(np.sum(psi**2))
    return square, float(np.sum(psi**3) / square**1.5), float(np.sum(psi**4) / square**2)


def threshold(sigma: FloatArray | float, scale: int, background: FloatArray) -> FloatArray:
    """Return the value that noise exceeds as rarely as a Gaussian exceeds `sigma`: Cornish-Fisher to second order.

    Parameters
    ----------
    sigma : FloatArray or float
        Significance, a number or an array in the shape of `background`.
    scale : int
        Scale of the wavelet, from 1.
    background : FloatArray
        Photons per pixel, of any shape.

    Returns
    -------
    FloatArray
        Thresholds of the coefficient, in the same shape.
    """
    square, skewness, kurtosis = kernel_moments(scale)
    by_root = skewness * (sigma**2 - 1) / 6
    by_one = kurtosis * (sigma**3 - 3 * sigma) / 24 - skewness**2 * (2 * sigma**3 - 5 * sigma) / 36
    root = np.sqrt(background)
    return np.asarray(np.sqrt(square) * (sigma * root + by_root + np.maximum(by_one, 0.0) / root))


@cache
def _geometry(n: int) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return flat arrays: cell (ring, sector) of pixels, pixels per cell, radius of rings, radius of pixels."""
    axis = np.arange(n) - (n - 1) / 2
    radius = np.hypot(axis[:, None], axis).ravel()
    sector = ((np.arctan2(axis[:, None], axis).ravel() / (2 * np.pi) + 1) * _N_SECTORS).astype(int) % _N_SECTORS
    edges = [0.0]
    while edges[-1] < radius.max():
        edges.append(edges[-1] + max(1.0, 0.05 * edges[-1]))
    ring = np.digitize(radius, edges) - 1
    n_rings = len(edges) - 1
    cell = ring * _N_SECTORS + sector
    pixels = np.bincount(cell, minlength=n_rings * _N_SECTORS).reshape(n_rings, _N_SECTORS)
    mean_radius = np.bincount(ring, radius, minlength=n_rings) / np.bincount(ring, minlength=n_rings)
    return cell, pixels, mean_radius, radius


def radial_model(counts: IntArray) -> FloatArray:
    """Return a smooth model of a cluster at the image's center: the median over sectors of the mean count in each ring.

    The mean of the ring is used if fewer than four sectors have three pixels (the center), or if the ring has so few
    photons that a median would be biased.

    Parameters
    ----------
    counts : IntArray
        (n, n) photons per pixel.

    Returns
    -------
    FloatArray
        (n, n) expected photons per pixel.
    """
    n = counts.shape[0]
    cell, pixels, mean_radius, radius = _geometry(n)
    flat = counts.ravel().astype(float)
    sums = np.bincount(cell, flat, minlength=pixels.size).reshape(pixels.shape)
    profile = sums.sum(axis=1) / pixels.sum(axis=1)
    valid = pixels >= 3
    # a ring larger than the image has pixels only in the corners, and lacks some sectors
    usable = (valid.sum(axis=1) >= 4) & (sums.sum(axis=1) >= 10 * valid.sum(axis=1))
    sectors = np.where(valid, sums / np.maximum(pixels, 1), np.nan)[usable]
    profile[usable] = np.nanmedian(sectors, axis=1)
    floor = max(1e-4, 0.01 * float(flat.mean()))
    ln_profile = np.log(np.maximum(profile, floor))
    return np.asarray(np.exp(np.interp(np.log(np.maximum(radius, 0.5)), np.log(mean_radius), ln_profile))).reshape(n, n)


def find_structure(counts: IntArray, wavelet: Wavelet) -> Mask:
    """Mask the structure in a counts image in excess of the smooth cluster (section 2.1.2).

    Parameters
    ----------
    counts : IntArray
        (n, n) photons per pixel, with the cluster at the center.
    wavelet : Wavelet
        Scales and thresholds.

    Returns
    -------
    Mask
        Regions of all scales together.
    """
    n = counts.shape[0]
    model = radial_model(counts)
    exempt = _geometry(n)[3].reshape(n, n) <= wavelet.exempt_pixels
    left: FloatArray = counts - model
    noise = model
    masked = np.zeros((n, n), dtype=bool)
    for scale in range(1, wavelet.last_scale + 1):
        smoothed, noise = smooth(left, scale), smooth(noise, scale)
        coefficient = left - smoothed
        left = smoothed
        if scale < wavelet.first_scale:
            continue
        regions = coefficient > threshold(wavelet.edge_sigma, scale, noise)
        # coefficients near the edge, where the image is replicated, have up to twice the noise
        doubled = np.full(regions.shape, 2.0)
        doubled[2**scale : -(2**scale), 2**scale : -(2**scale)] = 1.0
        candidates = np.nonzero(regions)
        sigma = wavelet.peak_sigma * doubled[candidates]
        above = coefficient[candidates] > threshold(sigma, scale, noise[candidates])
        if not above.any():
            continue
        peaks = tuple(index[above] for index in candidates)
        labels, n_labels = ndimage.label(regions)
        keep = np.zeros(n_labels + 1, dtype=bool)
        keep[np.unique(labels[peaks])] = True
        keep[np.unique(labels[exempt])] = False
        keep[0] = False
        excess = np.bincount(labels.ravel(), (counts - model).ravel(), minlength=n_labels + 1)
        keep &= excess >= wavelet.min_counts
        found = keep[labels]
        masked |= found
        # subtract the structure of this scale before the larger scales
        left = left - smooth(np.where(found, coefficient, 0.0), scale)
    return Mask(masked=masked, n_regions=int(ndimage.label(masked)[1]))
