"""Figure 7: mean squared error against epoch, Standard model."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from training_curve import draw_history, training_history

TITLE = "Training of the Standard model"
INPUTS = {"history": "models/standard/history.csv", "provenance": "models/standard/provenance.json"}
CAPTION = (
    "Mean squared error of the scaled label against epoch, on the training set (teal; with dropout, during the "
    "epoch) and on the validation set (purple). The star and the horizontal line mark the selected model, which has "
    "the lowest validation error among the epochs that the recipe admits."
)
COLUMNS = {
    "epoch": ("", "epoch, from 1"),
    "training_mse": ("", "mean squared error of the scaled label on the training set, with dropout"),
    "validation_mse": ("", "mean squared error of the scaled label on the validation set"),
    "selected": ("", "whether this is the epoch of the selected model"),
}


def reduce(history: pd.DataFrame, provenance: dict[str, Any]) -> pd.DataFrame:
    """Return the errors of the Standard model in each epoch (section 3.3)."""
    return training_history(history, provenance)


def draw(table: pd.DataFrame) -> Figure:
    """Draw one panel."""
    figure = draw_history(table)
    figure.axes[0].legend(loc="upper right")
    return figure
