"""The two backends behind one small interface: compiled prediction and compiled training steps.

Only here does the code know whether TensorFlow or JAX computes. Both take the same Keras model, optimiser and batches.
"""

from collections.abc import Callable, Sequence

import keras

from encluster.engine.functions import compiled, input_gradient
from encluster.engine.members import Members
from encluster.engine.runtime import backend, configure, device
from encluster.features import FeatureSet

__all__ = ["Members", "backend", "compiled", "configure", "device", "engine_for", "input_gradient"]


def engine_for(
    models: Sequence[keras.Model], optimizer: Callable[[], keras.Optimizer], loss: str, features: FeatureSet
) -> Members:
    """Return the engine of the backend that Keras runs on.

    Parameters
    ----------
    models : of one architecture, to be trained side by side: at once in JAX, one after another in TensorFlow
    optimizer : makes a new Keras optimiser
    loss : "mae" or "mse" of the scaled label
    features : inputs and labels; they go to the device once
    """
    if backend() == "jax":
        from encluster.engine.on_jax import JaxMembers

        return JaxMembers(models, optimizer(), loss, features)
    from encluster.engine.on_tensorflow import TensorFlowMembers

    return TensorFlowMembers(models, optimizer, loss, features)
