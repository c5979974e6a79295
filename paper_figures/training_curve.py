"""Mean squared error against epoch: Figures 7 and 20."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

COLORS = {"training": "#21908c", "validation": "#440154"}


def training_history(history: Mapping[str, pd.DataFrame], provenance: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the errors of each network in each epoch; ``selected`` marks the epoch of the selected model.

    Parameters
    ----------
    history : Mapping of str to pd.DataFrame
        Of each network: ``epoch`` (from 1), ``train_mse`` and ``validation_mse`` (of the scaled label).
    provenance : Mapping of str to Mapping
        Of each network.

    Returns
    -------
    pd.DataFrame
        ``network``, ``epoch``, ``training_mse``, ``validation_mse``, ``selected``; the first network first.
    """
    parts = [
        pd.DataFrame(
            {
                "network": network,
                "epoch": epochs["epoch"],
                "training_mse": epochs["train_mse"],
                "validation_mse": epochs["validation_mse"],
                "selected": epochs["epoch"] == provenance[network]["best_epoch"],
            }
        )
        for network, epochs in history.items()
    ]
    return pd.concat(parts, ignore_index=True)


def draw_history(table: pd.DataFrame) -> Figure:
    """Draw both errors of the first network, their range over the networks, and the selected models; no legend."""
    figure, axes = plt.subplots(figsize=(3.39, 2.8))
    first = table[table["network"] == table["network"].iloc[0]]
    for name, color in COLORS.items():
        column = f"{name}_mse"
        if table["network"].nunique() > 1:
            low, high = (np.log10(table.groupby("epoch")[column].agg(end)) for end in ("min", "max"))
            axes.fill_between(low.index, low, high, color=color, alpha=0.25, lw=0)
        axes.plot(first["epoch"], np.log10(first[column]), color=color, label=name, lw=1)
    axes.axhline(np.log10(first.loc[first["selected"], "validation_mse"].iloc[0]), color="#e6a817", lw=1)
    best = table[table["selected"]]
    low, high = best["epoch"].min(), best["epoch"].max()
    label = f"selected: epoch {low}" if low == high else f"selected: epochs {low} to {high}"
    axes.plot(
        best["epoch"],
        np.log10(best["validation_mse"]),
        "*",
        ms=10,
        color="#e6a817",
        mec="0.2",
        mew=0.5,
        label=label,
        zorder=3,
    )
    axes.set(xlabel="epoch", ylabel=r"$\log_{10}$ (mean squared error)", xlim=(0, table["epoch"].max() + 1))
    return figure
