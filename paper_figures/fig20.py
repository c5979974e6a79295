"""Figure 20: mean squared error against epoch, prescriptive model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from training_curve import draw_history, training_history

TITLE = "Training of the prescriptive model"
INPUTS = {
    "history": "models/{prescriptive}/history.csv",
    "provenance": "models/{prescriptive}/provenance.json",
    "history_standard": "models/{standard}/history.csv",
    "provenance_standard": "models/{standard}/provenance.json",
}
CAPTION = (
    "As Figure 7, for the prescriptive model of Appendix B: mean squared error of the scaled label on the training set "
    "(teal; with dropout, during the epoch) and on the validation set (purple). Stars: selected models. Horizontal "
    "line: validation error of the first. Dotted: validation error of the selected Standard models, mean over the "
    "seeds. Such curves do not show overspecialization. The exponents of the prescription are a stand-in for those of "
    "Singh et al. (2019), which were not available (decision D15)."
)
COLUMNS = {
    "network": ("", "name of the network; the networks of one name differ by their seeds"),
    "epoch": ("", "epoch, from 1"),
    "training_mse": ("", "mean squared error of the scaled label on the training set, with dropout"),
    "validation_mse": ("", "mean squared error of the scaled label on the validation set"),
    "selected": ("", "whether this is the epoch of the selected model"),
    "standard_validation_mse": ("", "validation error of the selected Standard models, mean over the networks"),
}


def reduce(
    history: Mapping[str, pd.DataFrame],
    provenance: Mapping[str, Mapping[str, Any]],
    history_standard: Mapping[str, pd.DataFrame],
    provenance_standard: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Return the errors of the prescriptive networks in each epoch (Appendix B), and that of the Standard networks.

    The labels of both models are on the same scale.
    """
    standard = training_history(history_standard, provenance_standard)
    best = standard.loc[standard["selected"], "validation_mse"].mean()
    return training_history(history, provenance).assign(standard_validation_mse=best)


def draw(table: pd.DataFrame) -> Figure:
    """Draw one panel, with the level of the Standard model."""
    figure = draw_history(table)
    axes = figure.axes[0]
    level = np.log10(table["standard_validation_mse"].iloc[0])
    axes.axhline(level, ls=":", lw=2, color="#6aa820", label="Standard, selected")
    axes.legend(loc="upper right")
    return figure
