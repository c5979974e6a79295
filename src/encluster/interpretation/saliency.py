"""Saliency of the encoder (section 5.2, eq. 4): how a cluster's terse value answers to each pixel of its row."""

import keras
import numpy as np

from encluster.network.compiled import input_gradient
from encluster.types import FloatArray

_BLOCK = 8192  # clusters at once


def saliency(model: keras.Model, matrix: FloatArray) -> FloatArray:
    """Return d terse / d pixel by automatic differentiation, signed; eq. 4 is its absolute value.

    A terse value depends on its own cluster alone, so that a catalog's map is the rows of its clusters.

    Parameters
    ----------
    model : as `encluster.network.model.build` makes it
    matrix : (n, w) scaled 2D input

    Returns
    -------
    array : (n, w) per unit of the scaled pixel
    """
    encoder = model.get_layer("encoder")
    gradient = input_gradient(encoder)
    # blocks of one size: JAX would compile each size anew
    block = np.zeros((min(_BLOCK, len(matrix)), matrix.shape[1]), encoder.inputs[0].dtype)
    found = np.empty(matrix.shape, block.dtype)
    for start in range(0, len(matrix), _BLOCK):
        taken = matrix[start : start + _BLOCK]
        block[: len(taken)] = taken
        found[start : start + _BLOCK] = gradient(block)[: len(taken)]
    return found
