"""Projection along the line of sight as one matrix product: volumes of spherical shells inside cylinders."""

from collections.abc import Callable

import numpy as np

from encluster.types import FloatArray


def volumes_in_cylinders(radii: FloatArray, shell_edges: FloatArray) -> FloatArray:
    """Return the exact volume of each spherical shell inside each cylinder along the line of sight.

    Parameters
    ----------
    radii : FloatArray
        (m,) radii of the cylinders, in any unit of length.
    shell_edges : FloatArray
        (n + 1,) radii between shells, in the same unit.

    Returns
    -------
    FloatArray
        (m, n) volumes, in this unit cubed.
    """
    square = np.asarray(shell_edges) ** 2
    outside = np.clip(square - np.asarray(radii)[:, None] ** 2, 0, None) ** 1.5
    return np.diff(4 / 3 * np.pi * (square**1.5 - outside), axis=1)


def shell_nodes(shell_edges: FloatArray) -> FloatArray:
    """Return the radius at which each shell is evaluated.

    Parameters
    ----------
    shell_edges : FloatArray
        (n + 1,) radii between shells; the first may be 0.

    Returns
    -------
    FloatArray
        (n,) logarithmic middle of each shell; 0.7 times the outer radius of a shell that begins at 0.
    """
    edges = np.asarray(shell_edges)
    nodes = np.sqrt(edges[:-1] * edges[1:])
    nodes[0] = nodes[0] if edges[0] > 0 else 0.7 * edges[1]
    return nodes


def cumulative_sphere(
    density: Callable[[FloatArray], FloatArray], *, top_kpc: float, n: int = 400
) -> tuple[FloatArray, FloatArray]:
    """Return the integral of a density over spheres by Simpson's rule in ln r.

    Parameters
    ----------
    density : Callable
        Function of radii (m,) [kpc] that returns densities (m,).
    top_kpc : float
        Radius of the largest sphere [kpc].
    n : int, optional
        Number of spheres.

    Returns
    -------
    radii : FloatArray
        (n,) radii, log-spaced from 1e-4 `top_kpc` to `top_kpc` [kpc].
    cumulative : FloatArray
        (n,) integral inside each radius [unit of density times kpc^3]; inside the first radius, of a power law.
    """
    fine = np.geomspace(1e-4 * top_kpc, top_kpc, 2 * n - 1)
    integrand = 4 * np.pi * fine**3 * density(fine)
    step = np.log(fine[1] / fine[0])
    pieces = step / 3 * (integrand[:-2:2] + 4 * integrand[1:-1:2] + integrand[2::2])
    index = max(float(np.log(integrand[1] / integrand[0]) / step), 0.1)
    return fine[::2], np.concatenate([[0.0], np.cumsum(pieces)]) + integrand[0] / index
