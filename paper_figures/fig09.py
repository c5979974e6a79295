"""Figure 9: one cluster left out."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

CAPTION = (
    "Change of the predicted sigma8 when one cluster is left out of a testing catalog, for the Standard network "
    "(top) and for the one without lensing masses (bottom). Left: against the mass of that cluster: median, and the "
    "middle 68 % and 95 % of the clusters in bins of 0.1 dex. Right: cumulative distribution of the change for all "
    "clusters and for those above several masses; the wide tails are cut off. A network that merely counted would "
    "always answer with a lower sigma8, whatever the mass."
)
NAMES = {"standard": "Standard", "no_wl": "No WL"}
STYLES = (
    ("#21908c", "--"),
    ("#31688e", "-."),
    ("#e6a817", (0, (5, 1, 1, 1, 1, 1))),
    ("#8b5a00", ":"),
    ("#440154", "-"),
)
AXIS = r"$\Delta\sigma_8=\sigma_{8,\,\mathrm{one\ out}}-\sigma_{8,\,\mathrm{original}}$"


def make(data: pd.DataFrame) -> Figure:
    """Draw bands and distributions; `data` is results/fig09.csv."""
    figure, panels = plt.subplots(2, 2, figsize=(7.4, 6.2), sharex="col")
    limit = 1.1 * np.nanmax(np.abs(data[["low_95", "high_95"]].to_numpy()), initial=1e-6)
    changes = data.groupby(["model", "log_m_above"], dropna=False)["delta"]
    low, high = changes.quantile(0.02).min(), changes.quantile(0.98).max()
    margin = 0.05 * (high - low) or 1e-3
    for (left, right), (model, name) in zip(panels, NAMES.items(), strict=True):
        own = data[data["model"] == model]
        _bands(left, own[own["panel"] == "bands"])
        _distributions(right, own[own["panel"] == "cdf"])
        left.set(ylabel=AXIS, ylim=(-limit, limit))
        right.set(ylabel="CDF", ylim=(0, 1), xlim=(low - margin, high + margin))
        left.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
        left.text(0.04, 0.94, name, transform=left.transAxes, va="top", fontsize=11)
    panels[1, 0].set_xlabel(r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$")
    panels[1, 1].set_xlabel(AXIS)
    panels[0, 0].legend(loc="upper right")
    panels[0, 1].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, handlelength=2.4, columnspacing=1.2)
    return figure


def _bands(axes: Axes, data: pd.DataFrame) -> None:
    axes.axhline(0, color="0.4", lw=0.8, ls=":")
    axes.fill_between(data["log_m"], data["low_95"], data["high_95"], color="#31688e", alpha=0.2, lw=0, label="95 %")
    axes.fill_between(data["log_m"], data["low_68"], data["high_68"], color="#31688e", alpha=0.4, lw=0, label="68 %")
    axes.plot(data["log_m"], data["median"], color="#14304a", label="median")


def _distributions(axes: Axes, data: pd.DataFrame) -> None:
    axes.axvline(0, color="0.4", lw=0.8, ls=":")
    axes.axhline(0.5, color="0.4", lw=0.8, ls=":")
    everything = data[data["log_m_above"].isna()]
    axes.plot(everything["delta"], everything["cdf"], color="#7cb518", label="all clusters")
    benchmarks = list(data["log_m_above"].dropna().unique())
    # the last style, solid purple, is for the highest mass
    for mass, (color, style) in zip(benchmarks, STYLES[len(STYLES) - len(benchmarks) :], strict=True):
        line = data[data["log_m_above"] == mass]
        axes.plot(line["delta"], line["cdf"], color=color, ls=style, label=rf"$\log M_{{500}}>{mass:.1f}$")
