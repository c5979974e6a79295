"""Layers of the paper's network by Table 3, as boxes: Figures 4 and 5."""

import math

import numpy as np
import pandas as pd

PARTS = {
    "matrix": "input",
    "terse": "terse",
    "supplementary": "supplementary",
    "concatenation": "concatenation",
    "output": "output",
}


def network_layers(tab03: pd.DataFrame) -> pd.DataFrame:
    """Return the layers of the paper's network, from the input to the output.

    Parameters
    ----------
    tab03 : pd.DataFrame
        Table 3: the layers of several networks, each with its total in its last row.

    Returns
    -------
    pd.DataFrame
        A row per layer: ``part`` (input, encoder, terse, supplementary, concatenation, cnn, output), ``layer`` (as in
        Table 3), ``width`` (numbers per row), ``height`` (rows over N_cluster; 0 where a catalog has one row alone),
        ``parameters``.
    """
    rows = []
    width, height = 0, 1.0
    for row in tab03[tab03["network"] == "paper"][:-1].to_dict("records"):
        layer, shape, filters = str(row["layer"]), str(row["shape"]), row["filters"]
        numbers = [int(number) for number in shape.split(" x ") if number.isdigit()]
        # a pooling keeps the number of channels and halves the number of rows
        width = math.prod(numbers) if numbers else width if pd.isna(filters) else int(filters)
        if "pooling" in layer and shape == "varies":
            height /= int(layer.split("x")[0])
        elif shape != "varies":
            height = 1.0 if shape.startswith("N_cluster") else 0.0
        part = PARTS.get(str(row["name"]), "encoder" if layer == "repeated network" else "cnn")
        columns = {"width": width, "height": height, "parameters": row["parameters"]}
        rows.append({"part": part, "layer": layer, **columns})
    return pd.DataFrame(rows)


def box_size(width: float) -> float:
    """Return the size of a box that stands for so many numbers: 1 + log2."""
    return 1 + float(np.log2(width))
