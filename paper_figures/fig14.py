"""Figure 14: sigma8 of mock catalogs at given N_cluster and median Y_X."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from sigma8_maps import N_LABEL, Y_LABEL, draw_map, sigma8_map

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.types import FloatArray

TITLE = r"$\sigma_8$ at given $N_\mathrm{cluster}$ and median $Y_X$"
INPUTS = {"mocks": "mocks/mocks.h5"}
CAPTION = (
    r"Left: mean $\sigma_8$ of the mock catalogs in bins of the number of clusters $N_\mathrm{cluster}$ and of the "
    r"median $Y_X$. Both can be observed without lensing masses. Bins of fewer than 5 catalogs are left out. Right: "
    r"distribution of $\sigma_8$ in the bins A and B, which hold the most catalogs among the bins of low and of high "
    r"mean $\sigma_8$. The number in the map is the root mean square of the standard deviations of $\sigma_8$ in the "
    r"bins: the scatter of $\sigma_8$ at given $N_\mathrm{cluster}$ and median $Y_X$. The paper gives about 0.03."
)
COLUMNS = {
    "item": ("", "bin: a bin of the map; A or B: a value of the histogram of that bin"),
    "n_low": ("", r"lower edge of the bin in $N_\mathrm{cluster}$"),
    "n_high": ("", r"upper edge of the bin in $N_\mathrm{cluster}$"),
    "y_low": (r"dex($h^{-1}\,\mathrm{M}_\odot\,\mathrm{keV}$)", r"lower edge of the bin in $\log_{10}$ median $Y_X$"),
    "y_high": (r"dex($h^{-1}\,\mathrm{M}_\odot\,\mathrm{keV}$)", r"upper edge of the bin in $\log_{10}$ median $Y_X$"),
    "count": ("", r"catalogs in the bin; of A and B, those with this $\sigma_8$"),
    "mean": ("", r"mean $\sigma_8$ of the catalogs in the bin"),
    "std": ("", r"standard deviation of $\sigma_8$ of the catalogs in the bin"),
    "fixed_std": ("", "root mean square of the standard deviations of all bins, weighted by their catalogs"),
    "fixed_std_err": ("", "bootstrap error of fixed_std"),
    "std_err": ("", "bootstrap error of std, of A and B"),
    "sigma8": ("", r"value of $\sigma_8$, of A and B"),
}
COLORS = {"B": "#440154", "A": "#e6a817"}  # from top to bottom


def reduce(mocks: ClusterCatalogs) -> pd.DataFrame:
    """Return the bins of the map, and the distribution of sigma8 in the bins A and B (section 5.2.1).

    Where no bin holds enough catalogs, there is no row.
    """
    from encluster.interpretation.self_calibration import sample_regions

    binned, bins = sigma8_map(mocks)
    filled = bins[bins["mean"].notna()].assign(item="bin", std_err=np.nan, sigma8=np.nan)
    parts = [filled]
    if len(filled):
        for name, cell in sample_regions(binned).items():
            sigma8 = mocks.catalog("sigma8")[binned.cell == cell]
            parts.append(_region(bins.iloc[[cell]], sigma8, np.unique(mocks.catalog("sigma8"))).assign(item=name))
    return pd.concat(parts, ignore_index=True)[["item", *bins.columns, "std_err", "sigma8"]]


def _region(cell: pd.DataFrame, sigma8: FloatArray, values: FloatArray) -> pd.DataFrame:
    """Return a row for each value that sigma8 can have."""
    from encluster.training.metrics import delta_sigma8

    spread = delta_sigma8(np.full(len(sigma8), sigma8.mean()), sigma8, seed=0)
    count = [int(np.sum(sigma8 == value)) for value in values]
    rows = pd.concat([cell] * len(values), ignore_index=True)
    return rows.assign(std_err=spread.error, sigma8=values, count=count)


def draw(table: pd.DataFrame) -> Figure:
    """Draw the map, and the histograms of the bins A and B."""
    figure = plt.figure(figsize=(7.1, 4.0))
    layout = figure.add_gridspec(2, 2, width_ratios=[1.6, 1])
    axes = figure.add_subplot(layout[:, 0])
    bins = table[table["item"] == "bin"]
    limits = table["sigma8"].min(), table["sigma8"].max()
    cells = draw_map(axes, bins, "mean", limits)
    axes.set(xlabel=N_LABEL, ylabel=Y_LABEL)
    figure.colorbar(cells, ax=axes, label=r"mean $\sigma_8$", location="top", aspect=40)
    if len(bins):
        value, error = bins[["fixed_std", "fixed_std_err"]].iloc[0]
        text = rf"scatter of $\sigma_8$ in a bin: ${value:.4f} \pm {error:.4f}$"
        axes.text(0.97, 0.03, text, transform=axes.transAxes, ha="right")
        low, high = axes.get_ylim()
        axes.set_ylim(low - 0.08 * (high - low), high)  # room for the text
    for row, (name, color) in enumerate(COLORS.items()):
        popout = figure.add_subplot(layout[row, 1])
        region = table[table["item"] == name]
        if len(region):
            _histogram(popout, region, name, color, limits)
            _connect(axes, popout, region.iloc[0], name, color)
    return figure


def _histogram(axes: Axes, region: pd.DataFrame, name: str, color: str, limits: tuple[float, float]) -> None:
    step = np.diff(region["sigma8"]).min() if len(region) > 1 else 0.01
    axes.bar(region["sigma8"], region["count"], width=step, color=color, alpha=0.85)
    first = region.iloc[0]
    text = f"{name}: {region['count'].sum():.0f} catalogs, mean ${first['mean']:.3f}$,\n"
    text += rf"standard deviation ${first['std']:.3f} \pm {first['std_err']:.3f}$"
    axes.text(0.03, 0.95, text, transform=axes.transAxes, va="top", fontsize=8)
    axes.set(
        xlabel=r"$\sigma_8$",
        ylabel="catalogs",
        xlim=(limits[0] - step, limits[1] + step),
        ylim=(0, 1.5 * max(region["count"].max(), 1)),  # room for the text
    )
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.tick_params(axis="y", which="minor", left=False, right=False)


def _connect(axes: Axes, popout: Axes, region: pd.Series, name: str, color: str) -> None:
    """Mark a bin in the map, and join it with its histogram."""
    corner = region["n_low"], region["y_low"]
    width, height = region["n_high"] - region["n_low"], region["y_high"] - region["y_low"]
    axes.add_patch(Rectangle(corner, width, height, fill=False, ec=color, lw=2))
    white = dict(boxstyle="round,pad=0.25", fc="white", ec="none", alpha=0.8)
    axes.annotate(name, corner, (-3, -3), textcoords="offset points", ha="right", va="top", weight="bold", bbox=white)
    for side in (0, 1):
        right = (corner[0] + width, corner[1] + side * height)
        line = ConnectionPatch(
            right, (0, side), "data", "axes fraction", axesA=axes, axesB=popout, color=color, lw=0.8, alpha=0.7
        )
        axes.figure.add_artist(line)
