"""Figure 11: saliency of the gas-mass and slope profiles against radius."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from saliency_lines import GRADIENT, LABEL, add_mass_bar, draw_by_radius, mark_peak, mass_colors, median_by_radius

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = "Saliency against radius"
INPUTS = {"interpretation": "interpretation/{standard}.h5"}
CAPTION = (
    r"Median saliency $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$ of the test clusters against radius. "
    r"Left: gas mass $M_\mathrm{gas}(r)$ in spherical shells, at the outer radius of each shell. Right: slope "
    r"$\gamma(r)$ of the gas density at the same radii. The scale of the terse value differs between networks; the "
    r"saliency of each network is therefore divided by its mean saliency of the temperature $T$. Colored lines: "
    r"clusters in mass bins of 0.1 dex, mean over the networks trained from different seeds. Thick black line: all "
    r"clusters, likewise; gray band: range over the networks, none if there is one. Dashed: the same for integrated "
    r"gradients. Triangle and text: radius at which the thick line of a network is largest, mean over the networks; "
    r"its error has the standard deviation over the networks, a bootstrap over the catalogs and the step of the radii. "
    r"Neighboring shells are nearly redundant, so the way in which one network divides the weight between them is "
    r"partly random."
)
COLUMNS = {
    "network": ("", "name of the network; the networks of one name differ by their seeds"),
    "method": ("", r"gradient, $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$, or integrated gradients"),
    "feature": ("", "quantity of the pixels: log_m_gas_shell or gamma"),
    "log_m": (
        r"dex($h^{-1}\,\mathrm{M}_\odot$)",
        r"center of the mass bin, $\log_{10} M_{500}$; empty for all clusters",
    ),
    "n_clusters": ("", "clusters in the mass bin"),
    "radius": (r"$R_{500}$", "radius; of a shell, the outer one"),
    "median_saliency": (
        "",
        "median over the clusters of the absolute saliency, divided by the mean saliency of $T$ of the same network",
    ),
    "peak_radius": (r"$R_{500}$", "radius at which the median saliency of all clusters is largest"),
    "peak_radius_err": (
        r"$R_{500}$",
        "standard error of peak_radius from a bootstrap over the catalogs and the step of the radii",
    ),
}
NAMES = {"log_m_gas_shell": r"$\log M_\mathrm{gas}(r)$", "gamma": r"$\gamma(r)$"}


def reduce(interpretation: Mapping[str, ClusterCatalogs]) -> pd.DataFrame:
    """Return the median saliency in each mass bin and at each radius, of gas mass and slope (section 5.2)."""
    return median_by_radius(interpretation, tuple(NAMES))


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each quantity."""
    figure, panels = plt.subplots(1, 2, figsize=(7.1, 3.4), sharey=True)
    colors = mass_colors(table["log_m"])
    for axes, (feature, name) in zip(panels, NAMES.items(), strict=True):
        rows = table[table["feature"] == feature]
        draw_by_radius(axes, rows, colors)
        gradient = rows[rows["method"] == GRADIENT]
        peak = mark_peak(axes, gradient, "peak_radius", 0.82, color="black", unit=r"\,R_{500}")
        axes.text(0.04, 0.96, f"{name}: {peak}", transform=axes.transAxes, va="top")
    panels[0].set(ylabel=LABEL, ylim=(0, 1.3 * panels[0].get_ylim()[1]))
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=3)
    add_mass_bar(figure, panels, table["log_m"])
    return figure
