"""The layers of a network as rows of Table 3."""

from dataclasses import dataclass, replace

import keras
from keras import layers

from encluster.network.architecture import KERNEL_ROWS
from encluster.network.layers import CatalogMax, RowConvolution, RowPooling, Slots


@dataclass(frozen=True)
class LayerRow:
    """One row of Table 3.

    Parameters
    ----------
    layer : str
        Type of the layer.
    filters : int or None
        Width; None if the layer keeps the width of its input.
    shape : str
        Shape of its output for one catalog, as the paper writes it.
    activation : str
        Either "leaky ReLU", "linear", or empty if Table 3 names none.
    dropout : float
        Share of outputs dropped in training.
    parameters : int
        Number of trainable parameters.
    name : str
        Name of the Keras layer.
    """

    layer: str
    filters: int | None
    shape: str
    activation: str
    dropout: float
    parameters: int
    name: str


def layer_table(model: keras.Model) -> list[LayerRow]:
    """Return Table 3 from the layers of a network.

    Parameters
    ----------
    model : keras.Model
        A network as `build` makes it.

    Returns
    -------
    list[LayerRow]
        A row for each layer; the last row is the total.
    """
    rows: list[LayerRow] = []
    for part in ("encoder", "aggregator"):
        for layer in model.get_layer(part).layers:
            if isinstance(layer, layers.LeakyReLU):
                rows[-1] = replace(rows[-1], activation="leaky ReLU")
            elif isinstance(layer, layers.Dropout):
                rows[-1] = replace(rows[-1], dropout=float(layer.rate))
            elif row := _row(layer, part):
                rows.append(row)
    # as in Table 3, the supplementary input is just above the concatenation
    rows.sort(key=lambda row: row.layer == "2D input", reverse=True)
    supplement = next(row for row in rows if row.name == "supplementary")
    rows.remove(supplement)
    rows.insert(next(k for k, row in enumerate(rows) if row.name == "concatenation"), supplement)
    total = sum(row.parameters for row in rows)
    return [*rows, LayerRow("total", None, "", "", 0.0, total, "total")]


def _row(layer: layers.Layer, part: str) -> LayerRow | None:
    n, parameters, name = "N_cluster", int(layer.count_params()), layer.name
    if isinstance(layer, layers.InputLayer):
        width = layer.batch_shape[-1]
        if name == "matrix":
            return LayerRow("2D input", None, f"{n} x {width} x 1", "", 0.0, 0, name)
        if name == "supplementary":
            return LayerRow("supplementary data vector input", None, f"{n} x 1 x {width}", "", 0.0, 0, name)
        return None
    if isinstance(layer, layers.Dense):
        if part == "encoder":
            activation = "" if name == "terse" else "linear"
            return LayerRow(
                "repeated network", layer.units, f"{n} x 1 x {layer.units}", activation, 0.0, parameters, name
            )
        kind, activation = ("output", "") if name == "output" else ("fully connected", "linear")
        return LayerRow(kind, layer.units, str(layer.units), activation, 0.0, parameters, name)
    if isinstance(layer, Slots):
        return LayerRow("concatenation", None, f"{n} x 1 x {layer.output.shape[-1]}", "", 0.0, 0, name)
    if isinstance(layer, RowConvolution):
        return LayerRow(f"{KERNEL_ROWS}x1 convolution", layer.filters, "varies", "linear", 0.0, parameters, name)
    if isinstance(layer, RowPooling):
        return LayerRow(f"2x1 {layer.mode} pooling", None, "varies", "", 0.0, 0, name)
    if isinstance(layer, CatalogMax):
        return LayerRow("global max pooling", None, str(layer.output.shape[-1]), "", 0.0, 0, name)
    raise TypeError(f"layer {name}: no row of Table 3 describes {type(layer).__name__}")
