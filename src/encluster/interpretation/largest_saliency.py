"""Radius and mass at which the saliency is largest, with an error from a bootstrap over catalogs (section 5.2).

The largest value of a flat curve has no definite place: its error shows this.
"""

from dataclasses import dataclass

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import AT_SHELL, mass_bins, profile_of
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

N_RESAMPLINGS = 100
GAS_MASS = "log_m_gas_shell"
_FLAT = 1e-9  # relative difference of the largest and the smallest value, below which a curve has no largest one


@dataclass(frozen=True, kw_only=True)
class Largest:
    """The place at which the saliency of one network is largest.

    Parameters
    ----------
    place : float
        Radius [R500c] or log10 M500c [Msun/h]; NaN if the saliency is the same everywhere.
    error : float
        Standard error: the standard deviation of the place over resampled catalogs, and, in quadrature, that of a
        uniform distribution over the step between neighboring radii or mass bins. NaN with one catalog.
    """

    place: float
    error: float


def peak_radius(
    interpretation: ClusterCatalogs,
    quantity: str = GAS_MASS,
    *,
    n_resamplings: int = N_RESAMPLINGS,
    seed: int = 0,
) -> Largest:
    """Return the radius at which the median saliency of all clusters is largest (Fig. 11).

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Of one network.
    quantity : str, optional
        Of the pixels, for example ``gamma``.
    n_resamplings : int, optional
        Number of resamplings of the catalogs.
    seed : int, optional
        Seed of the resamplings.

    Returns
    -------
    Largest
        Radius [R500c]; of a shell, the outer one.
    """
    profile, radii = profile_of(interpretation, quantity)
    weights = _weights(len(interpretation), n_resamplings, seed)
    medians = np.stack([_weighted_medians(values, interpretation.owner, weights) for values in profile.T], axis=1)
    return _largest(radii, medians, len(interpretation))


def peak_mass(
    interpretation: ClusterCatalogs,
    quantity: str = GAS_MASS,
    *,
    shell: int = AT_SHELL,
    n_resamplings: int = N_RESAMPLINGS,
    seed: int = 0,
) -> Largest:
    """Return the mass at which the mean saliency at one radius is largest (Fig. 12).

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Of one network.
    quantity : str, optional
        Of the pixels, for example ``gamma``.
    shell : int, optional
        Index of the radius.
    n_resamplings : int, optional
        Number of resamplings of the catalogs.
    seed : int, optional
        Seed of the resamplings.

    Returns
    -------
    Largest
        Center of a mass bin of 0.1 dex, log10 M500c [Msun/h].
    """
    saliency, owner, n = profile_of(interpretation, quantity)[0][:, shell], interpretation.owner, len(interpretation)
    centers, members = zip(*mass_bins(interpretation["log_m500c"]), strict=True)
    total = np.stack([np.bincount(owner[rows], saliency[rows], n) for rows in members], axis=1)
    number = np.stack([np.bincount(owner[rows], minlength=n) for rows in members], axis=1)
    weights = _weights(n, n_resamplings, seed)
    return _largest(np.array(centers), weights @ total / np.maximum(weights @ number, 1), n)


def _weights(n_catalogs: int, n_resamplings: int, seed: int) -> FloatArray:
    """Return how often each catalog counts, (1 + n_resamplings, n_catalogs): once, then as drawn with replacement."""
    drawn = generator(seed, "largest saliency").multinomial(
        n_catalogs, np.full(n_catalogs, 1 / n_catalogs), n_resamplings
    )
    return np.concatenate([np.ones((1, n_catalogs)), drawn])


def _weighted_medians(values: FloatArray, owner: IntArray, weights: FloatArray) -> FloatArray:
    """Return the median of the values of all clusters for each row of weights of catalogs."""
    order = np.argsort(values)
    values, owner = values[order], owner[order]
    totals = (np.cumsum(row[owner]) for row in weights)
    return values[[np.searchsorted(total, total[-1] / 2) for total in totals]]


def _largest(places: FloatArray, curves: FloatArray, n_catalogs: int) -> Largest:
    """Return the place of the largest value of the first curve, and its scatter over the others."""
    low, high = curves[0].min(), curves[0].max()
    if high - low <= _FLAT * high:
        return Largest(place=float("nan"), error=float("nan"))
    at, *drawn = curves.argmax(axis=1)
    step = np.gradient(places)[at] if len(places) > 1 else 0.0
    error = np.hypot(places[drawn].std(), step / np.sqrt(12)) if n_catalogs > 1 else np.nan
    return Largest(place=float(places[at]), error=float(error))
