"""Figure 12: saliency of the gas mass without lensing masses, and against cluster mass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from saliency_lines import (
    GRADIENT,
    LABEL,
    add_mass_bar,
    draw_by_radius,
    mark_peak,
    mass_colors,
    median_by_radius,
    relative_saliencies,
)

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.types import FloatArray

TITLE = "Saliency with and without lensing masses"
INPUTS = {
    "interpretation_standard": "interpretation/{standard}.h5",
    "interpretation_no_wl": "interpretation/{no_wl}.h5",
    "mocks": "mocks/mocks.h5",
}
CAPTION = (
    r"Left: as the left panel of Figure 11, for No WL, the network without lensing masses. Right: saliency of the gas "
    r"mass $M_\mathrm{gas}$ in the last shell but one, which ends near $2/3\,R_{500}$, against the cluster mass, for "
    r"the Standard networks (teal circles) and for No WL (purple squares, dashed): mean of each mass bin of 0.1 dex "
    r"and over the networks trained from different seeds. Each saliency is divided by its mean over all test clusters "
    r"of the same network; the shape can then be compared. The legend gives this mean over that of the temperature "
    r"$T$, with its standard deviation over the networks. Bands: range over the networks, none if there is one. "
    r"Triangles and text: mass at which the saliency of a network is largest, mean over the networks, with its "
    r"error. Pale blue: range over the mock catalogs of the mass above which the survey is volume-limited. Hatched: "
    r"range over the mock catalogs of the median mass."
)
COLUMNS = {
    "panel": ("", "radius: left panel; mass: right panel"),
    "item": ("", "model (standard or no_wl) or range over the mock catalogs (transition or median_mass)"),
    "network": ("", "name of the network; the networks of one name differ by their seeds"),
    "method": ("", r"gradient, $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$, or integrated gradients"),
    "log_m": (
        r"dex($h^{-1}\,\mathrm{M}_\odot$)",
        r"center of the mass bin, $\log_{10} M_{500}$; empty for all clusters",
    ),
    "n_clusters": ("", "clusters in the mass bin"),
    "radius": (r"$R_{500}$", "outer radius of the shell"),
    "median_saliency": (
        "",
        "median over the clusters of the absolute saliency, divided by the mean saliency of $T$ of the same network",
    ),
    "mean": ("", "mean over the clusters of the same ratio"),
    "low": (
        "",
        r"of a network, quantile 0.16 of the ratio in the mass bin; of a range, its lowest $\log_{10} M_{500}$, "
        r"in dex($h^{-1}\,\mathrm{M}_\odot$)",
    ),
    "high": (
        "",
        r"of a network, quantile 0.84 of the ratio in the mass bin; of a range, its highest $\log_{10} M_{500}$, "
        r"in dex($h^{-1}\,\mathrm{M}_\odot$)",
    ),
    "overall": ("", "mean of the ratio over all test clusters"),
    "peak_radius": (r"$R_{500}$", "left panel: radius at which the median saliency of all clusters is largest"),
    "peak_radius_err": (
        r"$R_{500}$",
        "standard error of peak_radius from a bootstrap over the catalogs and the step of the radii",
    ),
    "peak_log_m": (
        r"dex($h^{-1}\,\mathrm{M}_\odot$)",
        r"right panel: center of the mass bin with the largest mean, $\log_{10} M_{500}$",
    ),
    "peak_log_m_err": (
        r"dex($h^{-1}\,\mathrm{M}_\odot$)",
        "standard error of peak_log_m from a bootstrap over the catalogs and the step of the mass bins",
    ),
}
LOOKS = {"standard": ("Standard", "#21908c", "o-"), "no_wl": ("No WL", "#440154", "s--")}


def reduce(
    interpretation_standard: Mapping[str, ClusterCatalogs],
    interpretation_no_wl: Mapping[str, ClusterCatalogs],
    mocks: ClusterCatalogs,
) -> pd.DataFrame:
    """Return the saliency of the gas mass by radius and by mass, and two ranges of mass (section 5.2)."""
    left = median_by_radius(interpretation_no_wl, ("log_m_gas_shell",)).drop(columns="feature")
    parts = [left.assign(panel="radius", item="no_wl")]
    for item, networks in (("standard", interpretation_standard), ("no_wl", interpretation_no_wl)):
        for names, interpretation in relative_saliencies(networks):
            parts.append(_by_mass(interpretation).assign(panel="mass", item=item, **names))
    for item, values in (("transition", mocks.catalog("log_m_break")), ("median_mass", _median_masses(mocks))):
        parts.append(pd.DataFrame({"panel": "mass", "item": item, "low": [values.min()], "high": [values.max()]}))
    table = pd.concat(parts, ignore_index=True).astype({"n_clusters": "Int64"})
    return table[list(COLUMNS)].round(6)


def _by_mass(interpretation: ClusterCatalogs) -> pd.DataFrame:
    from encluster.interpretation.largest_saliency import peak_mass
    from encluster.interpretation.saliency_profiles import AT_SHELL, mass_bins, profile_of

    profile, radii = profile_of(interpretation, "log_m_gas_shell")
    saliency, radius = profile[:, AT_SHELL], radii[AT_SHELL]
    peak = peak_mass(interpretation)
    rows = []
    for log_m, members in mass_bins(interpretation["log_m500c"]):
        low, high = np.quantile(saliency[members], [0.16, 0.84])
        row = {"log_m": log_m, "n_clusters": len(members), "radius": radius}
        rows.append({**row, "mean": saliency[members].mean(), "low": low, "high": high})
    return pd.DataFrame(rows).assign(overall=saliency.mean(), peak_log_m=peak.place, peak_log_m_err=peak.error)


def _median_masses(mocks: ClusterCatalogs) -> FloatArray:
    from encluster.interpretation.self_calibration import medians

    return medians(mocks["log_m500c"], mocks.offset)[mocks.n_clusters > 0]


def draw(table: pd.DataFrame) -> Figure:
    """Draw the saliency against radius and against mass."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.1, 3.5))
    by_radius = table[table["panel"] == "radius"]
    draw_by_radius(left, by_radius, mass_colors(by_radius["log_m"]))
    left.set(ylabel=LABEL, ylim=(0, 1.3 * left.get_ylim()[1]))
    gradient = by_radius[by_radius["method"] == GRADIENT]
    peak = mark_peak(left, gradient, "peak_radius", 0.82, color="black", unit=r"\,R_{500}")
    left.text(0.04, 0.96, rf"$\log M_\mathrm{{gas}}(r)$: {peak}", transform=left.transAxes, va="top")
    left.set_title("No WL", fontsize=9, loc="left")
    add_mass_bar(figure, left, by_radius["log_m"])
    _draw_by_mass(right, table[table["panel"] == "mass"])
    return figure


