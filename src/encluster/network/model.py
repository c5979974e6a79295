"""The network of Table 3 in Keras 3: an encoder of single clusters and a CNN that reads the list of terse values.

One definition works for every catalog size and both backends. It works on batches in the slotted form of
`encluster.network.packing`; the long sequence has no batch axis, and every tensor in it is (rows, channels).
"""

import zipfile
from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
from keras import layers

from encluster import files
from encluster.network.architecture import Architecture
from encluster.network.batches import FixedBatches
from encluster.network.compiled import compiled, encoder_of
from encluster.network.feature_set import FeatureSet
from encluster.network.layers import PACKAGE, CatalogMax, RowConvolution, RowPooling, Slots
from encluster.network.packing import Batch
from encluster.randomness import generator
from encluster.types import FloatArray, IntArray

_BLOCK = 8192  # clusters per call of the encoder
_PREDICTION_BATCH = 32
# keys of the generators that draw the seeds of the dropout layers; other numbers would change every training
_DROPOUT_KEYS = {"repeated_1": 26293} | {f"dense_{k}": 9390 + 64 * k for k in range(1, 10)}


def build(
    architecture: Architecture,
    n_features: int = 15,
    n_supplementary: int = 2,
    *,
    seed: int = 0,
    precision: str = "float32",
) -> keras.Model:
    """Build the network of Table 3; its initial weights depend only on `seed`, not on the backend.

    Parameters
    ----------
    architecture : Architecture
        Widths, dropout and pooling.
    n_features : int, optional
        Number w of columns of the 2D input.
    n_supplementary : int, optional
        Number s of columns of the supplementary input.
    seed : int, optional
        Seed of the initial weights (Glorot uniform, biases zero) and of the dropout.
    precision : str, optional
        A Keras dtype policy: "float32", "mixed_bfloat16" or, for tests, "float64".

    Returns
    -------
    keras.Model
        (matrix (T, w), supplementary (T, s), slots (C, 3), top (B, K)) -> scaled sigma8 (B, 1), made of the sub-models
        "encoder" (matrix -> terse (T, 1)) and "aggregator" (terse, supplementary, slots, top -> output).
    """
    encoder = _encoder(architecture, n_features, seed, precision)
    aggregator = _aggregator(architecture, n_supplementary, seed, precision)
    matrix = _input(n_features, "matrix", precision)
    supplementary = _input(n_supplementary, "supplementary", precision)
    slots, top = _tables()
    output = aggregator([encoder(matrix), supplementary, slots, top])
    model = keras.Model([matrix, supplementary, slots, top], output, name=PACKAGE)
    _initialize(model, seed)
    return model


def _encoder(architecture: Architecture, n_features: int, seed: int, precision: str) -> keras.Model:
    matrix = values = _input(n_features, "matrix", precision)
    last = len(architecture.encoder)
    for k, width in enumerate(architecture.encoder, start=1):
        values = layers.Dense(width, name=f"repeated_{k}", dtype=precision)(values)
        if k < last:
            values = _leaky(architecture, f"repeated_{k}", precision)(values)
        if k == 1 and architecture.encoder_dropout:
            values = _dropout(architecture.encoder_dropout, "repeated_1", seed, precision)(values)
    terse = layers.Dense(1, name="terse", dtype=precision)(values)
    return keras.Model(matrix, terse, name="encoder")


def _aggregator(architecture: Architecture, n_supplementary: int, seed: int, precision: str) -> keras.Model:
    terse = _input(1, "terse", precision)
    supplementary = _input(n_supplementary, "supplementary", precision)
    slots, top = _tables()
    values = Slots(name="concatenation", dtype=precision)(terse, supplementary, slots)
    for k, filters in enumerate(architecture.convolutions, start=1):
        values = RowConvolution(filters, name=f"convolution_{k}", dtype=precision)(values)
        values = _leaky(architecture, f"convolution_{k}", precision)(values)
        values = RowPooling(architecture.pooling, k, name=f"pooling_{k}", dtype=precision)(values, slots)
    values = CatalogMax(name="global_pooling", dtype=precision)(values, top)
    last = len(architecture.dense)
    for k, width in enumerate(architecture.dense, start=1):
        values = layers.Dense(width, name=f"dense_{k}", dtype=precision)(values)
        if k < last:
            values = _leaky(architecture, f"dense_{k}", precision)(values)
            if architecture.dense_dropout:
                values = _dropout(architecture.dense_dropout, f"dense_{k}", seed, precision)(values)
    # the output is not rounded to the 8 bits of bfloat16
    output = layers.Dense(1, name="output", dtype=_full(precision))(values)
    return keras.Model([terse, supplementary, slots, top], output, name="aggregator")


def _full(precision: str) -> str:
    return "float64" if precision == "float64" else "float32"


def _input(width: int, name: str, precision: str) -> Any:
    return keras.Input((width,), name=name, dtype=_full(precision))


def _tables() -> tuple[Any, Any]:
    return keras.Input((3,), name="slots", dtype="int32"), keras.Input((None,), name="top", dtype="int32")


def _leaky(architecture: Architecture, after: str, precision: str) -> layers.Layer:
    return layers.LeakyReLU(architecture.leaky_slope, name=f"{after}_activation", dtype=precision)


