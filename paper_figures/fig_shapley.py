"""Shapley values of clusters for the predicted sigma8, beside leaving one out."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

TITLE = r"Shapley values of clusters for the predicted $\sigma_8$"
INPUTS = {"shapley": "explanations/standard_shapley.csv"}
CAPTION = (
    r"Shapley value of each cluster of some test catalogs for the $\sigma_8$ that the Standard network predicts, from "
    r"sampled permutations: the mean change of $\sigma_8$ when the cluster is added to a random part of its catalog. "
    r"The values of a catalog add up to the prediction less the mean $\sigma_8$ of the training set. The last term is "
    r"the prediction for the whole catalog less that without the cluster: leave one out, Fig. 9, with the other sign. "
    r"Left: Shapley value less the mean of its catalog against mass; lines: medians in bins of 0.2 dex of the Shapley "
    r"value (solid) and of the last term, treated alike (dashed). Right: last term against Shapley value, with the "
    r"line where they are equal (dotted) and the rank correlation within catalogs. Bar: median standard error of the "
    r"Shapley value."
)
COLUMNS = {
    "catalog": ("", "index of the catalog in the mocks"),
    "sigma8": ("", r"true $\sigma_8$"),
    "sigma8_predicted": ("", r"predicted $\sigma_8$"),
    "sigma8_nothing": ("", r"mean $\sigma_8$ of the training set"),
    "first": ("", "clusters with which each permutation begins"),
    "cluster": ("", "index of the cluster in the mocks"),
    "log_m500c": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", "true mass"),
    "shapley": ("", r"Shapley value for the predicted $\sigma_8$"),
    "shapley_err": ("", "its standard error"),
    "last_term": ("", r"predicted $\sigma_8$ less that without the cluster"),
}
BIN_DEX = 0.2


def reduce(shapley: pd.DataFrame) -> pd.DataFrame:
    """Return the values of all clusters."""
    return shapley[list(COLUMNS)]


def draw(table: pd.DataFrame) -> Figure:
    """Draw the values against mass, and against leaving one out."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.1, 3.0), width_ratios=(1.15, 1))
    colors = {"c": table["sigma8"], "cmap": "viridis", "vmin": 0.70, "vmax": 0.92, "s": 5, "lw": 0}
    shapley, last = 1e3 * table["shapley"], 1e3 * table["last_term"]
    relative = [values - values.groupby(table["catalog"]).transform("mean") for values in (shapley, last)]
    points = left.scatter(table["log_m500c"], relative[0], **colors)
    place = np.floor(table["log_m500c"] / BIN_DEX + 1e-6)
    for values, style in zip(relative, ("k-", "k--"), strict=True):
        median = values.groupby(place).median()
        left.plot((median.index + 0.5) * BIN_DEX, median, style, lw=1.2)
    left.set(
        xlabel=r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$",
        ylabel=r"Shapley value $-$ mean [$10^{-3}$ in $\sigma_8$]",
    )
    right.scatter(shapley, last, **colors)
    right.axline((0, 0), slope=1, color="0.5", lw=0.8, ls=":")
    error = 1e3 * table["shapley_err"].median()
    right.errorbar(shapley.max() - error, last.min(), xerr=error, fmt="none", color="k", elinewidth=1)
    ranks = table.groupby("catalog")[["shapley", "last_term"]].rank()
    ranks = ranks - ranks.groupby(table["catalog"]).transform("mean")
    rho = np.corrcoef(ranks.T)[0, 1]
    right.set(xlabel=r"Shapley value [$10^{-3}$ in $\sigma_8$]", ylabel=r"last term [$10^{-3}$ in $\sigma_8$]")
    right.set_title(rf"rank correlation ${rho:.2f}$", fontsize=9)
    figure.colorbar(points, ax=(left, right), label=r"$\sigma_8$")
    return figure
