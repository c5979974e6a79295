"""Figure 13: distributions of Y_X and L_X in catalogs whose survey has a low or a high break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = r"Distributions of $Y_X$ and $L_X$"
INPUTS = {"mocks": "mocks/mocks.h5"}
CAPTION = (
    r"Distribution of $Y_X$ (top) and of $L_X$ (bottom) of the clusters of a catalog, averaged over two sets of mock "
    r"catalogs: the eighth with the lowest and the eighth with the highest $M_\mathrm{break}$, the mass above which "
    r"the survey is volume-limited. Arrows: medians of the averaged distributions. Dotted lines: medians of the "
    r"clusters within 0.05 dex of the $M_\mathrm{break}$ of their own catalog. Under a flux limit, these clusters have "
    r"the same $L_X$ in all catalogs. If all catalogs have the same $M_\mathrm{break}$, they are one set."
)
COLUMNS = {
    "quantity": (
        "",
        r"log_yx: $\log_{10} Y_X$ in dex($h^{-1}\,\mathrm{M}_\odot\,\mathrm{keV}$); "
        r"log_lx: $\log_{10} L_X$ in dex($10^{44}\,\mathrm{erg}\,\mathrm{s}^{-1}$)",
    ),
    "set": ("", "catalogs of low or high break; all, if all breaks are equal"),
    "n_catalogs": ("", "catalogs in the set"),
    "log_m_break": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"mean $\log_{10} M_\mathrm{break}$ of the set"),
    "value": ("that of the quantity", "center of the bin"),
    "density": ("1/dex", "probability density, averaged over the catalogs with equal weight"),
    "median": ("that of the quantity", "median of the averaged distribution"),
    "at_break": ("that of the quantity", "median of the clusters of the set within 0.05 dex of their catalog's break"),
}
WIDTH = 0.05  # dex
NEAR = 0.05  # dex in mass, about the break
LOOKS = {"low": ("#21908c", "-"), "high": ("#440154", "--"), "all": ("#31688e", "-")}
LABELS = {
    "log_yx": r"$\log_{10}\,(Y_X\;[h^{-1}\,\mathrm{M}_\odot\,\mathrm{keV}])$",
    "log_lx": r"$\log_{10}\,(L_X\;[10^{44}\,\mathrm{erg\,s^{-1}}])$",
}


def reduce(mocks: ClusterCatalogs) -> pd.DataFrame:
    """Return the averaged distributions of the catalogs of low and of high break (section 5.2.1).

    Where all catalogs have the same break, as with ``mocks.flux_limit: mass``, they are one set, ``all``.
    """
    from encluster.interpretation.self_calibration import averaged_pdf, log_yx, transition_sets

    log_m_break, owner = mocks.catalog("log_m_break"), mocks.owner
    near = np.abs(mocks["log_m500c"] - log_m_break[owner]) < NEAR
    parts = []
    for quantity, values in (("log_yx", log_yx(mocks)), ("log_lx", mocks["log_lx"].astype(float))):
        edges = WIDTH * np.arange(np.floor(values.min() / WIDTH), np.floor(values.max() / WIDTH) + 2)
        for name, catalogs in transition_sets(log_m_break).items():
            averaged = averaged_pdf(values, mocks.offset, catalogs, edges)
            of_break = values[near & np.isin(owner, catalogs)]
            columns = {
                "quantity": quantity,
                "set": name,
                "n_catalogs": len(catalogs),
                "log_m_break": log_m_break[catalogs].mean(),
                "value": ((edges[1:] + edges[:-1]) / 2).round(6),
                "density": averaged.density.round(6),
                "median": averaged.median,
                "at_break": np.median(of_break) if len(of_break) else np.nan,
            }
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each quantity."""
    figure, panels = plt.subplots(2, 1, figsize=(3.39, 4.8))
    for axes, (quantity, label) in zip(panels, LABELS.items(), strict=True):
        lines = table[table["quantity"] == quantity]
        for name in lines["set"].unique():
            _draw_line(axes, lines[lines["set"] == name], *LOOKS[name])
        seen = lines[lines["density"] > 0.002 * lines["density"].max()]["value"]
        axes.set(
            xlabel=label,
            ylabel=r"probability density [dex$^{-1}$]",
            xlim=(seen.min(), seen.max()),
            ylim=(0, 1.1 * lines["density"].max()),
        )
    panels[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1), borderaxespad=0.2)
    return figure


def _draw_line(axes: Axes, line: pd.DataFrame, color: str, style: str) -> None:
    first = line.iloc[0]
    words = "all with" if first["set"] == "all" else "mean"
    label = rf"{first['n_catalogs']} catalogs, {words} $\log_{{10}} M_\mathrm{{break}}={first['log_m_break']:.2f}$"
    axes.plot(line["value"], line["density"], color=color, ls=style, label=label)
    arrow = dict(arrowstyle="-|>", color=color, lw=1.5, mutation_scale=10)
    frame = axes.get_xaxis_transform()
    axes.annotate("", (first["median"], 0), (first["median"], 0.22), xycoords=frame, textcoords=frame, arrowprops=arrow)
    axes.axvline(first["at_break"], color=color, ls=":", lw=1)