def _dropout(rate: float, after: str, seed: int, precision: str) -> layers.Layer:
    draw = int(generator(seed, "dropout", _DROPOUT_KEYS[after]).integers(2**31))
    return layers.Dropout(rate, name=f"{after}_dropout", seed=draw, dtype=precision)


def _initialize(model: keras.Model, seed: int) -> None:
    for k, variable in enumerate(model.trainable_variables):
        if variable.name == "kernel":
            receptive = int(np.prod(variable.shape[:-2]))
            limit = np.sqrt(6 / (receptive * (variable.shape[-2] + variable.shape[-1])))
            variable.assign(generator(seed, "initial weights", k).uniform(-limit, limit, variable.shape))


def load_model(path: Any) -> keras.Model:
    """Load a saved network; the file cannot run code (``safe_mode``).

    Parameters
    ----------
    path : Path
        A file that `train.py` wrote.

    Returns
    -------
    keras.Model
        A network as `build` makes it.

    Raises
    ------
    ValueError
        If the file is missing, damaged or not a network of this project.
    """
    with files.require_file(path).open("rb") as stream:
        begins_like_one = stream.read(4) == b"PK\x03\x04"
    if not zipfile.is_zipfile(path):  # the message of Keras would be that there is no such file
        problem = "truncated; train it again" if begins_like_one else "not a .keras file"
        raise ValueError(f"{path}: not a readable model of encluster ({problem})")
    try:
        return keras.saving.load_model(path, safe_mode=True, compile=False)
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: not a readable model of encluster ({' '.join(str(error).split())[:200]})") from error


def levels_of(model: keras.Model) -> int:
    """Return the number of 2x1 poolings of a network.

    Parameters
    ----------
    model : keras.Model
        A network as `build` makes it.

    Returns
    -------
    int
        Number of poolings.
    """
    return sum(isinstance(layer, RowPooling) for layer in model.get_layer("aggregator").layers)


def terse_values(model: keras.Model, matrix: FloatArray) -> FloatArray:
    """Return the terse value of each cluster, which depends only on that cluster (section 3.1).

    Parameters
    ----------
    model : keras.Model
        A network as `build` makes it, or any encoder as `encluster.network.compiled.encoder_of` takes it.
    matrix : FloatArray
        (n, w) scaled 2D input.

    Returns
    -------
    FloatArray
        (n,) terse values in single precision.

    Raises
    ------
    ValueError
        If the model is neither.
    """
    encoder = encoder_of(model)
    values = np.empty(len(matrix), np.float32)
    for start in range(0, len(matrix), _BLOCK):
        block = np.zeros((min(_BLOCK, len(matrix)), matrix.shape[1]), np.float32)
        taken = matrix[start : start + _BLOCK]
        block[: len(taken)] = taken
        values[start : start + _BLOCK] = compiled(encoder)([block])[: len(taken), 0]
    return values


def predict(model: keras.Model, features: FeatureSet, indices: IntArray | None = None) -> FloatArray:
    """Return the predicted sigma8 of catalogs of any size.

    Parameters
    ----------
    model : keras.Model
        A network as `build` makes it.
    features : FeatureSet
        Inputs and scaling.
    indices : IntArray, optional
        (n,) indices of catalogs; all catalogs by default.

    Returns
    -------
    FloatArray
        (n,) predicted sigma8, not scaled.

    Raises
    ------
    ValueError
        If a catalog has no clusters.
    """
    indices = np.arange(len(features)) if indices is None else np.asarray(indices)
    if not len(indices):
        return np.empty(0)
    places, chosen = np.unique(indices, return_inverse=True)
    batches = FixedBatches(features.offset, places, _PREDICTION_BATCH, levels_of(model))
    labels = scatter_predictions(batches, (compiled(model)(model_inputs(features, b)) for b in batches), places)
    return np.asarray(features.to_sigma8(labels[chosen].astype(np.float64)))


def model_inputs(features: FeatureSet, batch: Batch) -> list[Any]:
    """Return the network's inputs for one batch.

    Parameters
    ----------
    features : FeatureSet
        Inputs of all catalogs.
    batch : Batch
        Index tables of the batch.

    Returns
    -------
    list
        Arrays matrix (T, w), supplementary (T, s), slots (C, 3) and top (B, K).
    """
    return [features.matrix[batch.rows], features.supplementary[batch.rows], batch.slots, batch.top]


def scatter_predictions(batches: Iterable[Batch], outputs: Iterable[FloatArray], catalogs: IntArray) -> FloatArray:
    """Return the outputs of batches in the order of the catalogs.

    Parameters
    ----------
    batches : iterable of Batch
        Batches that contain each catalog once.
    outputs : iterable of FloatArray
        (B, 1) output of each batch.
    catalogs : IntArray
        (n,) ascending indices of the catalogs.

    Returns
    -------
    FloatArray
        (n,) outputs.
    """
    labels = np.full(len(catalogs), np.nan, np.float32)
    for batch, output in zip(batches, outputs, strict=True):
        used = batch.weight > 0
        labels[np.searchsorted(catalogs, batch.catalogs[used])] = np.asarray(output)[used, 0]
    return labels
