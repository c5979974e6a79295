"""Regression of sigma8 on properties of whole catalogs, measured at fixed mass (an addition to Appendix B).

A network reads all clusters of a catalog together. Values that hardly depend on sigma8 in one cluster may have much
information in 100 clusters, and a value that is exact in one cluster of 100 is enough. Therefore each catalog is
described by summaries of its values, and a cross-validated ridge regression predicts sigma8 from the summaries.

The number of clusters of a catalog and their masses depend on sigma8; a summary must not depend on them. Therefore
each summary is a mean over the clusters of a catalog, of a quantity that has zero mean at any mass:

* the normal score of the rank at fixed mass, in each of four ranges of mass, and its spread;
* the spread of the score about a line of score against mass of the catalog; the line holds the biases of its scaling
  relations;
* in the lowest and highest 1, 3 and 10 % of the values at fixed mass, and of their deviations from the line of the
  catalog: the share of clusters, and the rank within this tail, which tells apart values far outside the others. For
  the values, also the rank within the outer 30 % of the smallest tail.

The expectation of a mean depends neither on the number of clusters N nor on whether the clusters of a catalog err
alike. The expectation of a maximum does: even max(rank)^N falls with N if the errors of a catalog are shared. For the
same reason no summary is multiplied by sqrt(N): a bias of L_X changes both the values and N. The variance of a summary
then falls with N, which leaves the rate of false alarms as stated (measured on the mocks of the surrogate).
"""

import numpy as np
from scipy.special import ndtri

from encluster.interpretation.terse import rank_within
from encluster.interpretation.variance_shares import RANGES, mass_bins
from encluster.types import FloatArray, IntArray

TAILS = (0.1, 0.03, 0.01)
FINEST = 0.3  # of the smallest tail
_CLUSTERS_PER_BIN = 200  # of mass; a tail of 1 % has 2
_CLUSTERS_PER_GROUP = 50  # groups of similar mass within a tail
_PENALTY = 0.1  # of the ridge, in units of the variance of a summary


