"""Figure 14: sigma8 at given N_cluster and median Y_X."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from encluster.paper.published import PUBLISHED
from panels import WHITE, draw_map

PAPER = PUBLISHED["sigma8_scatter_at_n_yx"]
COLORS = {"A": "#e6a817", "B": "#440154"}
CAPTION = (
    "Bottom: mean sigma8 of the mock catalogs in bins of the number of clusters and of the median Y_X, both "
    "observable without any lensing mass. Bins of few catalogs are left out. Top: distribution of sigma8 in the bins "
    "A and B, the fullest among those of low and of high mean. The number in the map is the root mean square of the "
    "standard deviations in all bins: what the two observables leave open of sigma8. The paper has about "
    f"{PAPER.value:g}."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw map and regions; `data` is results/fig14.csv."""
    figure = plt.figure(figsize=(5, 6.2))
    layout = figure.add_gridspec(2, 2, height_ratios=[1, 2.2])
    axes = figure.add_subplot(layout[1, :])
    bins = data[data["item"] == "bin"]
    limits = data["sigma8"].min(), data["sigma8"].max()
    mesh = draw_map(axes, bins, "mean", limits)
    axes.set(xlabel=r"$N_\mathrm{cluster}$", ylabel=r"$\log_{10}$ (median $Y_X\;[h^{-1}\,\mathrm{M}_\odot\,$keV$]$)")
    figure.colorbar(mesh, ax=axes, label=r"mean $\sigma_8$")
    if len(bins):
        value, error = bins[["fixed_std", "fixed_std_err"]].iloc[0]
        text = rf"scatter of $\sigma_8$ in a bin: ${value:.4f} \pm {error:.4f}$"
        axes.text(0.97, 0.03, text, transform=axes.transAxes, ha="right", fontsize=8.5, bbox=WHITE)
    for place, (name, color) in enumerate(COLORS.items()):
        popout = figure.add_subplot(layout[0, place])
        region = data[data["item"] == name]
        if len(region):
            _histogram(popout, region, name, color, limits)
            _connect(axes, popout, region.iloc[0], name, color)
    return figure


def _histogram(axes: Axes, region: pd.DataFrame, name: str, color: str, limits: tuple[float, float]) -> None:
    step = np.diff(region["sigma8"]).min() if len(region) > 1 else 0.01
    axes.bar(region["sigma8"], region["count"], width=step, color=color, alpha=0.85)
    first = region.iloc[0]
    text = f"{name}: {region['count'].sum():.0f} catalogs\n"
    text += rf"${first['mean']:.3f}$, std ${first['std']:.3f} \pm {first['std_err']:.3f}$"
    axes.text(0.04, 0.95, text, transform=axes.transAxes, va="top", fontsize=8.5, bbox=WHITE)
    axes.set(
        xlabel=r"$\sigma_8$",
        ylabel="catalogs",
        xlim=(limits[0] - step, limits[1] + step),
        ylim=(0, 1.5 * max(region["count"].max(), 1)),
    )
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))


def _connect(axes: Axes, popout: Axes, region: pd.Series, name: str, color: str) -> None:
    corner = region["n_low"], region["y_low"]
    width, height = region["n_high"] - region["n_low"], region["y_high"] - region["y_low"]
    axes.add_patch(Rectangle(corner, width, height, fill=False, ec=color, lw=2))
    axes.annotate(name, corner, (-3, -3), textcoords="offset points", ha="right", va="top", weight="bold", bbox=WHITE)
    for side in (0, 1):
        top = (corner[0] + side * width, corner[1] + height)
        line = ConnectionPatch(
            top, (side, 0), "data", "axes fraction", axesA=axes, axesB=popout, color=color, lw=0.8, alpha=0.7
        )
        axes.figure.add_artist(line)
