"""Figure 6: a sample of the 2D input matrices."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure

CAPTION = (
    "A sample of the 2D inputs, one matrix a testing catalog, drawn to one scale: their heights are the numbers of "
    "clusters. A row is a cluster; rows are in order of luminosity, the brightest at the bottom. Columns: 1, log "
    "T; 2, log M_gas in seven spherical shells, core first; 3, gas density slope gamma at their outer radii. Each "
    "group of columns is scaled linearly to 0..1 (or the configured interval) with constants from the whole grid."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the matrices; `data` is results/fig06.csv."""
    return draw_matrices(data, cmap="cividis", norm=Normalize(0, 1), label="scaled value")


def draw_matrices(
    data: pd.DataFrame, *, cmap: str | Colormap, norm: Normalize, label: str, extend: str = "neither"
) -> Figure:
    """Draw the matrices of several catalogs side by side, in one scale of heights and colors."""
    sigma8 = data.groupby("catalog")["sigma8"].first()
    matrices = {
        key: part.pivot(index="row", columns="feature", values="value") for key, part in data.groupby("catalog")
    }
    ordered = sorted(matrices, key=lambda catalog: len(matrices[catalog]))
    tallest = len(matrices[ordered[-1]])
    figure, panels = plt.subplots(1, len(ordered), figsize=(6.6, 5.4), sharey=True, squeeze=False)
    for axes, catalog in zip(panels[0], ordered, strict=True):
        matrix = matrices[catalog]
        image = axes.imshow(matrix, cmap=cmap, norm=norm, aspect="auto", interpolation="nearest")
        # imshow gives each panel its own limits; a common scale shows how the heights differ
        axes.set_ylim(tallest - 0.5, -0.5)
        axes.set_title(rf"$\sigma_8={sigma8[catalog]:.2f}$" + "\n" + rf"$N={len(matrix)}$", fontsize=9)
        axes.set_xticks([0, 4, 11], ["1", "2", "3"])
        axes.minorticks_off()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        for edge in (0.5, 7.5):
            axes.plot([edge, edge], [-0.5, len(matrix) - 0.5], color="white", lw=1)
    panels[0, 0].set_ylabel(r"cluster, in order of $L_X$ (brightest at the bottom)")
    figure.supxlabel(r"1: $\log T$    2: $\log M_\mathrm{gas}(r)$    3: $\gamma(r)$", fontsize=10)
    figure.colorbar(image, ax=panels, label=label, shrink=0.6, extend=extend)
    return figure
