"""Projection along the line of sight as one matrix product: volumes of spherical shells inside cylinders."""

from collections.abc import Callable

import numpy as np

from encluster.types import FloatArray


def volumes_in_cylinders(radii: FloatArray, shell_edges: FloatArray) -> FloatArray:
    """Volume of each spherical shell inside each cylinder along the line of sight, exactly.

    Parameters
    ----------
    radii : (m,) radii of the cylinders, any unit of length
    shell_edges : (n + 1,) radii that bound the shells, same unit

    Returns
    -------
    (m, n) volumes, the unit cubed
    """
    square = np.asarray(shell_edges) ** 2
    outside = np.clip(square - np.asarray(radii)[:, None] ** 2, 0, None) ** 1.5
    return np.diff(4 / 3 * np.pi * (square**1.5 - outside), axis=1)


def shell_nodes(shell_edges: FloatArray) -> FloatArray:
    """Radius that stands for each shell, (n,): its logarithmic middle; of the first, which begins at 0, 0.7 edge."""
    edges = np.asarray(shell_edges)
    nodes = np.sqrt(edges[:-1] * edges[1:])
    nodes[0] = nodes[0] if edges[0] > 0 else 0.7 * edges[1]
    return nodes


def cumulative_sphere(
    density: Callable[[FloatArray], FloatArray], *, top_kpc: float, n: int = 400
) -> tuple[FloatArray, FloatArray]:
    """Integral of `density`, a function of the radius in kpc, over spheres; Simpson's rule in ln r.

    Returns
    -------
    radii : (n,) logarithmic from 1e-4 `top_kpc` to `top_kpc` [kpc]
    cumulative : (n,) the integral inside each [unit of density, kpc^3]; a power law toward the center
    """
    fine = np.geomspace(1e-4 * top_kpc, top_kpc, 2 * n - 1)
    integrand = 4 * np.pi * fine**3 * density(fine)
    step = np.log(fine[1] / fine[0])
    pieces = step / 3 * (integrand[:-2:2] + 4 * integrand[1:-1:2] + integrand[2::2])
    index = max(float(np.log(integrand[1] / integrand[0]) / step), 0.1)
    return fine[::2], np.concatenate([[0.0], np.cumsum(pieces)]) + integrand[0] / index
