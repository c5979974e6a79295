"""Saliency of the encoder (section 5.2, eq. 4): the derivative of a terse value with respect to each input pixel."""

import keras
import numpy as np

from encluster.network.compiled import encoder_of, input_gradient
from encluster.types import FloatArray

_BLOCK = 8192  # clusters per call


def saliency(model: keras.Model, matrix: FloatArray) -> FloatArray:
    """Return d terse / d pixel by automatic differentiation, with its sign; eq. 4 is its absolute value.

    A terse value depends only on its own cluster; therefore the map of a catalog consists of the rows of its clusters.

    Parameters
    ----------
    model : keras.Model
        A network made by `encluster.network.model.build`, or any encoder as
        `encluster.network.compiled.encoder_of` takes it.
    matrix : FloatArray
        (n, w) scaled 2D input.

    Returns
    -------
    FloatArray
        (n, w) derivative per unit of the scaled pixel.

    Raises
    ------
    ValueError
        If the model is neither.
    """
    encoder = encoder_of(model)
    gradient = input_gradient(encoder)
    # blocks of one size: JAX compiles each new size
    block = np.zeros((min(_BLOCK, len(matrix)), matrix.shape[1]), encoder.inputs[0].dtype)
    found = np.empty(matrix.shape, block.dtype)
    for start in range(0, len(matrix), _BLOCK):
        taken = matrix[start : start + _BLOCK]
        block[: len(taken)] = taken
        found[start : start + _BLOCK] = gradient(block)[: len(taken)]
    return found
