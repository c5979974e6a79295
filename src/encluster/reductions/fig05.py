"""Sizes of the boxes of Fig. 5: the paper's own network, read from its real layers."""

import math

import pandas as pd

from encluster.architecture import PAPER, Architecture
from encluster.network import LayerRow, build, layer_table

PARTS = {
    "matrix": "input",
    "terse": "terse",
    "supplementary": "supplementary",
    "concatenation": "concatenation",
    "output": "output",
}


def reduce() -> pd.DataFrame:
    """Return a row per layer of the paper's network, from the input to the output.

    Columns: ``part`` (input, encoder, terse, supplementary, concatenation, cnn, output), ``layer`` (as in Table 3),
    ``width`` (numbers per row), ``height`` (rows over N_cluster; 0 where a catalogue has one row alone),
    ``parameters``.
    """
    return boxes(PAPER)


def boxes(architecture: Architecture) -> pd.DataFrame:
    """Return the table that `reduce` describes, of any network of the pattern of Table 3."""
    rows = []
    width, height = 0, 1.0
    for row in layer_table(build(architecture))[:-1]:
        numbers = [int(number) for number in row.shape.split(" x ") if number.isdigit()]
        # a pooling keeps the channels that it is given and halves the rows
        width = math.prod(numbers) if numbers else row.filters or width
        if "pooling" in row.layer and row.shape == "varies":
            height /= int(row.layer.split("x")[0])
        elif row.shape != "varies":
            height = 1.0 if row.shape.startswith("N_cluster") else 0.0
        columns = {"width": width, "height": height, "parameters": row.parameters}
        rows.append({"part": _part(row), "layer": row.layer, **columns})
    return pd.DataFrame(rows)


def _part(row: LayerRow) -> str:
    return PARTS.get(row.name, "encoder" if row.layer == "repeated network" else "cnn")
