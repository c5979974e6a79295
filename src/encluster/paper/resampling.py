"""Errors of statistics of clusters and of catalogs, by resampling of the catalogs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from encluster.paper.measured_inputs import Number, number
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

N_BOOTSTRAP = 100
_HALF_OF_95 = 1.96  # standard errors in half a 95 % interval


def with_error(values: FloatArray, owner: IntArray, statistic: Callable[[FloatArray], Any]) -> tuple[float, float]:
    """Return a statistic of clusters with its bootstrap error over catalogs, whose clusters are not independent.

    Parameters
    ----------
    values : FloatArray
        (n,) or (n, k) properties of clusters.
    owner : IntArray
        (n,) ascending index of each cluster's catalog.
    statistic : callable
        Function of `values` that returns a number.

    Returns
    -------
    value, error : float
        The statistic, and the standard deviation of `resampled`.
    """
    value, *others = resampled(values, owner, statistic)
    return value, float(np.std(others))


def resampled(values: FloatArray, owner: IntArray, statistic: Callable[[FloatArray], Any]) -> list[float]:
    """Return a statistic, then its resamplings: the same ones wherever the catalogs are the same.

    Parameters
    ----------
    values, owner, statistic : FloatArray, IntArray, callable
        As `with_error` takes them.

    Returns
    -------
    list of float
        The statistic of all catalogs, then of `N_BOOTSTRAP` resamplings.
    """
    rng = generator(0, "bootstrap over catalogues")  # codespell:ignore - this text keys the random numbers
    first = np.flatnonzero(np.diff(owner, prepend=-1))  # owner ascends
    parts = np.split(values, first[1:])
    drawn = (np.concatenate([parts[k] for k in rng.integers(0, len(parts), len(parts))]) for _ in range(N_BOOTSTRAP))
    return [float(statistic(values)), *(float(statistic(those)) for those in drawn)]


def ratio_of(name: str, above: Any, above_err: Any, below: Any, below_err: Any, *, figure: str = "") -> Number:
    """Return the ratio of two independent numbers with its error; name and figure as `number` takes them."""
    value = np.divide(above, below)
    error = np.abs(value) * np.hypot(np.divide(above_err, above), np.divide(below_err, below))
    return number(name, value, error, figure=figure)


def interval(name: str, value: Any, low: Any, high: Any, meaning: str, figure: str) -> Number:
    """Return a number with standard errors from its interval of 95 %; the rest as `number` takes it."""
    plain = number(name, value, 0.0, meaning, figure=figure)
    return replace(plain, plus=float(high - value) / _HALF_OF_95, minus=float(value - low) / _HALF_OF_95)
