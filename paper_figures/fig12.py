"""Figure 12: gas-mass saliency with and without lensing masses."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fig11 import LABEL, add_mass_bar, draw_by_radius, mass_colors

CAPTION = (
    "Left: as the left panel of Fig. 11, for the network that is not given lensing masses. Right: saliency of the gas "
    "mass in the last shell but one, near 2/3 R500, against cluster mass, for the Standard network (teal) and without "
    "lensing masses (purple, dashed): mean of each mass bin, and the middle 68 % of its clusters. The terse value has "
    "no unit and its scale differs between two networks: each is divided by its mean over all testing clusters, which "
    "the legend gives. Pale blue: the masses where the mock catalogs pass from flux- to volume-limited; hatched: "
    "their median masses; both from the least to the greatest of all mock catalogs."
)
LOOKS = {"standard": ("Standard", "#21908c", "o-"), "no_wl": ("No WL", "#440154", "s--")}


def make(data: pd.DataFrame) -> Figure:
    """Draw both panels; `data` is results/fig12.csv."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.7))
    by_radius = data[data["panel"] == "radius"]
    draw_by_radius(left, by_radius, mass_colors(by_radius["log_m"]))
    left.set(ylabel=LABEL, ylim=(0, 1.15 * by_radius["median_saliency"].max() or 1))
    left.text(0.04, 0.95, r"$\log M_\mathrm{gas}(r)$, No WL", transform=left.transAxes, va="top", fontsize=11)
    add_mass_bar(figure, left, by_radius["log_m"])
    _by_mass(right, data[data["panel"] == "mass"])
    return figure


def _by_mass(axes: Axes, data: pd.DataFrame) -> None:
    items = dict(iter(data.groupby("item")))
    low, high = items["transition"][["low", "high"]].iloc[0]
    axes.axvspan(low, high, color="#cfe3f3", lw=0, zorder=0, label="transition masses")
    low, high = items["median_mass"][["low", "high"]].iloc[0]
    axes.axvspan(low, high, fc="none", ec="#7cb518", hatch="////", lw=0.8, zorder=0, label="median masses")
    for item, (name, color, style) in LOOKS.items():
        line = items[item]
        overall = line["overall"].iloc[0]
        scale = 1 / overall if overall else 1.0
        axes.fill_between(line["log_m"], scale * line["low"], scale * line["high"], color=color, alpha=0.2, lw=0)
        label = f"{name} (mean {overall:.3f})"
        axes.plot(line["log_m"], scale * line["mean"], style, ms=3, color=color, label=label)
    axes.set(
        xlabel=r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$",
        ylabel=rf"saliency of $M_\mathrm{{gas}}({line['radius'].iloc[0]:.2f}\,R_{{500}})$ / its mean",
    )
    axes.set_ylim(0, 1.05 * axes.get_ylim()[1])
    axes.legend(loc="lower right", ncols=2, frameon=True, framealpha=0.9, edgecolor="none")
