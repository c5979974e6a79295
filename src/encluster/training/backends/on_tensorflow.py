"""Training and prediction in TensorFlow: the models take turns."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from encluster.network.feature_set import FeatureSet
from encluster.network.packing import Batch
from encluster.training.backends.device_catalogs import Catalogs
from encluster.training.backends.ensemble import Ensemble
from encluster.types import BoolArray, FloatArray


class TensorFlowEnsemble(Ensemble):
    """Ensemble in TensorFlow: each model has its own graphs for batches of any shape and owns its variables.

    Parameters
    ----------
    models : sequence of keras.Model
        Networks made by `encluster.network.model.build`.
    optimizer : Callable
        Function that makes a Keras optimizer, called for each model.
    loss : str
        Error of the scaled label, "mae" or "mse".
    features : FeatureSet
        Inputs and labels.
    """

    def __init__(
        self,
        models: Sequence[keras.Model],
        optimizer: Callable[[], keras.Optimizer],
        loss: str,
        features: FeatureSet,
    ) -> None:
        catalogs = Catalogs(loss, features)
        self._members = [_Member(model, optimizer(), catalogs) for model in models]
        self._kept = [member.weights() for member in self._members]

    def load(self, batches: Sequence[Sequence[Batch]]) -> Any:
        """Return the batches unchanged."""
        return batches

    def train(self, epoch: Any) -> FloatArray:
        """Take one step per batch; return the errors, (K, 2)."""
        sums = np.array([member.train(own) for member, own in zip(self._members, epoch, strict=True)])
        return np.asarray(sums[:, :2] / sums[:, 2:])

    def predict(self, batches: Sequence[Batch]) -> FloatArray:
        """Return the scaled predictions, (K, batches, B, 1)."""
        return np.array([member.predict(batches) for member in self._members])

    def keep(self, chosen: BoolArray) -> None:
        """Store copies of the weights of some models."""
        for k in np.flatnonzero(chosen):
            self._kept[k] = self._members[k].weights()

    def kept(self) -> list[list[np.ndarray]]:
        """Return the stored weights."""
        return self._kept

    def state(self) -> list[list[np.ndarray]]:
        """Return copies of all variables."""
        return [_copies(member.variables) for member in self._members]

    def restore(self, state: Sequence[Sequence[np.ndarray]], kept: Sequence[Sequence[np.ndarray]]) -> None:
        """Set the state and the stored weights."""
        for there, given in ((self.state(), state), (self._kept, kept)):
            if [[value.shape for value in own] for own in there] != [
                [np.shape(value) for value in own] for own in given
            ]:
                raise ValueError("the number or shapes of the arrays do not fit these models")
        for member, own in zip(self._members, state, strict=True):
            for variable, value in zip(member.variables, own, strict=True):
                variable.assign(value)
        self._kept = [list(weights) for weights in kept]


class _Member:
    """One model with its optimizer and its compiled steps."""

    def __init__(self, model: keras.Model, optimizer: keras.Optimizer, catalogs: Catalogs) -> None:
        optimizer.build(model.trainable_variables)
        self._model, self._optimizer, self._catalogs = model, optimizer, catalogs
        integers = [tf.TensorSpec(shape, tf.int32) for shape in ((None,), (None, 3), (None, None), (None,))]
        signature = [*integers, tf.TensorSpec((None,), tf.float32)]
        self._step = tf.function(self._step_graph, input_signature=signature, autograph=False)
        self._forward = tf.function(self._forward_graph, input_signature=integers[:3], autograph=False)

    @property
    def variables(self) -> list[Any]:
        model = self._model
        return [*model.trainable_variables, *model.non_trainable_variables, *self._optimizer.variables]

    def weights(self) -> list[np.ndarray]:
        return _copies(self._model.trainable_variables)

    def train(self, batches: Sequence[Batch]) -> np.ndarray:
        """Take one step per batch; return the sums of squares, absolute errors and catalogs."""
        tensors = ([tf.constant(table) for table in batch.tables] for batch in batches)
        return np.array([self._step(*batch) for batch in tensors], np.float64).sum(axis=0)

    def predict(self, batches: Sequence[Batch]) -> list[FloatArray]:
        return [np.asarray(self._forward(*map(tf.constant, batch.tables[:3]))) for batch in batches]

    def _step_graph(self, rows: Any, slots: Any, top: Any, catalogs: Any, weight: Any) -> Any:
        with tf.GradientTape() as tape:
            output = self._model(self._catalogs.inputs(rows, slots, top), training=True)
            loss, sums = self._catalogs.loss(output, catalogs, weight)
        variables = self._model.trainable_variables
        self._optimizer.apply(tape.gradient(loss, variables), variables)
        return sums

    def _forward_graph(self, rows: Any, slots: Any, top: Any) -> Any:
        return self._model(self._catalogs.inputs(rows, slots, top), training=False)


def _copies(variables: Sequence[Any]) -> list[np.ndarray]:
    return [variable.value.numpy().copy() for variable in variables]
