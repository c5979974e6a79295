"""Integrated gradients of the terse value (Sundararajan, Taly & Yan 2017), which add up to its change from a baseline.

The integrated gradient of a pixel is (pixel - baseline) times the mean derivative of the terse value along the straight
line from the baseline to the cluster. The sum over the pixels of a cluster is terse(cluster) - terse(baseline); the
saliency has no such sum. The baseline is the median cluster of the training set, because zero is no typical cluster:
scaled pixels are 0 at the lowest value of all catalogs.
"""

from dataclasses import dataclass

import keras
import numpy as np

from encluster.interpretation.saliency import saliency
from encluster.network.feature_set import FeatureSet
from encluster.network.model import terse_values
from encluster.network.split import TRAINING
from encluster.types import FloatArray

STEPS = 64  # along the line; trained compact networks then have a largest violation of 0.01, which falls as 1 / steps
MOST_STEPS = 2048
# A sum that is wrong by a twentieth of the scatter of the terse values moves no cluster visibly in any figure. Networks
# with untrained layers, whose terse values scatter little, need more steps for it than trained ones.
LIMIT = 0.05
_ROUNDING = 1e-5  # of single precision, relative to the largest terse value


@dataclass(frozen=True, kw_only=True, eq=False)
class IntegratedGradients:
    """Integrated gradients with the check of their sum.

    Parameters
    ----------
    values : FloatArray
        (n, w) integrated gradient of each pixel, in units of the terse value.
    violation : float
        Largest absolute difference between the sum over the pixels of a cluster and terse(cluster) - terse(baseline),
        over the standard deviation of the terse values.
    steps : int
        Number of gradients along the line.
    """

    values: FloatArray
    violation: float
    steps: int


def median_cluster(features: FeatureSet) -> FloatArray:
    """Return the median of each pixel over the clusters of the training set, (w,).

    Parameters
    ----------
    features : FeatureSet
        Inputs and split.

    Returns
    -------
    FloatArray
        (w,) scaled pixels.
    """
    return np.asarray(np.median(features.matrix[features.rows(features.indices(TRAINING))], axis=0))


def integrated_gradients(
    model: keras.Model, matrix: FloatArray, baseline: FloatArray, *, steps: int = STEPS
) -> IntegratedGradients:
    """Return the integrated gradients of the terse value, by the midpoint rule, with their sum checked.

    The number of steps is doubled until the violation of the sum is below `LIMIT`. The derivative of leaky ReLU jumps;
    a Gauss-Legendre rule is therefore no better than the midpoint rule.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`, or any encoder as
        `encluster.network.compiled.encoder_of` takes it.
    matrix : FloatArray
        (n, w) scaled 2D input.
    baseline : FloatArray
        (w,) the cluster where each line begins, for example `median_cluster`.
    steps : int, optional
        Number of gradients along the line in the first attempt.

    Returns
    -------
    IntegratedGradients
        Values (n, w) and the largest violation of the sum.

    Raises
    ------
    ValueError
        If the model is neither, or the violation is above `LIMIT` with `MOST_STEPS` steps.
    """
    baseline = baseline.astype(matrix.dtype)
    terse = terse_values(model, matrix).astype(float)
    rise = terse - float(terse_values(model, baseline[None])[0])
    # without clusters, or without any scatter, there is nothing to violate but rounding
    spread = float(terse.std()) if len(terse) else 0.0
    rounding = _ROUNDING * float(np.abs(terse).max(initial=0.0))
    while True:
        values = _by_midpoints(model, matrix, baseline, steps)
        worst = float(np.abs(values.sum(axis=1) - rise).max(initial=0.0))
        if worst <= LIMIT * spread + rounding:
            violation = worst / spread if spread > rounding else 0.0
            return IntegratedGradients(values=values, violation=violation, steps=steps)
        if 2 * steps > MOST_STEPS:
            raise ValueError(
                f"integrated gradients: their sum misses the change of the terse value by up to {worst:.3g}, expected"
                f" at most {LIMIT:.0%} of the scatter of the terse values ({spread:.3g}) with {steps} steps; the model"
                " has no smooth derivative"
            )
        steps *= 2


def _by_midpoints(model: keras.Model, matrix: FloatArray, baseline: FloatArray, steps: int) -> FloatArray:
    difference = matrix - baseline
    total = np.zeros(matrix.shape)
    for step in range(steps):
        total += saliency(model, baseline + difference * matrix.dtype.type((step + 0.5) / steps))
    return total / steps * difference
