"""Figure 11: saliency of the gas-mass and slope profiles against radius."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from saliency_lines import LABEL, add_mass_bar, draw_by_radius, mass_colors, median_by_radius

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = "Saliency against radius"
INPUTS = {"interpretation": "interpretation/standard.h5"}
CAPTION = (
    r"Median saliency $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$ of the test clusters against radius, "
    r"one line per mass bin of 0.1 dex. Left: gas mass $M_\mathrm{gas}(r)$ in spherical shells, at the outer radius "
    r"of each shell. Right: slope $\gamma(r)$ of the gas density at the same radii. The terse value has no unit, so "
    r"only ratios of saliencies have a meaning. Neighboring shells are nearly redundant, so the way in which one "
    r"network divides the weight between them is partly random."
)
COLUMNS = {
    "feature": ("", "quantity of the pixels: log_m_gas_shell or gamma"),
    "log_m": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"center of the mass bin, $\log_{10} M_{500}$"),
    "n_clusters": ("", "clusters in the mass bin"),
    "radius": (r"$R_{500}$", "radius; of a shell, the outer one"),
    "median_saliency": ("", r"median of $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$ over the clusters"),
}
NAMES = {"log_m_gas_shell": r"$\log M_\mathrm{gas}(r)$", "gamma": r"$\gamma(r)$"}


def reduce(interpretation: ClusterCatalogs) -> pd.DataFrame:
    """Return the median saliency in each mass bin and at each radius, of gas mass and slope (section 5.2)."""
    return median_by_radius(interpretation, tuple(NAMES))


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each quantity."""
    figure, panels = plt.subplots(1, 2, figsize=(7.1, 3.0), sharey=True)
    colors = mass_colors(table["log_m"])
    for axes, (feature, name) in zip(panels, NAMES.items(), strict=True):
        draw_by_radius(axes, table[table["feature"] == feature], colors)
        axes.text(0.04, 0.95, name, transform=axes.transAxes, va="top")
    panels[0].set(ylabel=LABEL, ylim=(0, 1.15 * table["median_saliency"].max() or 1))
    add_mass_bar(figure, panels, table["log_m"])
    return figure
