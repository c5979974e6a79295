"""What the engines of both backends share: one model, one set of catalogues, steps and predictions."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from encluster.batching import Batch
from encluster.features import FeatureSet
from encluster.types import FloatArray


class Catalogues:
    """All catalogues on the device, and the loss of a batch of them.

    Parameters
    ----------
    loss : "mae" or "mse" of the scaled label
    features : inputs and labels
    """

    def __init__(self, loss: str, features: FeatureSet) -> None:
        self._loss_name = loss
        self._matrix = ops.convert_to_tensor(features.matrix, "float32")
        self._supplementary = ops.convert_to_tensor(features.supplementary, "float32")
        self._label = ops.convert_to_tensor(features.label, "float32")

    def inputs(self, rows: Any, slots: Any, top: Any) -> list[Any]:
        """Return the network's four inputs."""
        return [ops.take(self._matrix, rows, axis=0), ops.take(self._supplementary, rows, axis=0), slots, top]

    def loss(self, output: Any, catalogues: Any, weight: Any) -> tuple[Any, Any]:
        """Return the loss of a batch and the sums (squares, absolute errors, catalogues)."""
        error = output[:, 0] - ops.take(self._label, catalogues)
        sums = ops.stack([ops.sum(weight * error**2), ops.sum(weight * ops.abs(error)), ops.sum(weight)])
        return sums[1 if self._loss_name == "mae" else 0] / sums[2], sums


class Engine(ABC):
    """Trains one model on one set of catalogues.

    Parameters
    ----------
    model : as `encluster.network.build` makes it
    optimizer : a Keras optimiser; it is built here
    loss, features : as in `Catalogues`
    """

    def __init__(self, model: keras.Model, optimizer: keras.Optimizer, loss: str, features: FeatureSet) -> None:
        self.model, self.optimizer = model, optimizer
        optimizer.build(model.trainable_variables)
        catalogues = Catalogues(loss, features)
        self._inputs, self._loss = catalogues.inputs, catalogues.loss

    def train(self, batches: Sequence[Batch]) -> tuple[float, float]:
        """Take one step per batch; return the mean square and mean absolute error over all their catalogues."""
        sums = self._train(batches)
        return float(sums[0] / sums[2]), float(sums[1] / sums[2])

    @abstractmethod
    def predict(self, batches: Iterable[Batch]) -> list[FloatArray]:
        """Return the scaled predictions (B, 1) of each batch, without dropout."""

    @abstractmethod
    def state(self) -> list[np.ndarray]:
        """Return copies of every variable: weights, dropout generators, optimiser."""

    @abstractmethod
    def restore(self, state: Sequence[np.ndarray]) -> None:
        """Take every variable from what `state` returned; raises ValueError where number or shapes differ."""

    def weights(self) -> list[np.ndarray]:
        """Return copies of the trainable variables."""
        return self.state()[: len(self.model.trainable_variables)]

    @abstractmethod
    def _train(self, batches: Sequence[Batch]) -> np.ndarray:
        """Take one step per batch; return the sums of squares, absolute errors and catalogues."""

    def _variables(self) -> list[Any]:
        model = self.model
        return [*model.trainable_variables, *model.non_trainable_variables, *self.optimizer.variables]

    def _checked(self, state: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
        wanted = [tuple(v.shape) for v in self._variables()]
        if [np.shape(value) for value in state] != wanted:
            raise ValueError(f"a state of {len(state)} arrays does not fit a model with {len(wanted)} variables")
        return state
