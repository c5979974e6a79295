"""Interface for the training of models that differ only in their seed; usually there is one model."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from encluster.network.packing import Batch
from encluster.types import BoolArray, FloatArray


class Ensemble(ABC):
    """Training of K models on one set of catalogs, each with its own batches; made by `ensemble_of`."""

    @abstractmethod
    def load(self, batches: Sequence[Sequence[Batch]]) -> Any:
        """Prepare the batches of an epoch; another thread than that of `train` may call it.

        Parameters
        ----------
        batches : sequence of sequence of Batch
            The batches of each model; all models have the same number.

        Returns
        -------
        Any
            Argument of `train`.
        """

    @abstractmethod
    def train(self, epoch: Any) -> FloatArray:
        """Take one step per batch.

        Parameters
        ----------
        epoch : Any
            Result of `load`.

        Returns
        -------
        FloatArray
            (K, 2) mean square and mean absolute error over all catalogs.
        """

    @abstractmethod
    def predict(self, batches: Sequence[Batch]) -> FloatArray:
        """Return the predictions of each model without dropout.

        Parameters
        ----------
        batches : sequence of Batch
            Batches of one shape, the same for all models.

        Returns
        -------
        FloatArray
            (K, batches, B, 1) scaled predictions.
        """

    @abstractmethod
    def keep(self, chosen: BoolArray) -> None:
        """Store the present weights of some models.

        Parameters
        ----------
        chosen : BoolArray
            (K,) whether to store those of each model.
        """

    @abstractmethod
    def kept(self) -> list[list[np.ndarray]]:
        """Return the stored weights.

        Returns
        -------
        list of list of ndarray
            For each model, its trainable variables when they were last stored; at first the initial ones.
        """

    @abstractmethod
    def state(self) -> list[list[np.ndarray]]:
        """Return the state of all models.

        Returns
        -------
        list of list of ndarray
            For each model, copies of all variables: weights, dropout generators, optimizer.
        """

    @abstractmethod
    def restore(self, state: Sequence[Sequence[np.ndarray]], kept: Sequence[Sequence[np.ndarray]]) -> None:
        """Set the state and the stored weights of all models.

        Parameters
        ----------
        state, kept : sequence of sequence of ndarray
            Results of `state` and `kept`.

        Raises
        ------
        ValueError
            If the number or the shapes of the arrays differ.
        """