def summaries(values: FloatArray, log_m: FloatArray, owner: IntArray, rng: np.random.Generator) -> FloatArray:
    """Describe the values of each catalog at fixed mass.

    Parameters
    ----------
    values : FloatArray
        (n_clusters,) terse values, or another property of clusters.
    log_m : FloatArray
        (n_clusters,) log10 of the true M500c [Msun/h].
    owner : IntArray
        (n_clusters,) ascending indices of catalogs; each catalog has a cluster.
    rng : numpy.random.Generator
        Source of the random order of equal numbers.

    Returns
    -------
    FloatArray
        (n_catalogs, n_summaries) summaries with zero mean and unit variance; zero where all catalogs are equal.
    """
    values, log_m = np.asarray(values, float), np.asarray(log_m, float)
    weight = 1 / np.bincount(owner)[owner]
    mass_bin = mass_bins(log_m, rng, per_bin=_CLUSTERS_PER_BIN)

    def mean(quantity: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(owner, weight * quantity), float)

    def at_fixed_mass(quantity: FloatArray) -> FloatArray:
        """Return a quantity less its mean in each bin of mass, in which all catalogs have the same weight."""
        of_bin = np.bincount(mass_bin, weight * quantity) / np.bincount(mass_bin, weight)
        return np.asarray(quantity - of_bin[mass_bin])

    def rank_in_tail(of: FloatArray, inside: np.ndarray) -> FloatArray:
        """Return ranks among the clusters of a tail that are similar in mass, less their linear trend with mass."""
        result = np.zeros(len(of))
        number = int(inside.sum())
        if number == 0:
            return result
        place = rank_within(np.zeros(number, int), log_m[inside], rng)
        group = (place * max(number // _CLUSTERS_PER_GROUP, 1)).astype(int)
        w = weight[inside]
        x, y = (rank_within(group, quantity[inside], rng) for quantity in (log_m, of))
        x, y = (z - (np.bincount(group, w * z) / np.bincount(group, w))[group] for z in (x, y))
        square = np.maximum(np.bincount(group, w * x * x), np.finfo(float).tiny)
        result[inside] = np.round(y - (np.bincount(group, w * x * y) / square)[group] * x, 6)
        return result

    residual = _less_medians(values, log_m, mass_bin)
    score = ndtri(rank_within(mass_bin, residual, rng))
    # deviation from a line of score against mass in each catalog; its variance does not depend on N or on the mass
    mass = log_m - mean(log_m)[owner]
    square = np.maximum(mean(mass**2), np.finfo(float).tiny)[owner]
    leverage = weight * (1 + mass**2 / square)
    deviation = score - mean(score)[owner] - mean(score * mass)[owner] / square * mass
    deviation /= np.sqrt(np.maximum(1 - leverage, weight))
    mass_range = mass_bin * RANGES // (int(mass_bin.max()) + 1)
    columns = [mean(at_fixed_mass(score) * (mass_range == k)) for k in range(RANGES)]
    for value, spread in ((residual, score), (deviation, deviation)):
        columns.append(mean(at_fixed_mass(rank_within(mass_bin, np.abs(spread), rng))))
        for tail in (-value, value):
            rank = rank_within(mass_bin, tail, rng)
            for share in TAILS:
                inside = rank > 1 - share
                within = rank_in_tail(tail, inside)
                columns += [mean(at_fixed_mass(inside * 1.0)), mean(within)]
            # scores, and so deviations, are limited by the number of clusters in a bin of mass
            if value is residual and inside.any():
                columns.append(mean(rank_in_tail(tail, within > np.quantile(within[inside], 1 - FINEST))))
    found = np.stack(columns, axis=1)
    found -= found.mean(axis=0)
    scatter = found.std(axis=0)
    return np.divide(found, scatter, where=scatter > 0, out=np.zeros_like(found))


class CatalogRegression:
    """Ridge regression in which each catalog is predicted from all others; the labels may be many.

    Parameters
    ----------
    summaries : FloatArray
        (n_catalogs, n_summaries) result of `summaries`.
    """

    def __init__(self, summaries: FloatArray) -> None:
        n_catalogs, n_summaries = summaries.shape
        self._rows = summaries - summaries.mean(axis=0)
        matrix = self._rows.T @ self._rows + _PENALTY * n_catalogs * np.eye(n_summaries)
        self._operator = np.linalg.solve(matrix, self._rows.T)
        # influence of a label on its own prediction: its error without it is the error with it / (1 - leverage)
        self._leverage = 1 / n_catalogs + np.einsum("ij,ji->i", self._rows, self._operator)

    def r_squared(self, labels: FloatArray) -> FloatArray:
        """Return the share of the variance of the labels that the regression predicts, negative where it only errs.

        Parameters
        ----------
        labels : FloatArray
            (n_orders, n_catalogs) permutations of the labels.

        Returns
        -------
        FloatArray
            (n_orders,) 1 - mean squared error / variance, for labels that the regression was not fitted to.
        """
        labels = labels - labels.mean(axis=1, keepdims=True)
        error = (labels - labels @ self._rows @ self._operator) / (1 - self._leverage)
        return np.asarray(1 - (error**2).sum(axis=1) / (labels**2).sum(axis=1))


def _less_medians(values: FloatArray, log_m: FloatArray, mass_bin: IntArray) -> FloatArray:
    """Return values less a line through the medians of the bins; rounded, so that a function of mass gives zeros."""
    number = np.bincount(mass_bin)
    middle = np.cumsum(number) - number + number // 2
    x, y = (quantity[np.lexsort((quantity, mass_bin))[middle]] for quantity in (log_m, values))
    inner = np.clip(np.searchsorted(x, log_m), 1, len(x) - 1)
    slope = (y[inner] - y[inner - 1]) / np.maximum(x[inner] - x[inner - 1], np.finfo(float).tiny)
    residual = values - y[inner] - slope * (log_m - x[inner])
    return np.asarray(np.round(residual / max(float(np.std(values)), np.finfo(float).tiny), 6))
