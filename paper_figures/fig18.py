"""Figure 18: sigma8 at given N_cluster and median Y_X, for a smaller and a larger survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from sigma8_maps import N_LABEL, Y_LABEL, draw_map, sigma8_map

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = r"$\sigma_8$ at given $N_\mathrm{cluster}$ and median $Y_X$, for two other surveys"
INPUTS = {"mocks_smaller": "mocks/smaller.h5", "mocks_larger": "mocks/larger.h5"}
CAPTION = (
    r"Mean (top) and standard deviation (bottom) of $\sigma_8$ of the mock catalogs in bins of the number of clusters "
    r"$N_\mathrm{cluster}$ and of the median $Y_X$, as in Figure 14, for the smaller (left) and the larger (right) "
    r"survey of Figure 17. The same $N_\mathrm{cluster}$ and median $Y_X$ correspond to a different $\sigma_8$ in "
    r"another survey, so a user must first model the survey. The number above each lower panel is the root mean "
    r"square of the standard deviations in the bins. Bins of fewer than 5 catalogs are left out."
)
COLUMNS = {
    "set": ("", "survey: smaller or larger"),
    "n_low": ("", r"lower edge of the bin in $N_\mathrm{cluster}$"),
    "n_high": ("", r"upper edge of the bin in $N_\mathrm{cluster}$"),
    "y_low": (r"dex($h^{-1}\,\mathrm{M}_\odot\,\mathrm{keV}$)", r"lower edge of the bin in $\log_{10}$ median $Y_X$"),
    "y_high": (r"dex($h^{-1}\,\mathrm{M}_\odot\,\mathrm{keV}$)", r"upper edge of the bin in $\log_{10}$ median $Y_X$"),
    "count": ("", "catalogs in the bin"),
    "mean": ("", r"mean $\sigma_8$ of the catalogs in the bin"),
    "std": ("", r"standard deviation of $\sigma_8$ of the catalogs in the bin"),
    "fixed_std": ("", "root mean square of the standard deviations of all bins, weighted by their catalogs"),
    "fixed_std_err": ("", "bootstrap error of fixed_std"),
}
NAMES = {"smaller": "smaller volume", "larger": "larger volume"}


def reduce(mocks_smaller: ClusterCatalogs, mocks_larger: ClusterCatalogs) -> pd.DataFrame:
    """Return the bins of both maps that hold enough catalogs (Appendix A)."""
    parts = []
    for name, mocks in (("smaller", mocks_smaller), ("larger", mocks_larger)):
        _, bins = sigma8_map(mocks)
        parts.append(bins[bins["mean"].notna()])
        parts[-1].insert(0, "set", name)
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw the maps of mean and standard deviation of both surveys."""
    figure, panels = plt.subplots(2, 2, figsize=(7.1, 5.8), sharex="col", sharey=True, width_ratios=_widths(table))
    rows = (("mean", r"mean $\sigma_8$", "viridis"), ("std", r"standard deviation of $\sigma_8$", "cividis"))
    for line, (column, label, cmap) in zip(panels, rows, strict=True):
        limits = table[column].min(), table[column].max()
        for axes, name in zip(line, NAMES, strict=True):
            cells = draw_map(axes, table[table["set"] == name], column, limits, cmap)
        figure.colorbar(cells, ax=list(line), label=label).minorticks_off()
        line[0].set_ylabel(Y_LABEL)
    for (top, bottom), (name, title) in zip(panels.T, NAMES.items(), strict=True):
        top.set_title(title, fontsize=9)
        bottom.set_xlabel(N_LABEL)
        fixed = table[table["set"] == name][["fixed_std", "fixed_std_err"]]
        if len(fixed):
            value, error = fixed.iloc[0]
            bottom.set_title(rf"root mean square ${value:.4f} \pm {error:.4f}$", fontsize=9)
    return figure


def _widths(table: pd.DataFrame) -> list[float]:
    """Return widths of the columns: one scale of N_cluster, but for a narrow survey of at least 0.45 of the other."""
    surveys = [table[table["set"] == name] for name in NAMES]
    ranges = [bins["n_high"].max() - bins["n_low"].min() for bins in surveys]
    widest = max(ranges)
    return [max(width / widest, 0.45) if widest > 0 else 1.0 for width in ranges]
