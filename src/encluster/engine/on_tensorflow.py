"""Training and prediction in TensorFlow."""

from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np

from encluster.batching import Batch
from encluster.engine.base import Engine
from encluster.features import FeatureSet
from encluster.types import FloatArray


class TensorFlowEngine(Engine):
    """One graph for every shape of batch; the variables live in the Keras model."""

    def __init__(self, model: keras.Model, optimizer: keras.Optimizer, loss: str, features: FeatureSet) -> None:
        super().__init__(model, optimizer, loss, features)
        import tensorflow as tf

        self._tf = tf
        integers = [tf.TensorSpec(shape, tf.int32) for shape in ((None,), (None, 3), (None, None), (None,))]
        signature = [*integers, tf.TensorSpec((None,), tf.float32)]
        self._step = tf.function(self._step_graph, input_signature=signature, autograph=False)
        self._forward = tf.function(self._forward_graph, input_signature=integers[:3], autograph=False)

    def _step_graph(self, rows: Any, slots: Any, top: Any, catalogues: Any, weight: Any) -> Any:
        with self._tf.GradientTape() as tape:
            output = self.model(self._inputs(rows, slots, top), training=True)
            loss, sums = self._loss(output, catalogues, weight)
        variables = self.model.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return sums

    def _forward_graph(self, rows: Any, slots: Any, top: Any) -> Any:
        return self.model(self._inputs(rows, slots, top), training=False)

    def _train(self, batches: Sequence[Batch]) -> np.ndarray:
        tensors = ([self._tf.constant(table) for table in batch.tables] for batch in batches)
        return np.array([self._step(*batch) for batch in tensors], np.float64).sum(axis=0)

    def predict(self, batches: Iterable[Batch]) -> list[FloatArray]:
        """Return the scaled predictions (B, 1) of each batch, without dropout."""
        constant = self._tf.constant
        return [np.asarray(self._forward(*(constant(table) for table in batch.tables[:3]))) for batch in batches]

    def state(self) -> list[np.ndarray]:
        """Return copies of every variable: weights, dropout generators, optimiser."""
        return [variable.value.numpy().copy() for variable in self._variables()]

    def weights(self) -> list[np.ndarray]:
        """Return copies of the trainable variables."""
        return [variable.value.numpy().copy() for variable in self.model.trainable_variables]

    def restore(self, state: Sequence[np.ndarray]) -> None:
        """Take every variable from what `state` returned; raises ValueError where number or shapes differ."""
        for variable, value in zip(self._variables(), self._checked(state), strict=True):
            variable.assign(value)
