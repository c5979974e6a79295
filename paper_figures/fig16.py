"""Figure 16: errors of three mass proxies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = "Errors of three mass proxies"
INPUTS = {"interpretation": "interpretation/standard.h5"}
CAPTION = (
    r"Distribution of the errors of three mass proxies: predicted minus true $\log_{10} M_{500}$ of the test clusters. "
    r"The prediction is a line fitted to $M_\mathrm{gas}$ (dashed), to $Y_X = M_\mathrm{gas} T$ (solid) or to the "
    r"terse value (dotted). The mean error of each catalog is subtracted. The legend gives the standard deviation of "
    r"the errors in the natural logarithm of the mass, and its bootstrap error. The paper gives 17.9% for "
    r"$M_\mathrm{gas}$, 7.3% for $Y_X$ and 16.1% for the terse value."
)
COLUMNS = {
    "proxy": ("", "m_gas, yx or terse"),
    "error_dex": ("dex", r"center of the bin, predicted minus true $\log_{10} M_{500}$, less the mean of the catalog"),
    "density": ("1/dex", "probability density of the errors"),
    "outside": ("", "share of the errors beyond the bins"),
    "scatter": ("", "standard deviation of the errors in the natural logarithm of the mass"),
    "scatter_err": ("", "bootstrap error of scatter"),
    "half_16_84": ("", "half the range from the 16th to the 84th percentile of the same errors"),
}
WIDTH = 0.01  # dex
SHARE = 0.99  # of the errors of the widest proxy that the bins hold
LOOKS = {
    "m_gas": (r"$M_\mathrm{gas}$", "#6aa820", "--"),
    "yx": (r"$Y_X$", "#21908c", "-"),
    "terse": ("terse", "#440154", ":"),
}


def reduce(interpretation: ClusterCatalogs) -> pd.DataFrame:
    """Return the distribution of the errors of each proxy, of all test clusters (section 5.3).

    An error is predicted minus true log mass, less its mean over the catalog.
    """
    from encluster.interpretation.mass_proxies import proxy_scatter

    log_m = interpretation["log_m500c"].astype(float)
    proxies = {
        "m_gas": interpretation["log_m_gas"],
        "yx": interpretation["log_m_gas"].astype(float) + interpretation["log_temperature"],
        "terse": interpretation["terse"],
    }
    found = {name: proxy_scatter(log_m, values.astype(float), interpretation.owner) for name, values in proxies.items()}
    widest = max(np.quantile(np.abs(proxy.residual), SHARE) for proxy in found.values())
    number = int(widest / WIDTH) + 1  # bins on either side
    edges = WIDTH * np.arange(-number, number + 1)
    parts = []
    for name, proxy in found.items():
        count, _ = np.histogram(proxy.residual, edges)
        columns = {
            "proxy": name,
            "error_dex": ((edges[1:] + edges[:-1]) / 2).round(6),
            "density": (count / (len(log_m) * WIDTH)).round(6),
            "outside": 1 - count.sum() / len(log_m),
            "scatter": proxy.scatter,
            "scatter_err": proxy.error,
            "half_16_84": proxy.half_16_84,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw the three distributions."""
    figure, axes = plt.subplots(figsize=(3.39, 2.9))
    for name, (label, color, style) in LOOKS.items():
        line = table[table["proxy"] == name]
        scatter, error = 100 * line[["scatter", "scatter_err"]].iloc[0]
        shown = rf"{label}: ${scatter:.1f} \pm {error:.1f}\,\%$"
        axes.plot(line["error_dex"], line["density"], color=color, ls=style, lw=1.8, label=shown)
    edge = np.abs(table["error_dex"]).max()
    axes.set(
        xlabel=r"$\Delta\log_{10} M_{500}$, predicted $-$ true",
        ylabel=r"probability density [dex$^{-1}$]",
        xlim=(-edge, edge),
        ylim=(0, 1.1 * table["density"].max()),
    )
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), borderaxespad=0.2)
    return figure
