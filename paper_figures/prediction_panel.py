"""Predicted against true sigma8 of the test catalogs: Figures 8 and 19."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure


def predictions_of_test_set(predictions: pd.DataFrame, provenance: dict[str, Any]) -> pd.DataFrame:
    """Return the predictions of the test set with their scatter.

    Parameters
    ----------
    predictions : pd.DataFrame
        ``catalog``, ``split``, ``sigma8_true`` and ``sigma8_predicted``, a row per catalog.
    provenance : dict
        Of the model.

    Returns
    -------
    pd.DataFrame
        A row per test catalog: ``catalog``, ``sigma8_true``, ``sigma8_predicted``, and, the same in each row,
        ``delta_sigma8`` and ``delta_sigma8_err``: the standard deviation of predicted minus true and its bootstrap
        error (decision D14).
    """
    testing = predictions[predictions["split"] == "testing"]
    scatter = provenance["delta_sigma8"]
    return (
        testing[["catalog", "sigma8_true", "sigma8_predicted"]]
        .reset_index(drop=True)
        .assign(delta_sigma8=scatter["value"], delta_sigma8_err=scatter["error"])
    )


def draw_predictions(table: pd.DataFrame) -> Figure:
    """Draw each catalog, and the median and the middle 68% of each value of sigma8."""
    figure, axes = plt.subplots(figsize=(3.39, 3.39))
    low, high = table["sigma8_true"].min() - 0.03, table["sigma8_true"].max() + 0.03
    axes.plot([low, high], [low, high], "--", color="#6aa820", label="one to one", zorder=1)
    axes.plot(table["sigma8_true"], table["sigma8_predicted"], ".", ms=2, color="#21908c", alpha=0.5, zorder=0)
    binned = table.groupby("sigma8_true")["sigma8_predicted"]
    median, lower, upper = (binned.quantile(q) for q in (0.5, 0.16, 0.84))
    axes.errorbar(
        median.index,
        median,
        yerr=np.array([median - lower, upper - median]),
        fmt="o",
        ms=3,
        color="#440154",
        elinewidth=1,
        label="median and middle 68%",
    )
    value, error = table[["delta_sigma8", "delta_sigma8_err"]].iloc[0]
    text = rf"$\Delta\sigma_8 = {value:.4f} \pm {error:.4f}$" + f"\n{len(table)} catalogs"
    axes.text(0.96, 0.05, text, transform=axes.transAxes, ha="right", va="bottom")
    axes.set(xlabel=r"true $\sigma_8$", ylabel=r"predicted $\sigma_8$", xlim=(low, high), ylim=(low, high))
    axes.set_aspect("equal")
    axes.legend(loc="upper left")
    return figure
