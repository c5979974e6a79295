"""What a training reads, on the device of either backend."""

from typing import Any

from keras import ops

from encluster.network.inputs import FeatureSet


class Catalogs:
    """All catalogs on the device, and the loss of a batch of them.

    Parameters
    ----------
    loss : str
        "mae" or "mse" of the scaled label.
    features : FeatureSet
        Inputs and labels.
    """

    def __init__(self, loss: str, features: FeatureSet) -> None:
        self._loss_name = loss
        self._matrix = ops.convert_to_tensor(features.matrix, "float32")
        self._supplementary = ops.convert_to_tensor(features.supplementary, "float32")
        self._label = ops.convert_to_tensor(features.label, "float32")

    def inputs(self, rows: Any, slots: Any, top: Any) -> list[Any]:
        """Return the network's four inputs."""
        return [ops.take(self._matrix, rows, axis=0), ops.take(self._supplementary, rows, axis=0), slots, top]

    def loss(self, output: Any, catalogs: Any, weight: Any) -> tuple[Any, Any]:
        """Return the loss of a batch and the sums (squares, absolute errors, catalogs)."""
        error = output[:, 0] - ops.take(self._label, catalogs)
        sums = ops.stack([ops.sum(weight * error**2), ops.sum(weight * ops.abs(error)), ops.sum(weight)])
        return sums[1 if self._loss_name == "mae" else 0] / sums[2], sums
