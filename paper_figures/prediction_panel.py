"""Predicted against true sigma8 of the test catalogs: Figures 8 and 19."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure


def predictions_of_test_set(
    predictions: Mapping[str, pd.DataFrame], provenance: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """Return the predictions of each network for the test set, with their scatter.

    Parameters
    ----------
    predictions : Mapping of str to pd.DataFrame
        Of each network: ``catalog``, ``split``, ``sigma8_true`` and ``sigma8_predicted``, a row per catalog.
    provenance : Mapping of str to Mapping
        Of each network.

    Returns
    -------
    pd.DataFrame
        A row per network and test catalog: ``network``, ``catalog``, ``sigma8_true``, ``sigma8_predicted``; the same
        in each row of a network, ``delta_sigma8`` and ``delta_sigma8_err``, the standard deviation of predicted minus
        true and its bootstrap error (decision D14); the same in all rows, ``delta_sigma8_mean`` and
        ``delta_sigma8_scatter``, mean and standard deviation of ``delta_sigma8`` over the ``networks``.
    """
    parts = []
    for network, rows in predictions.items():
        testing = rows.loc[rows["split"] == "testing", ["catalog", "sigma8_true", "sigma8_predicted"]]
        testing.insert(0, "network", network)
        scatter = provenance[network]["delta_sigma8"]
        parts.append(testing.assign(delta_sigma8=scatter["value"], delta_sigma8_err=scatter["error"]))
    values = pd.Series([provenance[network]["delta_sigma8"]["value"] for network in predictions])
    return pd.concat(parts, ignore_index=True).assign(
        delta_sigma8_mean=values.mean(), delta_sigma8_scatter=values.std(), networks=len(values)
    )


def draw_predictions(table: pd.DataFrame) -> Figure:
    """Draw the catalogs, medians and middle 68% of the first network, and the range of the medians of all."""
    figure, axes = plt.subplots(figsize=(3.39, 3.39))
    low, high = table["sigma8_true"].min() - 0.03, table["sigma8_true"].max() + 0.03
    axes.plot([low, high], [low, high], "--", color="#6aa820", label="one to one", zorder=1)
    first = table[table["network"] == table["network"].iloc[0]]
    axes.plot(first["sigma8_true"], first["sigma8_predicted"], ".", ms=2, color="#21908c", alpha=0.5, zorder=0)
    medians = table.groupby(["network", "sigma8_true"])["sigma8_predicted"].median().groupby("sigma8_true")
    number = table["networks"].iloc[0]
    if number > 1:
        bottom, top = medians.min(), medians.max()
        label = f"medians of {number} networks"
        axes.fill_between(bottom.index, bottom, top, color="#440154", alpha=0.25, lw=0, label=label)
    binned = first.groupby("sigma8_true")["sigma8_predicted"]
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
    axes.text(0.96, 0.05, _numbers(table, len(first)), transform=axes.transAxes, ha="right", va="bottom")
    axes.set(xlabel=r"true $\sigma_8$", ylabel=r"predicted $\sigma_8$", xlim=(low, high), ylim=(low, high))
    axes.set_aspect("equal")
    axes.legend(loc="upper left")
    return figure


def _numbers(table: pd.DataFrame, n_catalogs: int) -> str:
    error = table.groupby("network")["delta_sigma8_err"].first().mean()
    mean, scatter, number = table[["delta_sigma8_mean", "delta_sigma8_scatter", "networks"]].iloc[0]
    lines = [rf"$\Delta\sigma_8 = {mean:.4f} \pm {error:.4f}$", f"{n_catalogs} catalogs"]
    if number > 1:
        lines.insert(1, rf"scatter of {number:.0f} networks: {scatter:.4f}")
    return "\n".join(lines)
