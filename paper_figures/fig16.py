"""Figure 16: errors of three mass proxies."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from encluster.paper.published import PUBLISHED

LOOKS = {
    "m_gas": (r"$M_\mathrm{gas}$", "#6aa820", "--"),
    "yx": (r"$Y_X$", "#21908c", "-"),
    "terse": ("terse", "#440154", ":"),
}
CAPTION = (
    "Errors of mass proxies: predicted minus true log M500 of the testing clusters, by a line fitted to gas mass "
    "(dashed), to Y_X = M_gas T (solid) and to the terse value (dotted), without the mean error of each catalog. The "
    "legend has the standard deviation of ln M and its bootstrap error; the paper has "
    + ", ".join(f"{PUBLISHED[f'proxy_scatter_{name}'].value} %" for name in LOOKS)
    + "."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the distributions; `data` is results/fig16.csv."""
    figure, axes = plt.subplots(figsize=(5, 3.8))
    for name, (label, color, style) in LOOKS.items():
        line = data[data["proxy"] == name]
        scatter, error = 100 * line[["scatter", "scatter_err"]].iloc[0]
        shown = rf"{label}: ${scatter:.1f} \pm {error:.1f}\,\%$"
        axes.plot(line["error_dex"], line["density"], color=color, ls=style, lw=2, label=shown)
    edge = np.abs(data["error_dex"]).max()
    axes.set(
        xlabel=r"$\Delta\log_{10} M_{500}$, predicted $-$ true",
        ylabel="probability density [1/dex]",
        xlim=(-edge, edge),
        ylim=(0, 1.25 * data["density"].max()),
    )
    axes.legend(loc="upper left")
    return figure
