"""Models that differ in nothing but their seed and train side by side; one model is the usual case."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from encluster.network.packing import Batch
from encluster.types import BoolArray, FloatArray


class Ensemble(ABC):
    """Trains K models on one set of catalogs, each with batches of its own; made by `ensemble_of`."""

    @abstractmethod
    def load(self, batches: Sequence[Sequence[Batch]]) -> Any:
        """Lay an epoch's batches ready: one list for each model, all as long. Safe in another thread than `train`."""

    @abstractmethod
    def train(self, epoch: Any) -> FloatArray:
        """Take one step per batch of what `load` returned.

        Returns
        -------
        FloatArray
            (K, 2), mean square and mean absolute error over all catalogs.
        """

    @abstractmethod
    def predict(self, batches: Sequence[Batch]) -> FloatArray:
        """Return each model's scaled predictions of the same batches of one shape, (K, batches, B, 1), no dropout."""

    @abstractmethod
    def keep(self, chosen: BoolArray) -> None:
        """Remember the weights that the models in `chosen`, (K,), have now."""

    @abstractmethod
    def kept(self) -> list[list[np.ndarray]]:
        """Return for each model the trainable variables that were kept last, at first the initial ones."""

    @abstractmethod
    def state(self) -> list[list[np.ndarray]]:
        """Return for each model copies of every variable: weights, dropout generators, optimizer."""

    @abstractmethod
    def restore(self, state: Sequence[Sequence[np.ndarray]], kept: Sequence[Sequence[np.ndarray]]) -> None:
        """Take what `state` and `kept` returned; raises ValueError where number or shapes differ."""
