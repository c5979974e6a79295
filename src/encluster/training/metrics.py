"""Scatter of the predicted sigma8 (section 4.1; Table 4)."""

from dataclasses import dataclass

import numpy as np

from encluster.randomness import generator
from encluster.types import FloatArray

_N_BOOTSTRAP = 2000
# Limit of the standard deviation of predictions over that of the true values. A network with inactive units, or with
# almost no training, predicts the same value up to rounding; one that has learned from masses or gas has 80 % and more.
CONSTANT_BELOW = 0.01


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """Errors of sigma8, predicted minus true, over a set of catalogs (decision D14).

    Parameters
    ----------
    value : float
        Standard deviation of the errors.
    error : float
        Standard error of `value`, from a bootstrap over catalogs.
    bias : float
        Mean of the errors.
    n : int
        Number of catalogs.
    """

    value: float
    error: float
    bias: float
    n: int


def predicts_constant(true: FloatArray, predicted: FloatArray) -> bool:
    """Return whether a network predicts a constant; the scatter is then that of the true values.

    Parameters
    ----------
    true : FloatArray
        (n,) true sigma8.
    predicted : FloatArray
        (n,) predicted sigma8.

    Returns
    -------
    bool
        True if the standard deviation of the predictions is below `CONSTANT_BELOW` times that of the true values; False
        if all true values are equal.
    """
    return bool(np.std(predicted) < CONSTANT_BELOW * np.std(true))


def delta_sigma8(true: FloatArray, predicted: FloatArray, *, seed: int) -> Scatter:
    """Return Delta sigma8, the scatter of predictions (section 4.1; Table 4).

    Parameters
    ----------
    true : FloatArray
        (n,) true sigma8.
    predicted : FloatArray
        (n,) predicted sigma8.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Scatter
        Scatter with its error, and bias.

    Raises
    ------
    ValueError
        If there are fewer than two catalogs.
    """
    errors = np.asarray(predicted) - np.asarray(true)
    if len(errors) < 2:
        raise ValueError(f"Delta sigma8 needs at least 2 catalogs, got {len(errors)}")
    rng = generator(seed, "bootstrap of delta sigma8")
    resampled = [rng.choice(errors, len(errors)).std(ddof=1) for _ in range(_N_BOOTSTRAP)]
    return Scatter(
        value=float(errors.std(ddof=1)), error=float(np.std(resampled)), bias=float(errors.mean()), n=len(errors)
    )
