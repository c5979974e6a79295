"""The two backends behind one small interface: compiled prediction and compiled training steps.

Only here does the code know whether TensorFlow or JAX computes. Both take the same Keras model, optimiser and batches.
"""

import keras

from encluster.engine.base import Engine
from encluster.engine.functions import compiled, input_gradient
from encluster.engine.runtime import backend, configure, device
from encluster.features import FeatureSet

__all__ = ["Engine", "backend", "compiled", "configure", "device", "engine_for", "input_gradient"]


def engine_for(model: keras.Model, optimizer: keras.Optimizer, loss: str, features: FeatureSet) -> Engine:
    """Return the engine of the backend that Keras runs on."""
    if backend() == "jax":
        from encluster.engine.on_jax import JaxEngine

        return JaxEngine(model, optimizer, loss, features)
    from encluster.engine.on_tensorflow import TensorFlowEngine

    return TensorFlowEngine(model, optimizer, loss, features)
