"""Keras layers of the CNN for the long sequence of the slotted form (see `encluster.network.packing`)."""

from typing import Any

import keras
from keras import layers, ops

from encluster.network.architecture import KERNEL_ROWS

PACKAGE = "encluster"  # name under which saved models find these classes
_EXCLUDED = -1e30  # below any value of a network, and within the range of bfloat16


@keras.saving.register_keras_serializable(package=PACKAGE)
class Slots(layers.Layer):
    """Placement of packed clusters on the long sequence: (T, a), (T, b), (C, 3) -> (C, a + b).

    Rows of the sequence that belong to no catalog are zero.
    """

    def call(self, terse: Any, supplementary: Any, slots: Any) -> Any:
        """Return terse values (T, a) and supplementary data (T, b), joined and placed in slots (C, 3)."""
        packed = ops.concatenate([terse, supplementary], axis=1)
        source = slots[:, :1]
        return ops.where(source >= 0, ops.take(packed, ops.maximum(source[:, 0], 0), axis=0), 0)

    def compute_output_shape(self, terse_shape: Any, supplementary_shape: Any, slots_shape: Any) -> Any:
        """Return the shape (C, a + b)."""
        return (slots_shape[0], terse_shape[1] + supplementary_shape[1])


@keras.saving.register_keras_serializable(package=PACKAGE)
class RowConvolution(layers.Layer):
    """4x1 convolution with zero padding along the rows of (C, channels).

    In JAX it is four shifted copies and one matrix product: XLA's own convolution is many times slower on a CPU.

    Parameters
    ----------
    filters : int
        Number of output channels.
    **options : Any
        Options of `keras.layers.Layer`.
    """

    def __init__(self, filters: int, **options: Any) -> None:
        super().__init__(**options)
        self.filters = filters

    def build(self, rows_shape: Any) -> None:
        """Create the kernel, with the shape of that of `keras.layers.Conv1D`, and the bias."""
        self.kernel = self.add_weight(name="kernel", shape=(KERNEL_ROWS, rows_shape[-1], self.filters))
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, rows: Any) -> Any:
        """Return the convolution, (C, filters); row i reads rows i - 1 to i + 2, like 'same' padding of even width."""
        if keras.backend.backend() != "jax":
            return (
                ops.conv(ops.expand_dims(rows, 0), self.kernel, padding="same", data_format="channels_last")[0]
                + self.bias
            )
        padded = ops.pad(rows, ((1, 2), (0, 0)))
        copies = [padded[shift : shift - 3 if shift < 3 else None] for shift in range(KERNEL_ROWS)]
        kernel = ops.reshape(self.kernel, (-1, self.filters))
        return ops.matmul(ops.concatenate(copies, axis=1), kernel) + self.bias

    def compute_output_shape(self, rows_shape: Any) -> Any:
        """Return the shape (C, filters)."""
        return (rows_shape[0], self.filters)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of `__init__`."""
        return {**super().get_config(), "filters": self.filters}


@keras.saving.register_keras_serializable(package=PACKAGE)
class RowPooling(layers.Layer):
    """2x1 pooling, then zeros in rows that belong to no catalog: (C, channels), slots -> (C // 2, channels).

    Parameters
    ----------
    mode : str
        Type of the pooling, "mean" or "max".
    level : int
        Number of this pooling, from 1.
    **options : Any
        Options of `keras.layers.Layer`.
    """

    def __init__(self, mode: str, level: int, **options: Any) -> None:
        super().__init__(**options)
        self.mode, self.level = mode, level

    def call(self, rows: Any, slots: Any) -> Any:
        """Return the pooled pairs of rows, (C // 2, channels); an odd last row of a catalog is dropped, as in Keras."""
        pairs = ops.reshape(rows, (-1, 2, rows.shape[-1]))
        pooled = ops.sum(pairs, axis=1) * 0.5 if self.mode == "mean" else ops.max(pairs, axis=1)
        step = 1 << self.level
        place, length = slots[::step, 1:2] // step, slots[::step, 2:3] // step
        return ops.where(place < length, pooled, 0)

    def compute_output_shape(self, rows_shape: Any, slots_shape: Any) -> Any:
        """Return the shape (C // 2, channels)."""
        return (rows_shape[0] // 2 if rows_shape[0] else None, rows_shape[1])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of `__init__`."""
        return {**super().get_config(), "mode": self.mode, "level": self.level}


@keras.saving.register_keras_serializable(package=PACKAGE)
class CatalogMax(layers.Layer):
    """Global maximum over the rows of each catalog: (R, channels), (B, K) -> (B, channels)."""

    def call(self, rows: Any, top: Any) -> Any:
        """Return the maximum over the rows of each catalog, (B, channels)."""
        gathered = ops.take(rows, ops.maximum(top, 0), axis=0)
        return ops.max(ops.where(ops.expand_dims(top, -1) >= 0, gathered, _EXCLUDED), axis=1)

    def compute_output_shape(self, rows_shape: Any, top_shape: Any) -> Any:
        """Return the shape (B, channels)."""
        return (top_shape[0], rows_shape[1])