def _draw_by_mass(axes: Axes, rows: pd.DataFrame) -> None:
    for height, (item, (name, color, style)) in zip((0.88, 0.76), LOOKS.items(), strict=True):
        line = rows[(rows["item"] == item) & (rows["method"] == GRADIENT)]
        overall = line.groupby("network")["overall"].first()
        at = (line["mean"] / line["overall"].replace(0, 1)).groupby(line["log_m"])
        mean = at.mean()
        if len(overall) > 1:
            axes.fill_between(mean.index, at.min(), at.max(), color=color, alpha=0.25, lw=0)
        scatter = rf" \pm {overall.std():.2f}" if len(overall) > 1 else ""
        label = rf"{name} (mean ${overall.mean():.2f}{scatter}$)"
        axes.plot(mean.index, mean, style, ms=3, color=color, label=label)
        peak = mark_peak(axes, line, "peak_log_m", height, color=color)
        axes.text(0.97, height + 0.07, peak, color=color, transform=axes.transAxes, ha="right", va="center")
    ends = rows.groupby("item")[["low", "high"]].first().T
    axes.axvspan(*ends["transition"], color="#cfe3f3", lw=0, zorder=0, label="transition masses")
    low, high = ends["median_mass"]
    axes.axvspan(low, high, fc="none", ec="#7cb518", hatch="////", lw=0.8, zorder=0, label="median masses")
    axes.set(
        xlabel=r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$",
        ylabel=rf"saliency of $M_\mathrm{{gas}}({line['radius'].iloc[0]:.2f}\,R_{{500}})$ / its mean",
    )
    axes.set_ylim(0, 1.5 * axes.get_ylim()[1])
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, columnspacing=1.2, borderaxespad=0.2)
