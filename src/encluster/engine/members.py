"""Models that differ in nothing but their seed and train side by side; one model is the usual case."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from encluster.batching import Batch
from encluster.engine.base import Engine
from encluster.types import BoolArray, FloatArray


class Members(ABC):
    """Trains K models on one set of catalogues, each with batches of its own. Use `encluster.engine.engine_for`."""

    @abstractmethod
    def load(self, batches: Sequence[Sequence[Batch]]) -> Any:
        """Lay an epoch's batches ready: one list for each model, all as long. Safe in another thread than `train`."""

    @abstractmethod
    def train(self, epoch: Any) -> FloatArray:
        """Take one step per batch of what `load` returned.

        Returns
        -------
        (K, 2) mean square and mean absolute error over all catalogues
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
        """Return for each model copies of every variable: weights, dropout generators, optimiser."""

    @abstractmethod
    def restore(self, state: Sequence[Sequence[np.ndarray]], kept: Sequence[Sequence[np.ndarray]]) -> None:
        """Take what `state` and `kept` returned; raises ValueError where number or shapes differ."""


class OneByOne(Members):
    """Engines of single models, one after another."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines
        self._kept = [engine.weights() for engine in engines]

    def load(self, batches: Sequence[Sequence[Batch]]) -> Any:
        """Return the batches: a step takes them as they are."""
        return batches

    def train(self, epoch: Any) -> FloatArray:
        """Take one step per batch; return (K, 2) errors."""
        return np.array([engine.train(own) for engine, own in zip(self._engines, epoch, strict=True)])

    def predict(self, batches: Sequence[Batch]) -> FloatArray:
        """Return predictions, (K, batches, B, 1)."""
        return np.array([engine.predict(batches) for engine in self._engines])

    def keep(self, chosen: BoolArray) -> None:
        """Copy the weights of the models in `chosen`."""
        for k, engine in enumerate(self._engines):
            if chosen[k]:
                self._kept[k] = engine.weights()

    def kept(self) -> list[list[np.ndarray]]:
        """Return the weights that were kept last."""
        return self._kept

    def state(self) -> list[list[np.ndarray]]:
        """Return copies of all variables."""
        return [engine.state() for engine in self._engines]

    def restore(self, state: Sequence[Sequence[np.ndarray]], kept: Sequence[Sequence[np.ndarray]]) -> None:
        """Take what `state` and `kept` returned."""
        for engine, own in zip(self._engines, state, strict=True):
            engine.restore(own)
        self._kept = [list(weights) for weights in kept]
