"""Figure 11: saliency against radius."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

CAPTION = (
    "Median saliency |d terse / d pixel| of the testing clusters against radius, a line for each mass bin of 0.1 dex "
    "(colors). Left: of the gas mass in spherical shells, at their outer radii. Right: of the gas density slope "
    "gamma at the same radii. The terse value has no unit, so that only ratios mean something. Neighboring shells "
    "carry nearly the same news, and how one network shares the weight between them is partly chance."
)
NAMES = {"log_m_gas_shell": r"$\log M_\mathrm{gas}(r)$", "gamma": r"$\gamma(r)$"}
LABEL = r"median $|\,\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}\,|$"


def make(data: pd.DataFrame) -> Figure:
    """Draw both panels; `data` is results/fig11.csv."""
    figure, panels = plt.subplots(1, 2, figsize=(7.4, 3.4), sharey=True)
    colors = mass_colors(data["log_m"])
    for axes, (feature, name) in zip(panels, NAMES.items(), strict=True):
        draw_by_radius(axes, data[data["feature"] == feature], colors)
        axes.text(0.04, 0.95, name, transform=axes.transAxes, va="top", fontsize=11)
    panels[0].set(ylabel=LABEL, ylim=(0, 1.15 * data["median_saliency"].max() or 1))
    add_mass_bar(figure, panels, data["log_m"])
    return figure


def mass_colors(log_m: "pd.Series[float]") -> ScalarMappable:
    """Return a color for each mass bin of 0.1 dex between the lowest and the highest."""
    edges = _edges(log_m)
    # without the palest end, which does not show on paper
    shades = ListedColormap(plt.get_cmap("viridis")(np.linspace(0, 0.93, len(edges) - 1)))
    return ScalarMappable(BoundaryNorm(edges, shades.N), shades)


def draw_by_radius(axes: Axes, data: pd.DataFrame, colors: ScalarMappable) -> None:
    """Draw the median saliency of each mass bin."""
    for _, line in data.groupby("log_m"):
        color = colors.to_rgba(line["log_m"].to_numpy()[:1])[0]
        axes.plot(line["radius"], line["median_saliency"], "o-", ms=2.5, lw=1.2, color=color)
    radii = sorted(data["radius"].unique())
    axes.set(xlabel=r"$r\;/\;R_{500}$", xscale="log")
    axes.set_xticks(radii, [f"{radius:.2g}" for radius in radii])
    axes.tick_params(axis="x", which="minor", bottom=False, top=False)


def add_mass_bar(figure: Figure, axes: Any, log_m: "pd.Series[float]") -> None:
    """Add the color bar of `mass_colors` beside `axes`, with every second edge labeled."""
    label = r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$"
    bar = figure.colorbar(mass_colors(log_m), ax=axes, label=label, format="%.1f", ticks=_edges(log_m)[::2])
    bar.ax.minorticks_off()


def _edges(log_m: "pd.Series[float]") -> np.ndarray:
    first, last = log_m.min() - 0.05, log_m.max() + 0.05
    return np.linspace(first, last, round((last - first) / 0.1) + 1)
