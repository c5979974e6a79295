"""Figure 9: change of the predicted sigma8 when one cluster is removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.types import FloatArray

TITLE = "Removal of one cluster"
INPUTS = {
    "interpretation_standard": "interpretation/{standard}.h5",
    "interpretation_no_wl": "interpretation/{no_wl}.h5",
}
CAPTION = (
    r"Change of the predicted $\sigma_8$ when one cluster is removed from a test catalog: $\Delta\sigma_8$ is the "
    r"prediction without the cluster minus the prediction with all clusters. Top: Standard networks. Bottom: No WL, "
    r"the networks without lensing masses. Left: $\Delta\sigma_8$ against the mass of the removed cluster; median, and "
    r"the middle 68% and 95% of the clusters in mass bins of 0.1 dex. Right: cumulative distribution of "
    r"$\Delta\sigma_8$ for all clusters and for those above several masses (in $h^{-1}\,\mathrm{M}_\odot$); the wide "
    r"tails are cut off. All are means over the networks trained from different seeds. The darkest band on the left "
    r"and the bands on the right, for all clusters and for the highest mass, are the range of the median and of the "
    r"distribution over these networks; none if there is one. A network that used only the number of clusters would "
    r"predict a lower $\sigma_8$ after each "
    r"removal, whatever the mass."
)
COLUMNS = {
    "model": ("", "standard or no_wl"),
    "network": ("", "name of the network; the networks of one name differ by their seeds"),
    "panel": ("", "bands: a mass bin of the left panel; cdf: a step of a cumulative distribution"),
    "log_m": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"center of the mass bin, $\log_{10} M_{500}$"),
    "log_m_above": (
        r"dex($h^{-1}\,\mathrm{M}_\odot$)",
        r"lowest $\log_{10} M_{500}$ in the cumulative distribution; empty for all clusters",
    ),
    "n_clusters": ("", "clusters in the mass bin or in the distribution"),
    "low_95": ("", r"quantile 0.025 of $\Delta\sigma_8$ in the mass bin"),
    "low_68": ("", r"quantile 0.16 of $\Delta\sigma_8$ in the mass bin"),
    "median": ("", r"median $\Delta\sigma_8$ in the mass bin"),
    "high_68": ("", r"quantile 0.84 of $\Delta\sigma_8$ in the mass bin"),
    "high_95": ("", r"quantile 0.975 of $\Delta\sigma_8$ in the mass bin"),
    "delta": ("", r"$\Delta\sigma_8$ of the step"),
    "cdf": ("", r"share of the clusters with at most this $\Delta\sigma_8$"),
}
QUANTILES = {"low_95": 0.025, "low_68": 0.16, "median": 0.5, "high_68": 0.84, "high_95": 0.975}
BENCHMARKS = (14.2, 14.4, 14.6, 14.8, 15.0)  # log10 M500c [Msun/h]
STEPS = 200  # of each cumulative distribution
NAMES = {"standard": "Standard", "no_wl": "No WL"}
STYLES = (
    ("#21908c", "--"),
    ("#31688e", "-."),
    ("#e6a817", (0, (5, 1, 1, 1, 1, 1))),
    ("#8b5a00", ":"),
    ("#440154", "-"),
)
AXIS = r"$\Delta\sigma_8=\sigma_{8,\,\mathrm{one\ out}}-\sigma_{8,\,\mathrm{original}}$"


def reduce(
    interpretation_standard: Mapping[str, ClusterCatalogs], interpretation_no_wl: Mapping[str, ClusterCatalogs]
) -> pd.DataFrame:
    """Return the changes in mass bins and their cumulative distributions, for all networks (section 5.1)."""
    parts = []
    for model, networks in (("standard", interpretation_standard), ("no_wl", interpretation_no_wl)):
        for network, interpretation in networks.items():
            names = {"model": model, "network": network}
            delta, log_m = _changes(interpretation)
            parts.append(_bands(delta, log_m).assign(panel="bands", **names))
            parts += [part.assign(panel="cdf", **names) for part in _distributions(delta, log_m)]
    return pd.concat(parts, ignore_index=True).reindex(columns=list(COLUMNS)).round(7)


def _changes(interpretation: ClusterCatalogs) -> tuple[FloatArray, FloatArray]:
    """Return delta and log mass of the clusters whose removal leaves at least one cluster."""
    original = interpretation.catalog("sigma8_predicted")[interpretation.owner]
    delta = interpretation["sigma8_one_out"] - original
    some_remain = np.isfinite(delta)
    return delta[some_remain], interpretation["log_m500c"][some_remain].astype(float)


def _bands(delta: FloatArray, log_m: FloatArray) -> pd.DataFrame:
    from encluster.interpretation.saliency_profiles import mass_bins

    rows = []
    for center, members in mass_bins(log_m):
        levels = np.quantile(delta[members], list(QUANTILES.values()))
        rows.append({"log_m": center, "n_clusters": len(members), **dict(zip(QUANTILES, levels, strict=True))})
    return pd.DataFrame(rows)


def _distributions(delta: FloatArray, log_m: FloatArray) -> list[pd.DataFrame]:
    from encluster.interpretation.saliency_profiles import ENOUGH

    parts = []
    for benchmark in (None, *BENCHMARKS):
        above = np.sort(delta if benchmark is None else delta[log_m > benchmark])
        if len(above) < (1 if benchmark is None else ENOUGH):
            continue
        # the values at equal steps of rank; all of them where there are few
        rank = np.unique(np.linspace(0, len(above) - 1, STEPS + 1).astype(int))
        columns = {"log_m_above": benchmark, "n_clusters": len(above)}
        parts.append(pd.DataFrame({**columns, "delta": above[rank], "cdf": (rank + 1) / len(above)}))
    return parts


def draw(table: pd.DataFrame) -> Figure:
    """Draw mass bins and distributions, a row of panels for each network."""
    figure, panels = plt.subplots(2, 2, figsize=(7.1, 5.6), sharex="col")
    limit = 1.1 * np.nanmax(np.abs(table[["low_95", "high_95"]].to_numpy()), initial=1e-6)
    changes = table.groupby(["model", "log_m_above"], dropna=False)["delta"]
    low, high = changes.quantile(0.02).min(), changes.quantile(0.98).max()
    margin = 0.05 * (high - low) or 1e-3
    for (left, right), (model, name) in zip(panels, NAMES.items(), strict=True):
        own = table[table["model"] == model]
        _draw_bands(left, own[own["panel"] == "bands"])
        _draw_distributions(right, own[own["panel"] == "cdf"])
        left.set(ylabel=AXIS, ylim=(-limit, limit))
        right.set(ylabel="cumulative distribution", ylim=(0, 1), xlim=(low - margin, high + margin))
        left.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
        right.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        left.set_title(name, fontsize=9, loc="left")
    panels[1, 0].set_xlabel(r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$")
    panels[1, 1].set_xlabel(AXIS)
    above = dict(loc="lower right", bbox_to_anchor=(1, 1), columnspacing=1.2, borderaxespad=0.2)
    panels[0, 0].legend(**above, ncols=2)
    panels[0, 1].legend(**above, ncols=3, handlelength=2.4)
    return figure


def _draw_bands(axes: Axes, bins: pd.DataFrame) -> None:
    at = bins.groupby("log_m")
    mean = at[list(QUANTILES)].mean()
    axes.axhline(0, color="0.4", lw=0.8, ls=":")
    axes.fill_between(mean.index, mean["low_95"], mean["high_95"], color="#31688e", alpha=0.2, lw=0, label="95%")
    axes.fill_between(mean.index, mean["low_68"], mean["high_68"], color="#31688e", alpha=0.4, lw=0, label="68%")
    if bins["network"].nunique() > 1:
        low, high = at["median"].min(), at["median"].max()
        axes.fill_between(low.index, low, high, color="#14304a", alpha=0.6, lw=0, label="networks")
    axes.plot(mean.index, mean["median"], color="#14304a", label="median")


def _draw_distributions(axes: Axes, steps: pd.DataFrame) -> None:
    axes.axvline(0, color="0.4", lw=0.8, ls=":")
    axes.axhline(0.5, color="0.4", lw=0.8, ls=":")
    benchmarks = list(steps["log_m_above"].dropna().unique())
    # the last style, solid purple, is for the highest mass
    styles = STYLES[len(STYLES) - len(benchmarks) :]
    for mass, (color, style) in zip([np.nan, *benchmarks], [("#7cb518", "-"), *styles], strict=True):
        line = steps[steps["log_m_above"].isna() if np.isnan(mass) else steps["log_m_above"] == mass]
        at = line.groupby("cdf")["delta"]
        if steps["network"].nunique() > 1 and (np.isnan(mass) or mass == benchmarks[-1]):
            axes.fill_betweenx(at.min().index, at.min(), at.max(), color=color, alpha=0.25, lw=0)
        label = "all clusters" if np.isnan(mass) else rf"$M_{{500}}>10^{{{mass:.1f}}}$"
        axes.plot(at.mean(), at.mean().index, color=color, ls=style, label=label)
