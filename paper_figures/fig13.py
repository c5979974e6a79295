"""Figure 13: averaged distributions of Y_X and L_X."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

LOOKS = {"low": ("#21908c", "-"), "high": ("#440154", "--"), "all": ("#31688e", "-")}
LABELS = {
    "log_yx": r"$\log_{10}\,(Y_X\;[h^{-1}\,\mathrm{M}_\odot\,$keV$])$",
    "log_lx": r"$\log_{10}\,(L_X\;[10^{44}\,\mathrm{erg\,s^{-1}}])$",
}
CAPTION = (
    "Distribution of Y_X (top) and L_X (bottom) of the clusters of a catalog, averaged over two sets of mock "
    "catalogs: those in which the survey becomes volume-limited at the lowest and at the highest mass. Arrows: "
    "medians. Dotted: where clusters at the break itself lie; under a flux limit, that is at one L_X in all catalogs."
    " Catalogs that all have the same break are one set."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw both panels; `data` is results/fig13.csv."""
    figure, panels = plt.subplots(2, 1, figsize=(4.8, 6.2))
    for axes, (quantity, label) in zip(panels, LABELS.items(), strict=True):
        lines = data[data["quantity"] == quantity]
        for name in lines["set"].unique():
            _line(axes, lines[lines["set"] == name], *LOOKS[name])
        seen = lines[lines["density"] > 0.002 * lines["density"].max()]["value"]
        axes.set(
            xlabel=label,
            ylabel="mean probability density [1/dex]",
            xlim=(seen.min(), seen.max()),
            ylim=(0, 1.3 * lines["density"].max()),
        )
    panels[0].legend(loc="upper right")
    return figure


def _line(axes: Axes, line: pd.DataFrame, color: str, style: str) -> None:
    first = line.iloc[0]
    words = "all with" if first["set"] == "all" else "mean"
    label = rf"{first['n_catalogs']} catalogs, {words} $\log_{{10}} M_\mathrm{{break}}={first['log_m_break']:.2f}$"
    axes.plot(line["value"], line["density"], color=color, ls=style, label=label)
    arrow = dict(arrowstyle="-|>", color=color, lw=1.8, mutation_scale=14)
    frame = axes.get_xaxis_transform()
    axes.annotate("", (first["median"], 0), (first["median"], 0.22), xycoords=frame, textcoords=frame, arrowprops=arrow)
    axes.axvline(first["at_break"], color=color, ls=":", lw=1)
