"""Figure 16: errors of three mass proxies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = "Errors of three mass proxies"
INPUTS = {"interpretation": "interpretation/{standard}.h5"}
CAPTION = (
    r"Distribution of the errors of three mass proxies: predicted minus true $\log_{10} M_{500}$ of the test clusters. "
    r"The prediction is a line fitted to $M_\mathrm{gas}$ (dashed), to $Y_X = M_\mathrm{gas} T$ (solid) or to the "
    r"terse value (dotted). The mean error of each catalog is subtracted. The legend gives the standard deviation of "
    r"the errors in the natural logarithm of the mass, and its bootstrap error. The terse value is that of a network: "
    r"line and number are means over the networks trained from different seeds. If there are several, the band is "
    r"their range, and the second error in the legend is the standard deviation over them. The paper gives 17.9% for "
    r"$M_\mathrm{gas}$, 7.3% for $Y_X$ and 16.1% for the terse value."
)
COLUMNS = {
    "proxy": ("", "m_gas, yx or terse"),
    "error_dex": ("dex", r"center of the bin, predicted minus true $\log_{10} M_{500}$, less the mean of the catalog"),
    "density": ("1/dex", "probability density of the errors, mean over the networks"),
    "density_lowest": ("1/dex", "lowest density of the networks"),
    "density_highest": ("1/dex", "highest density of the networks"),
    "outside": ("", "share of the errors beyond the bins, mean over the networks"),
    "scatter": ("", "standard deviation of the errors in the natural logarithm of the mass, mean over the networks"),
    "scatter_err": ("", "bootstrap error of scatter over the catalogs, mean over the networks"),
    "scatter_networks": ("", "standard deviation of scatter over the networks; empty unless there are several"),
    "half_16_84": (
        "",
        "half the range from the 16th to the 84th percentile of the same errors, mean over the networks",
    ),
    "networks": ("", "number of networks; 0 for a proxy without a network"),
}
WIDTH = 0.01  # dex
SHARE = 0.99  # of the errors of the widest proxy that the bins hold
LOOKS = {
    "m_gas": (r"$M_\mathrm{gas}$", "#6aa820", "--"),
    "yx": (r"$Y_X$", "#21908c", "-"),
    "terse": ("terse", "#440154", ":"),
}


def reduce(interpretation: Mapping[str, ClusterCatalogs]) -> pd.DataFrame:
    """Return the distribution of the errors of each proxy, of all test clusters (section 5.3).

    An error is predicted minus true log mass, less its mean over the catalog.
    """
    from encluster.interpretation.mass_proxies import proxy_scatter

    first = next(iter(interpretation.values()))  # the clusters are the same for all networks
    log_m = first["log_m500c"].astype(float)
    proxies = {
        "m_gas": [first["log_m_gas"]],
        "yx": [first["log_m_gas"].astype(float) + first["log_temperature"]],
        "terse": [of_network["terse"] for of_network in interpretation.values()],
    }
    found = {
        name: [proxy_scatter(log_m, values.astype(float), first.owner) for values in several]
        for name, several in proxies.items()
    }
    widest = max(np.quantile(np.abs(proxy.residual), SHARE) for several in found.values() for proxy in several)
    number = int(widest / WIDTH) + 1  # bins on either side
    edges = WIDTH * np.arange(-number, number + 1)
    parts = []
    for name, several in found.items():
        counts = np.array([np.histogram(proxy.residual, edges)[0] for proxy in several])
        density = counts / (len(log_m) * WIDTH)
        scatter = pd.Series([proxy.scatter for proxy in several])
        columns = {
            "proxy": name,
            "error_dex": ((edges[1:] + edges[:-1]) / 2).round(6),
            "density": density.mean(axis=0).round(6),
            "density_lowest": density.min(axis=0).round(6),
            "density_highest": density.max(axis=0).round(6),
            "outside": 1 - counts.sum(axis=1).mean() / len(log_m),
            "scatter": scatter.mean(),
            "scatter_err": np.mean([proxy.error for proxy in several]),
            "scatter_networks": scatter.std(),
            "half_16_84": np.mean([proxy.half_16_84 for proxy in several]),
            "networks": len(several) if name == "terse" else 0,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw the three distributions."""
    figure, axes = plt.subplots(figsize=(3.39, 2.9))
    for name, (label, color, style) in LOOKS.items():
        line = table[table["proxy"] == name]
        scatter, error, over_networks = 100 * line[["scatter", "scatter_err", "scatter_networks"]].iloc[0]
        second = rf" \pm {over_networks:.1f}" if np.isfinite(over_networks) else ""
        shown = rf"{label}: ${scatter:.1f} \pm {error:.1f}{second}\,\%$"
        low, high = line["density_lowest"], line["density_highest"]
        axes.fill_between(line["error_dex"], low, high, color=color, alpha=0.25, lw=0)
        axes.plot(line["error_dex"], line["density"], color=color, ls=style, lw=1.8, label=shown)
    edge = np.abs(table["error_dex"]).max()
    axes.set(
        xlabel=r"$\Delta\log_{10} M_{500}$, predicted $-$ true",
        ylabel=r"probability density [dex$^{-1}$]",
        xlim=(-edge, edge),
        ylim=(0, 1.1 * table["density_highest"].max()),
    )
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), borderaxespad=0.2)
    return figure
