"""Sizes of the boxes of Fig. 5: the paper's own network, by Table 3, which is read from its real layers."""

import math

import pandas as pd

PARTS = {
    "matrix": "input",
    "terse": "terse",
    "supplementary": "supplementary",
    "concatenation": "concatenation",
    "output": "output",
}


def reduce(tab03: pd.DataFrame) -> pd.DataFrame:
    """Return a row per layer of the network, from the input to the output.

    Columns: ``part`` (input, encoder, terse, supplementary, concatenation, cnn, output), ``layer`` (as in Table 3),
    ``width`` (numbers per row), ``height`` (rows over N_cluster; 0 where a catalog has one row alone),
    ``parameters``.
    """
    rows = []
    width, height = 0, 1.0
    for row in tab03[:-1].to_dict("records"):
        layer, shape, filters = str(row["layer"]), str(row["shape"]), row["filters"]
        numbers = [int(number) for number in shape.split(" x ") if number.isdigit()]
        # a pooling keeps the channels that it is given and halves the rows
        width = math.prod(numbers) if numbers else width if pd.isna(filters) else int(filters)
        if "pooling" in layer and shape == "varies":
            height /= int(layer.split("x")[0])
        elif shape != "varies":
            height = 1.0 if shape.startswith("N_cluster") else 0.0
        part = PARTS.get(str(row["name"]), "encoder" if layer == "repeated network" else "cnn")
        columns = {"width": width, "height": height, "parameters": row["parameters"]}
        rows.append({"part": part, "layer": layer, **columns})
    return pd.DataFrame(rows)
