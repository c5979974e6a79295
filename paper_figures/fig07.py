"""Figure 7: the training."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

CAPTION = (
    "Mean squared error of the scaled label on the training set (teal; with dropout, while it trains) and on the "
    "validation set (purple) against the epoch. The star and the line mark the selected model, the one with the "
    "lowest validation error among the epochs that the recipe admits."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the history; `data` is results/fig07.csv."""
    figure, axes = plt.subplots(figsize=(5, 3.8))
    axes.plot(data["epoch"], np.log10(data["training_mse"]), color="#21908c", label="training", lw=1.2)
    axes.plot(data["epoch"], np.log10(data["validation_mse"]), color="#440154", label="validation", lw=1.2)
    best = data[data["selected"]].iloc[0]
    level = np.log10(best["validation_mse"])
    axes.axhline(level, color="#e6a817", lw=1)
    label = f"selected: epoch {best['epoch']:.0f}"
    axes.plot(best["epoch"], level, "*", ms=14, color="#e6a817", mec="0.2", mew=0.5, ls="", label=label, zorder=3)
    axes.set(xlabel="epoch", ylabel=r"$\log_{10}$ (mean squared error)", xlim=(0, data["epoch"].max() + 1))
    axes.legend()
    return figure
