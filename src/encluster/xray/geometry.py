"""Annuli on a pixel grid, and the matrix that turns n_p n_e in shells into photons in annuli.

A pixel belongs to the annulus of its center, but its photons are integrated over its area; for this, pixels near the
center are divided in 8 x 8 parts. The matrix has two factors: the area of each annulus in fine rings, which depends on
the mask, and the mean path of a ring's lines of sight through each shell, which is the same for all clusters.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from encluster.types import BoolArray, FloatArray, IntArray
from encluster.xray.density import EXTENT_R500
from encluster.xray.projection import shell_nodes, volumes_in_cylinders

_FINE_ZONE = 16  # radius within which pixels are divided [pixels]
_DIVISIONS = 8
_MAX_EXTENT = 40.0  # outermost shell over half the image's side


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Quantities that depend only on the size of the image; lengths in pixels.

    Parameters
    ----------
    radius : FloatArray
        (n * n,) radius of each pixel's center.
    part_pixel, part_ring : IntArray
        (m,) pixel and ring of each part of a pixel.
    part_area : FloatArray
        (m,) area of each part of a pixel.
    shell_edges : FloatArray
        (s + 1,) radii between shells.
    shell_nodes : FloatArray
        (s,) radius at which each shell is evaluated.
    path : FloatArray
        (rings, s) mean length of a ring's lines of sight inside each shell.
    """

    radius: FloatArray
    part_pixel: IntArray
    part_ring: IntArray
    part_area: FloatArray
    shell_edges: FloatArray
    shell_nodes: FloatArray
    path: FloatArray


@cache
def pixel_grid(n: int) -> Grid:
    """Return the grid of an image whose center is the cluster's center; computed once per size.

    Parameters
    ----------
    n : int
        Number of pixels along a side.

    Returns
    -------
    Grid
        The grid.
    """
    axis = np.arange(n) - (n - 1) / 2
    x, y = np.meshgrid(axis, axis)
    radius = np.hypot(x, y).ravel()
    near = np.flatnonzero(radius < _FINE_ZONE)
    far = np.flatnonzero(radius >= _FINE_ZONE)
    offsets = (np.arange(_DIVISIONS) + 0.5) / _DIVISIONS - 0.5
    dx, dy = (a.ravel() for a in np.meshgrid(offsets, offsets))
    near_radius = np.hypot(x.ravel()[near, None] + dx, y.ravel()[near, None] + dy).ravel()
    part_radius = np.concatenate([near_radius, radius[far]])
    rings = np.concatenate(
        [np.arange(0, _FINE_ZONE, 0.2), np.geomspace(_FINE_ZONE, n, round(np.log(n / _FINE_ZONE) / 0.015))]
    )
    shells = np.concatenate([[0.0], np.geomspace(0.1, _MAX_EXTENT * n / 2, 320)])
    volume = np.diff(volumes_in_cylinders(rings, shells), axis=0)
    return Grid(
        radius=radius,
        part_pixel=np.concatenate([np.repeat(near, _DIVISIONS**2), far]),
        part_ring=np.digitize(part_radius, rings) - 1,
        part_area=np.concatenate([np.full(near_radius.size, _DIVISIONS**-2.0), np.ones(far.size)]),
        shell_edges=shells,
        shell_nodes=shell_nodes(shells),
        path=volume / (np.pi * np.diff(rings**2))[:, None],
    )


@dataclass(frozen=True, kw_only=True)
class Annuli:
    """Photons of one image in annuli around its center.

    Parameters
    ----------
    edges_kpc : FloatArray
        (a + 1,) projected radii [kpc]; the first is 0.
    counts : IntArray
        (a,) photons in unmasked pixels.
    pixels : FloatArray
        (a,) unmasked area [pixels].
    nodes_kpc : FloatArray
        (s,) radii at which the model's n_p n_e is evaluated [kpc].
    projection : FloatArray
        (a, s) volume of each shell along the unmasked pixels of each annulus [kpc^3]; projection @ (n_p n_e) is the
        emission measure of the annulus.
    """

    edges_kpc: FloatArray
    counts: IntArray
    pixels: FloatArray
    nodes_kpc: FloatArray
    projection: FloatArray


def annulus_edges(*, r500c_kpc: float, pixel_kpc: float, n_pixels: int, number: int) -> FloatArray:
    """Return the projected radii of a disc and of logarithmic annuli to 1.5 R500c or the edge of the field.

    Parameters
    ----------
    r500c_kpc : float
        R500c [kpc].
    pixel_kpc : float
        Side of a pixel [kpc].
    n_pixels : int
        Number of pixels along a side.
    number : int
        Number of annuli, including the disc.

    Returns
    -------
    FloatArray
        (number + 1,) radii [kpc].

    Raises
    ------
    ValueError
        If R500c is too small or too large for annuli in this field.
    """
    inner = max(0.02 * r500c_kpc, 3.5 * pixel_kpc)  # outside of it, every annulus has pixel centers
    outer = min(1.5 * r500c_kpc, 0.5 * n_pixels * pixel_kpc)
    if outer < 4 * inner:
        raise ValueError(
            f"R500c = {r500c_kpc:.4g} kpc leaves no room for annuli between {inner:.3g} and {outer:.3g} kpc"
        )
    return np.concatenate([[0.0], np.geomspace(inner, outer, number)])


def extract(
    counts: IntArray, masked: BoolArray, *, edges_kpc: FloatArray, pixel_kpc: float, r500c_kpc: float
) -> Annuli:
    """Sum a counts image in annuli.

    Parameters
    ----------
    counts : IntArray
        (n, n) photons.
    masked : BoolArray
        (n, n) whether to leave a pixel out.
    edges_kpc : FloatArray
        (a + 1,) projected radii [kpc].
    pixel_kpc : float
        Side of a pixel [kpc].
    r500c_kpc : float
        R500c [kpc]; the model's gas ends at 3 R500c.

    Returns
    -------
    Annuli
        Photons, area and projection matrix.
    """
    grid = pixel_grid(counts.shape[0])
    number = len(edges_kpc) - 1
    annulus = np.digitize(grid.radius, edges_kpc / pixel_kpc) - 1
    annulus[masked.ravel() | (annulus >= number)] = number  # an extra annulus for pixels that are left out
    pixels = np.bincount(annulus, minlength=number + 1)[:number].astype(float)
    photons = np.bincount(annulus, counts.ravel(), minlength=number + 1)[:number].astype(np.int64)
    n_rings = grid.path.shape[0]
    cell = annulus[grid.part_pixel] * n_rings + grid.part_ring
    area = np.bincount(cell, grid.part_area, minlength=(number + 1) * n_rings).reshape(number + 1, n_rings)[:number]
    lower, upper = grid.shell_edges[:-1] * pixel_kpc, grid.shell_edges[1:] * pixel_kpc
    filled = np.clip((EXTENT_R500 * r500c_kpc - lower) / (upper - lower), 0, 1)
    used = filled > 0
    return Annuli(
        edges_kpc=edges_kpc,
        counts=photons,
        pixels=pixels,
        nodes_kpc=grid.shell_nodes[used] * pixel_kpc,
        projection=(area @ grid.path[:, used]) * filled[used] * pixel_kpc**3,
    )
