"""Mean squared error against epoch: Figures 7 and 20."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure


def training_history(history: pd.DataFrame, provenance: dict[str, Any]) -> pd.DataFrame:
    """Return the errors of each epoch; ``selected`` marks the epoch of the selected model.

    Parameters
    ----------
    history : pd.DataFrame
        ``epoch`` (from 1), ``train_mse`` and ``validation_mse`` (of the scaled label).
    provenance : dict
        Of the model.

    Returns
    -------
    pd.DataFrame
        ``epoch``, ``training_mse``, ``validation_mse``, ``selected``.
    """
    return pd.DataFrame(
        {
            "epoch": history["epoch"],
            "training_mse": history["train_mse"],
            "validation_mse": history["validation_mse"],
            "selected": history["epoch"] == provenance["best_epoch"],
        }
    )


def draw_history(table: pd.DataFrame) -> Figure:
    """Draw both errors, with the selected model; without the legend."""
    figure, axes = plt.subplots(figsize=(3.39, 2.8))
    axes.plot(table["epoch"], np.log10(table["training_mse"]), color="#21908c", label="training", lw=1)
    axes.plot(table["epoch"], np.log10(table["validation_mse"]), color="#440154", label="validation", lw=1)
    best = table[table["selected"]].iloc[0]
    level = np.log10(best["validation_mse"])
    axes.axhline(level, color="#e6a817", lw=1)
    label = f"selected: epoch {best['epoch']:.0f}"
    axes.plot(best["epoch"], level, "*", ms=10, color="#e6a817", mec="0.2", mew=0.5, ls="", label=label, zorder=3)
    axes.set(xlabel="epoch", ylabel=r"$\log_{10}$ (mean squared error)", xlim=(0, table["epoch"].max() + 1))
    return figure
