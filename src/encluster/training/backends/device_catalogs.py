"""Inputs and labels of a training on the device of either backend."""

from typing import Any

from keras import ops

from encluster.network.feature_set import FeatureSet


class Catalogs:
    """All catalogs on the device, and the loss of a batch of catalogs.

    Parameters
    ----------
    loss : str
        Error of the scaled label, "mae" or "mse".
    features : FeatureSet
        Inputs and labels.
    """

    def __init__(self, loss: str, features: FeatureSet) -> None:
        self._loss_name = loss
        self._matrix = ops.convert_to_tensor(features.matrix, "float32")
        self._supplementary = ops.convert_to_tensor(features.supplementary, "float32")
        self._label = ops.convert_to_tensor(features.label, "float32")

    def inputs(self, rows: Any, slots: Any, top: Any) -> list[Any]:
        """Return the network's inputs for one batch.

        Parameters
        ----------
        rows, slots, top : tensor
            Index tables of `encluster.network.packing.Batch`.

        Returns
        -------
        list of tensor
            Matrix (T, w), supplementary data (T, s), slots (C, 3) and top (B, K).
        """
        return [ops.take(self._matrix, rows, axis=0), ops.take(self._supplementary, rows, axis=0), slots, top]

    def loss(self, output: Any, catalogs: Any, weight: Any) -> tuple[Any, Any]:
        """Return the loss of a batch.

        Parameters
        ----------
        output : tensor
            (B, 1) scaled predictions.
        catalogs, weight : tensor
            (B,) tables of `encluster.network.packing.Batch`.

        Returns
        -------
        tuple of tensor
            The loss, and the sums (3,) of squares, absolute errors and catalogs.
        """
        error = output[:, 0] - ops.take(self._label, catalogs)
        sums = ops.stack([ops.sum(weight * error**2), ops.sum(weight * ops.abs(error)), ops.sum(weight)])
        return sums[1 if self._loss_name == "mae" else 0] / sums[2], sums
