"""Figure 7: mean squared error against epoch, Standard model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from training_curve import draw_history, training_history

TITLE = "Training of the Standard model"
INPUTS = {"history": "models/{standard}/history.csv", "provenance": "models/{standard}/provenance.json"}
CAPTION = (
    "Mean squared error of the scaled label against epoch, on the training set (teal; with dropout, during the "
    "epoch) and on the validation set (purple). Lines: network of the first seed. Bands: range of the networks trained "
    "from different seeds; none if there is one. Each star marks the selected model of a network, which has the lowest "
    "validation error among the epochs that the recipe admits. The horizontal line is the validation error of the "
    "first."
)
COLUMNS = {
    "network": ("", "name of the network; the networks of one name differ by their seeds"),
    "epoch": ("", "epoch, from 1"),
    "training_mse": ("", "mean squared error of the scaled label on the training set, with dropout"),
    "validation_mse": ("", "mean squared error of the scaled label on the validation set"),
    "selected": ("", "whether this is the epoch of the selected model"),
}


def reduce(history: Mapping[str, pd.DataFrame], provenance: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the errors of the Standard networks in each epoch (section 3.3)."""
    return training_history(history, provenance)


def draw(table: pd.DataFrame) -> Figure:
    """Draw one panel."""
    figure = draw_history(table)
    figure.axes[0].legend(loc="upper right")
    return figure
