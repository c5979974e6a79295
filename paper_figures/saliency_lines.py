"""Median saliency against radius, a line for each mass bin: Figures 11 and 12."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

LABEL = r"median $|\,\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}\,|$"


def median_by_radius(interpretation: ClusterCatalogs, quantities: tuple[str, ...]) -> pd.DataFrame:
    """Return the median absolute saliency over the clusters of each mass bin of 0.1 dex, at each radius.

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Of one network.
    quantities : tuple of str
        Groups of pixels, for example ``gamma``.

    Returns
    -------
    pd.DataFrame
        Columns ``feature`` (the quantity), ``log_m``, ``n_clusters``, ``radius``, ``median_saliency``.
    """
    from encluster.interpretation.saliency_profiles import mass_bins, profile_of

    parts = []
    for quantity in quantities:
        saliency, radii = profile_of(interpretation, quantity)
        for log_m, members in mass_bins(interpretation["log_m500c"]):
            columns = {"feature": quantity, "log_m": log_m, "n_clusters": len(members), "radius": radii.round(5)}
            median = np.median(saliency[members], axis=0)
            parts.append(pd.DataFrame({**columns, "median_saliency": median.round(6)}))
    return pd.concat(parts, ignore_index=True)


def mass_colors(log_m: pd.Series[float]) -> ScalarMappable:
    """Return a color for each mass bin of 0.1 dex between the lowest and the highest."""
    edges = _edges(log_m)
    # without the palest end, which does not show on paper
    shades = ListedColormap(plt.get_cmap("viridis")(np.linspace(0, 0.93, len(edges) - 1)))
    return ScalarMappable(BoundaryNorm(edges, shades.N), shades)


def draw_by_radius(axes: Axes, table: pd.DataFrame, colors: ScalarMappable) -> None:
    """Draw the median saliency of each mass bin."""
    for _, line in table.groupby("log_m"):
        color = colors.to_rgba(line["log_m"].to_numpy()[:1])[0]
        axes.plot(line["radius"], line["median_saliency"], "o-", ms=2, lw=1, color=color)
    radii = sorted(table["radius"].unique())
    axes.set(xlabel=r"$r\;/\;R_{500}$", xscale="log")
    axes.set_xticks(radii, [f"{radius:.2g}" for radius in radii])
    axes.tick_params(axis="x", which="minor", bottom=False, top=False)


def add_mass_bar(figure: Figure, axes: Any, log_m: pd.Series[float]) -> None:
    """Add the color bar of `mass_colors` beside `axes`, with every second edge labeled."""
    label = r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$"
    bar = figure.colorbar(mass_colors(log_m), ax=axes, label=label, format="%.1f", ticks=_edges(log_m)[::2])
    bar.ax.minorticks_off()


def _edges(log_m: pd.Series[float]) -> np.ndarray:
    first, last = log_m.min() - 0.05, log_m.max() + 0.05
    return np.linspace(first, last, round((last - first) / 0.1) + 1)
