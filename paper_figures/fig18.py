"""Figure 18: sigma8 at given N_cluster and median Y_X, for a smaller and a larger survey."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from panels import draw_map

TITLES = {"smaller": "smaller volume", "larger": "larger volume"}
CAPTION = (
    "Mean (top) and standard deviation (bottom) of sigma8 of the mock catalogs in bins of the number of clusters and "
    "of the median Y_X, as in Figure 14, for the smaller (left) and the larger (right) survey of Figure 17. The same "
    "two numbers stand for another sigma8 in another survey, so that the survey must be modeled first. The number "
    "above a lower panel is the root mean square of the standard deviations. Bins of few catalogs are left out."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the four maps; `data` is results/fig18.csv."""
    figure, panels = plt.subplots(2, 2, figsize=(7, 6), sharex="col", sharey=True, width_ratios=_widths(data))
    rows = (("mean", r"mean $\sigma_8$", "viridis"), ("std", r"standard deviation of $\sigma_8$", "cividis"))
    for line, (column, label, cmap) in zip(panels, rows, strict=True):
        limits = data[column].min(), data[column].max()
        for axes, name in zip(line, TITLES, strict=True):
            mesh = draw_map(axes, data[data["set"] == name], column, limits, cmap)
        figure.colorbar(mesh, ax=list(line), label=label).minorticks_off()
        line[0].set_ylabel(r"$\log_{10}$ (median $Y_X\;[h^{-1}\,\mathrm{M}_\odot\,$keV$]$)")
    for (top, bottom), (name, title) in zip(panels.T, TITLES.items(), strict=True):
        top.set_title(title, fontsize=11)
        bottom.set_xlabel(r"$N_\mathrm{cluster}$")
        fixed = data[data["set"] == name][["fixed_std", "fixed_std_err"]]
        if len(fixed):
            value, error = fixed.iloc[0]
            bottom.set_title(rf"all: ${value:.4f} \pm {error:.4f}$", fontsize=9)
    return figure


def _widths(data: pd.DataFrame) -> list[float]:
    """One scale of N_cluster for both columns, as far as the narrower one stays legible."""
    ranges = [data[data["set"] == name]["n_high"].max() - data[data["set"] == name]["n_low"].min() for name in TITLES]
    widest = max(ranges)
    return [max(width / widest, 0.45) if widest > 0 else 1.0 for width in ranges]
