"""How well sigma8 is predicted: the scatter of section 4.1 and Table 4."""

from dataclasses import dataclass

import numpy as np

from encluster.randomness import generator
from encluster.types import FloatArray

_N_BOOTSTRAP = 2000
# Standard deviation of predictions over that of the true values. A network whose units have died, or that was hardly
# trained, says the same of every catalog up to rounding; one that has learned from masses or gas has 80 % and more.
CONSTANT_BELOW = 0.01


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """Errors predicted - true of sigma8 over a set of catalogs (decision D14).

    Parameters
    ----------
    value : their standard deviation
    error : its standard error, by bootstrap over catalogs
    bias : their mean
    n : catalogs
    """

    value: float
    error: float
    bias: float
    n: int


def predicts_constant(true: FloatArray, predicted: FloatArray) -> bool:
    """Return whether predictions hardly vary, so that their scatter is that of the true values and measures no network.

    Parameters
    ----------
    true : FloatArray
        Of each catalog, (n,).
    predicted : FloatArray
        The same, (n,).

    Returns
    -------
    bool
        True where they vary by less than `CONSTANT_BELOW` of what the true values do; False where those are all equal,
        as nothing can be told from them.
    """
    return bool(np.std(predicted) < CONSTANT_BELOW * np.std(true))


def delta_sigma8(true: FloatArray, predicted: FloatArray, *, seed: int) -> Scatter:
    """Return the scatter of predictions (section 4.1; Table 4); n < 2 catalogs are a ValueError."""
    errors = np.asarray(predicted) - np.asarray(true)
    if len(errors) < 2:
        raise ValueError(f"Delta sigma8 needs at least 2 catalogs, got {len(errors)}")
    rng = generator(seed, "bootstrap of delta sigma8")
    resampled = [rng.choice(errors, len(errors)).std(ddof=1) for _ in range(_N_BOOTSTRAP)]
    return Scatter(
        value=float(errors.std(ddof=1)), error=float(np.std(resampled)), bias=float(errors.mean()), n=len(errors)
    )
