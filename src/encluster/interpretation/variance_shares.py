"""Shares of variance that terse value, sigma8 and true mass have in common, under permutations of sigma8 (Appendix B).

Terse values are ranked within narrow bins of mass. `encluster.interpretation.overspecialization` explains why.
"""

import numpy as np
from scipy.stats import rankdata

from encluster.interpretation.terse import rank_within
from encluster.types import FloatArray, IntArray

RANGES = 4  # of mass
_MAX_BINS = 400  # narrow bins of mass
_FIFTHS = 5


def mass_bins(log_m: FloatArray, rng: np.random.Generator, *, per_bin: int = 50) -> IntArray:
    """Return the narrow bin of mass of each cluster; all bins have nearly the same number of clusters.

    Parameters
    ----------
    log_m : FloatArray
        (n_clusters,) log10 of the true M500c [Msun/h].
    rng : numpy.random.Generator
        Source of the random order of equal masses.
    per_bin : int, optional
        Least number of clusters in a bin, if there are enough clusters for four bins.

    Returns
    -------
    IntArray
        (n_clusters,) bins in the order of mass, from 0.
    """
    n = len(log_m)
    n_bins = min(max(n // per_bin, RANGES), _MAX_BINS)
    return np.asarray((rank_within(np.zeros(n, int), log_m, rng) * n_bins).astype(int))


def fifths(sigma8: FloatArray) -> IntArray:
    """Return the fifth of the catalogs in sigma8 that each catalog belongs to.

    Parameters
    ----------
    sigma8 : FloatArray
        (n_catalogs,) sigma8.

    Returns
    -------
    IntArray
        (n_catalogs,) 0 to 4. Catalogs of equal sigma8 are in the same fifth, so that there may be fewer than five.
    """
    return np.asarray(((rankdata(sigma8) - 0.5) / len(sigma8) * _FIFTHS).astype(int))


class VarianceShares:
    """Shares of variance as sums over catalogs, so that a permutation of the labels costs one product of matrices.

    Each catalog has the same weight, independent of its number of clusters.

    Parameters
    ----------
    terse : FloatArray
        (n_clusters,) terse values.
    log_m : FloatArray
        (n_clusters,) log10 of the true M500c [Msun/h].
    sigma8 : FloatArray
        (n_catalogs,) sigma8.
    owner : IntArray
        (n_clusters,) ascending indices of catalogs; each catalog has a cluster.
    rng : numpy.random.Generator
        Source of the random order of equal values.
    """

    def __init__(
        self, terse: FloatArray, log_m: FloatArray, sigma8: FloatArray, owner: IntArray, rng: np.random.Generator
    ) -> None:
        self._sigma8 = sigma8 - sigma8.mean()
        self._sigma8_rank = rankdata(sigma8) - (len(sigma8) + 1) / 2
        self._fifth = fifths(sigma8)
        weight = 1 / np.bincount(owner)[owner]
        mass_bin = mass_bins(log_m, rng)
        n_bins = int(mass_bin.max()) + 1
        mass_range = mass_bin * RANGES // n_bins
        rank = rank_within(mass_bin, terse, rng)
        cell = mass_range * _FIFTHS + (rank * _FIFTHS).astype(int)

        def table(column: IntArray, n_columns: int, values: FloatArray) -> FloatArray:
            flat = np.bincount(owner * n_columns + column, values, int(owner[-1] + 1) * n_columns)
            return np.asarray(flat.reshape(-1, n_columns))

        self._in_bin = table(mass_bin, n_bins, weight)
        self._bin_weight = self._in_bin.sum(axis=0)
        in_cell = table(cell, RANGES * _FIFTHS, weight)
        self._cell_weight = in_cell.sum(axis=0)
        # minus the weights of the cells if the clusters of a catalog had the mean distribution of ranks at their mass
        both = np.bincount(mass_bin * RANGES * _FIFTHS + cell, weight, n_bins * RANGES * _FIFTHS).reshape(n_bins, -1)
        self._excess = in_cell - self._in_bin @ (both / self._bin_weight[:, None])
        rank = rank - (np.bincount(mass_bin, weight * rank) / self._bin_weight)[mass_bin]
        self._rank = table(mass_range, RANGES, weight * rank)
        self._range_weight = table(mass_range, RANGES, weight)
        self._rank_squares = float(weight @ rank**2)

    def of(self, orders: IntArray) -> FloatArray:
        """Return shares of variance and partial rank correlation for permutations of sigma8.

        Parameters
        ----------
        orders : IntArray
            (n_orders, n_catalogs) permutations.

        Returns
        -------
        FloatArray
            (n_orders, 4) share of sigma8 by terse rank at fixed mass, of terse rank by sigma8 at fixed mass, of sigma8
            by mass; partial rank correlation.
        """
        sigma8, ranks, fifth = self._sigma8[orders], self._sigma8_rank[orders], self._fifth[orders]
        variance = self._sigma8 @ self._sigma8
        between_bins = self._between_bins(sigma8)
        by_terse = ((sigma8 @ self._excess) ** 2 / self._cell_weight).sum(axis=1) / (variance - between_bins)
        by_sigma8 = np.zeros(len(orders))
        for k in np.unique(self._fifth):
            inside = (fifth == k).astype(float)
            squares, weight = (inside @ self._rank) ** 2, inside @ self._range_weight
            # few and small catalogs may have no cluster in a range of mass
            squares = np.divide(squares, weight, where=weight > 0, out=np.zeros_like(weight))
            by_sigma8 += squares.sum(axis=1) / self._rank_squares
        rank_variance = self._sigma8_rank @ self._sigma8_rank - self._between_bins(ranks)
        partial_rho = ranks @ self._rank.sum(axis=1) / np.sqrt(rank_variance * self._rank_squares)
        return np.stack([by_terse, by_sigma8, between_bins / variance, partial_rho], axis=1)

    def _between_bins(self, labels: FloatArray) -> FloatArray:
        """Return the sum of squares of the bin means of labels with zero mean, (n_orders,), in bins of mass."""
        return np.asarray(((labels @ self._in_bin) ** 2 / self._bin_weight).sum(axis=1))
