"""Median saliency against radius, a line for each mass bin: Figures 11 and 12."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

LABEL = r"median saliency / mean saliency of $T$"
GRADIENT = "gradient"


def relative_saliencies(networks: Mapping[str, ClusterCatalogs]) -> Iterator[tuple[dict[str, str], ClusterCatalogs]]:
    """Yield each network with its saliency relative to that of the temperature, by each method.

    Parameters
    ----------
    networks : Mapping of str to ClusterCatalogs
        Interpretations by name of the network.

    Yields
    ------
    dict of str to str, ClusterCatalogs
        Columns ``network`` and ``method``; the interpretation with that saliency.
    """
    from encluster.interpretation.relative_saliency import METHODS, relative_to_temperature

    for network, interpretation in networks.items():
        for method in METHODS:
            yield {"network": network, "method": method}, relative_to_temperature(interpretation, method)


def median_by_radius(networks: Mapping[str, ClusterCatalogs], quantities: tuple[str, ...]) -> pd.DataFrame:
    """Return the median saliency of all clusters and of those of each mass bin of 0.1 dex, at each radius.

    Parameters
    ----------
    networks : Mapping of str to ClusterCatalogs
        Interpretations by name of the network.
    quantities : tuple of str
        Groups of pixels, for example ``gamma``.

    Returns
    -------
    pd.DataFrame
        Columns ``network``, ``method``, ``feature`` (the quantity), ``log_m`` (empty for all clusters),
        ``n_clusters``, ``radius``, ``median_saliency`` (over the mean of the temperature), ``peak_radius`` and
        ``peak_radius_err`` (of all clusters).
    """
    from encluster.interpretation.largest_saliency import peak_radius
    from encluster.interpretation.saliency_profiles import mass_bins, profile_of

    parts = []
    for names, interpretation in relative_saliencies(networks):
        for quantity in quantities:
            saliency, radii = profile_of(interpretation, quantity)
            peak = peak_radius(interpretation, quantity)
            everything = (np.nan, np.arange(len(saliency)))
            for log_m, members in (everything, *mass_bins(interpretation["log_m500c"])):
                columns = {"feature": quantity, "log_m": log_m, "n_clusters": len(members), "radius": radii.round(5)}
                part = pd.DataFrame({**names, **columns, "median_saliency": np.median(saliency[members], axis=0)})
                if np.isnan(log_m):
                    part = part.assign(peak_radius=peak.place, peak_radius_err=peak.error)
                parts.append(part)
    return pd.concat(parts, ignore_index=True).round(6)


def mass_colors(log_m: pd.Series[float]) -> ScalarMappable:
    """Return a color for each mass bin of 0.1 dex between the lowest and the highest."""
    edges = _edges(log_m)
    # without the palest end, which does not show on paper
    shades = ListedColormap(plt.get_cmap("viridis")(np.linspace(0, 0.93, len(edges) - 1)))
    return ScalarMappable(BoundaryNorm(edges, shades.N), shades)


def draw_by_radius(axes: Axes, table: pd.DataFrame, colors: ScalarMappable) -> None:
    """Draw the mean over networks of each mass bin, and of all clusters with the range and the radius of the peak."""
    gradient = table[table["method"] == GRADIENT]
    for log_m, line in gradient.groupby("log_m"):
        mean = line.groupby("radius")["median_saliency"].mean()
        axes.plot(mean.index, mean, "o-", ms=1.5, lw=0.7, color=colors.to_rgba(np.array([log_m]))[0])
    whole = gradient[gradient["log_m"].isna()]
    at = whole.groupby("radius")["median_saliency"]
    if whole["network"].nunique() > 1:
        axes.fill_between(
            at.min().index, at.min(), at.max(), color="0.4", alpha=0.3, lw=0, zorder=0, label="range over networks"
        )
    axes.plot(at.mean().index, at.mean(), color="black", lw=2, label="all clusters")
    other = table[(table["method"] != GRADIENT) & table["log_m"].isna()].groupby("radius")["median_saliency"].mean()
    axes.plot(other.index, other, color="black", lw=1, ls="--", label="integrated gradients")
    radii = sorted(table["radius"].unique())
    axes.set(xlabel=r"$r\;/\;R_{500}$", xscale="log")
    axes.set_xticks(radii, [f"{radius:.2g}" for radius in radii])
    axes.tick_params(axis="x", which="minor", bottom=False, top=False)


def mark_peak(axes: Axes, rows: pd.DataFrame, column: str, height: float, *, color: str, unit: str = "") -> str:
    """Mark the mean place of the largest saliency with its error; return both as text.

    Parameters
    ----------
    axes : Axes
        The panel.
    rows : pd.DataFrame
        Of one method: ``network``, and `column` with its standard error in ``<column>_err``.
    column : str
        ``peak_radius`` or ``peak_log_m``.
    height : float
        Of the mark, from 0 at the bottom of the panel to 1 at the top.
    color, unit : str
        Color of the mark; unit in the text.
    """
    peaks = rows.dropna(subset=column).groupby("network")[[column, f"{column}_err"]].first()
    if peaks.empty:
        return "no largest value"
    place = peaks[column].mean()
    # a single network has no scatter, a single catalog no error
    error = np.hypot(np.nan_to_num(peaks[column].std()), np.nan_to_num(peaks[f"{column}_err"].mean()))
    low, high = axes.get_xlim()
    inside = np.clip([place - error, place + error], low, high)
    place_at = axes.get_xaxis_transform()
    axes.plot(inside, [height, height], color=color, lw=1, transform=place_at)
    axes.plot(place, height, "v", ms=5, color=color, transform=place_at)
    return rf"largest at ${place:.2f} \pm {error:.2f}{unit}$" if error else rf"largest at ${place:.2f}{unit}$"


def add_mass_bar(figure: Figure, axes: Any, log_m: pd.Series[float]) -> None:
    """Add the color bar of `mass_colors` beside `axes`, with every second edge labeled."""
    label = r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$"
    bar = figure.colorbar(mass_colors(log_m), ax=axes, label=label, format="%.1f", ticks=_edges(log_m)[::2])
    bar.ax.minorticks_off()


def _edges(log_m: pd.Series[float]) -> np.ndarray:
    first, last = log_m.min() - 0.05, log_m.max() + 0.05
    return np.linspace(first, last, round((last - first) / 0.1) + 1)
