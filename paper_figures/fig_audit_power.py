"""Power of the audit against the size of a planted leak."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

TITLE = "Power of the audit"
INPUTS = {"power": "audits/power.csv"}
CAPTION = (
    "Share of audits that find a planted leak, against its size. The catalogs are the test catalogs; the values follow "
    "mass with normal scatter, of which a part is common to the clusters of a catalog, as measured from the terse "
    r"values of the Standard model. Dashed: the test of one cluster, which compares terse value and $\sigma_8$ at "
    r"equal mass. Solid: the test of a catalog, a regression of $\sigma_8$ on all its values. Dotted: verdict FAIL, a "
    "significant leak above its limit. The left end of each line is the share of false alarms without a leak. Size: "
    r"share of the clusters that carry $\sigma_8$ exactly (few clusters); share of the variance at fixed mass (all "
    "clusters, highest tenth, supplementary input); variance of the logarithm of the scatter (scatter)."
)
COLUMNS = {
    "kind": ("", "kind of leak"),
    "size": ("", "size of the leak; 0: no leak"),
    "n_audits": ("", "number of audits"),
    "in_cluster": ("", "share of the audits in which the test of one cluster is significant"),
    "in_catalog": ("", "share of the audits in which the test of a catalog is significant"),
    "found": ("", "share of the audits in which any test is significant"),
    "failed": ("", "share of the audits with the verdict FAIL"),
    "leak": ("", r"median of the share of variance that value and $\sigma_8$ of a cluster have in common"),
    "r_squared": ("", r"median of the share of the variance of $\sigma_8$ that the regression predicts"),
}
UNITS = {
    "few clusters, far outside": "of the clusters",
    "few clusters, among the others": "of the clusters",
    "all clusters": "of the variance",
    "highest tenth": "of the variance",
    "scatter": r"variance of $\ln$ scatter",
    "supplementary input": "of its variance",
}
LINES = {
    "in_cluster": ("in one cluster", "#21908c", "--"),
    "in_catalog": ("in a catalog", "#440154", "-"),
    "failed": ("verdict FAIL", "#e6a817", ":"),
}


def reduce(power: pd.DataFrame) -> pd.DataFrame:
    """Return the measured power, a row for each kind and size of leak."""
    return power[list(COLUMNS)]


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each kind of leak."""
    figure, panels = plt.subplots(2, 3, figsize=(7.1, 4.2), sharex=True, sharey=True)
    for axes, (kind, unit) in zip(panels.flat, UNITS.items(), strict=True):
        rows = table[table["kind"] == kind]
        if len(rows):
            # zero has no place on a logarithmic axis
            size = 100 * np.maximum(rows["size"].astype(float), rows["size"][rows["size"] > 0].min() / 2)
            for name, (label, color, style) in LINES.items():
                axes.plot(
                    size, rows[name].astype(float), color=color, ls=style, lw=1.6, marker="o", ms=2.5, label=label
                )
        axes.set_title(kind, fontsize=9)
        axes.set(xscale="log", ylim=(-0.04, 1.04), xlabel=f"size [%], {unit}")
    for axes in panels[:, 0]:
        axes.set_ylabel("share of audits")
    ticks = [0.05, 0.1, 1, 10]
    panels[0, 0].set_xticks(ticks, ["none", "0.1", "1", "10"])
    panels[0, 0].minorticks_off()
    for axes in panels[0]:
        axes.tick_params(labelbottom=True)
    if len(table):
        lines, labels = panels[0, 0].get_legend_handles_labels()
        figure.legend(lines, labels, loc="outside upper center", ncols=len(labels))
    return figure
