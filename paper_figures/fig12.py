"""Figure 12: saliency of the gas mass without lensing masses, and against cluster mass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from saliency_lines import LABEL, add_mass_bar, draw_by_radius, mass_colors, median_by_radius

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.types import FloatArray

TITLE = "Saliency with and without lensing masses"
INPUTS = {
    "interpretation_standard": "interpretation/standard.h5",
    "interpretation_no_wl": "interpretation/no_wl.h5",
    "mocks": "mocks/mocks.h5",
}
CAPTION = (
    r"Left: as the left panel of Figure 11, for No WL, the network without lensing masses. Right: saliency of the gas "
    r"mass $M_\mathrm{gas}$ in the last shell but one, which ends near $2/3\,R_{500}$, against the cluster mass, for "
    r"the Standard network (teal circles) and for No WL (purple squares, dashed): mean of each mass bin of 0.1 dex, "
    r"and the middle 68% of the clusters in the bin. The terse value has no unit, and its scale differs between "
    r"networks. Each saliency is therefore divided by its mean over all test clusters, which the legend gives. Pale "
    r"blue: range over the mock catalogs of the mass above which the survey is volume-limited. Hatched: range over "
    r"the mock catalogs of the median mass."
)
COLUMNS = {
    "panel": ("", "radius: left panel; mass: right panel"),
    "item": ("", "network (standard or no_wl) or range over the mock catalogs (transition or median_mass)"),
    "log_m": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"center of the mass bin, $\log_{10} M_{500}$"),
    "n_clusters": ("", "clusters in the mass bin"),
    "radius": (r"$R_{500}$", "outer radius of the shell"),
    "median_saliency": ("", r"median of $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$ over the clusters"),
    "mean": ("", r"mean of $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$ over the clusters"),
    "low": (
        "",
        r"of a network, quantile 0.16 of the saliency in the mass bin; of a range, its lowest $\log_{10} M_{500}$, "
        r"in dex($h^{-1}\,\mathrm{M}_\odot$)",
    ),
    "high": (
        "",
        r"of a network, quantile 0.84 of the saliency in the mass bin; of a range, its highest $\log_{10} M_{500}$, "
        r"in dex($h^{-1}\,\mathrm{M}_\odot$)",
    ),
    "overall": ("", r"mean of $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$ over all test clusters"),
}
LOOKS = {"standard": ("Standard", "#21908c", "o-"), "no_wl": ("No WL", "#440154", "s--")}


def reduce(
    interpretation_standard: ClusterCatalogs, interpretation_no_wl: ClusterCatalogs, mocks: ClusterCatalogs
) -> pd.DataFrame:
    """Return the saliency of the gas mass by radius and by mass, and two ranges of mass (section 5.2)."""
    left = median_by_radius(interpretation_no_wl, ("log_m_gas_shell",)).drop(columns="feature")
    parts = [left.assign(panel="radius", item="no_wl")]
    for item, interpretation in (("standard", interpretation_standard), ("no_wl", interpretation_no_wl)):
        parts.append(_by_mass(interpretation).assign(panel="mass", item=item))
    for item, values in (("transition", mocks.catalog("log_m_break")), ("median_mass", _median_masses(mocks))):
        parts.append(pd.DataFrame({"panel": "mass", "item": item, "low": [values.min()], "high": [values.max()]}))
    table = pd.concat(parts, ignore_index=True).astype({"n_clusters": "Int64"})
    return table[["panel", "item", *(name for name in table if name not in ("panel", "item"))]].round(6)


def _by_mass(interpretation: ClusterCatalogs) -> pd.DataFrame:
    from encluster.interpretation.saliency_profiles import AT_SHELL, mass_bins, profile_of

    profile, radii = profile_of(interpretation, "log_m_gas_shell")
    saliency, radius = profile[:, AT_SHELL], radii[AT_SHELL]
    rows = []
    for log_m, members in mass_bins(interpretation["log_m500c"]):
        low, high = np.quantile(saliency[members], [0.16, 0.84])
        row = {"log_m": log_m, "n_clusters": len(members), "radius": radius}
        rows.append({**row, "mean": saliency[members].mean(), "low": low, "high": high, "overall": saliency.mean()})
    return pd.DataFrame(rows)


def _median_masses(mocks: ClusterCatalogs) -> FloatArray:
    from encluster.interpretation.self_calibration import medians

    return medians(mocks["log_m500c"], mocks.offset)[mocks.n_clusters > 0]


def draw(table: pd.DataFrame) -> Figure:
    """Draw the saliency against radius and against mass."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.1, 3.3))
    by_radius = table[table["panel"] == "radius"]
    draw_by_radius(left, by_radius, mass_colors(by_radius["log_m"]))
    left.set(ylabel=LABEL, ylim=(0, 1.15 * by_radius["median_saliency"].max() or 1))
    left.text(0.04, 0.95, r"$\log M_\mathrm{gas}(r)$, No WL", transform=left.transAxes, va="top")
    add_mass_bar(figure, left, by_radius["log_m"])
    _draw_by_mass(right, table[table["panel"] == "mass"])
    return figure


def _draw_by_mass(axes: Axes, rows: pd.DataFrame) -> None:
    items = dict(iter(rows.groupby("item")))
    for item, (name, color, style) in LOOKS.items():
        line = items[item]
        overall = line["overall"].iloc[0]
        scale = 1 / overall if overall else 1.0
        axes.fill_between(line["log_m"], scale * line["low"], scale * line["high"], color=color, alpha=0.2, lw=0)
        label = f"{name} (mean {overall:.3f})"
        axes.plot(line["log_m"], scale * line["mean"], style, ms=3, color=color, label=label)
    low, high = items["transition"][["low", "high"]].iloc[0]
    axes.axvspan(low, high, color="#cfe3f3", lw=0, zorder=0, label="transition masses")
    low, high = items["median_mass"][["low", "high"]].iloc[0]
    axes.axvspan(low, high, fc="none", ec="#7cb518", hatch="////", lw=0.8, zorder=0, label="median masses")
    axes.set(
        xlabel=r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$",
        ylabel=rf"saliency of $M_\mathrm{{gas}}({line['radius'].iloc[0]:.2f}\,R_{{500}})$ / its mean",
    )
    axes.set_ylim(0, 1.05 * axes.get_ylim()[1])
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, columnspacing=1.2, borderaxespad=0.2)
