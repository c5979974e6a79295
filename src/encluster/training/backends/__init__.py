"""Compiled training steps of the two Keras backends, behind one interface.

Only this package depends on the backend. Both backends take the same Keras model, optimizer and batches.
"""

from collections.abc import Callable, Sequence

import keras

from encluster.network.backend import backend_name
from encluster.network.feature_set import FeatureSet
from encluster.training.backends.ensemble import Ensemble

__all__ = ["Ensemble", "ensemble_of"]


def ensemble_of(
    models: Sequence[keras.Model], optimizer: Callable[[], keras.Optimizer], loss: str, features: FeatureSet
) -> Ensemble:
    """Return the ensemble that trains with the backend of Keras.

    Parameters
    ----------
    models : sequence of keras.Model
        Models of one architecture; they train at once in JAX, one after another in TensorFlow.
    optimizer : Callable
        Function that makes a new Keras optimizer.
    loss : str
        Error of the scaled label, "mae" or "mse".
    features : FeatureSet
        Inputs and labels; they are copied to the device once.

    Returns
    -------
    Ensemble
        The models at their initial weights.
    """
    if backend_name() == "jax":
        from encluster.training.backends.on_jax import JaxEnsemble

        return JaxEnsemble(models, optimizer(), loss, features)
    from encluster.training.backends.on_tensorflow import TensorFlowEnsemble

    return TensorFlowEnsemble(models, optimizer, loss, features)
