"""Figure 10: saliency maps of the catalogs of Figure 6."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure

from input_matrices import draw_matrices, pixels, sample_of_test_set

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.network.feature_set import FeatureSet

TITLE = "Saliency maps"
INPUTS = {"interpretation": "interpretation/{standard}.h5", "features": "features/standard.h5"}
CAPTION = (
    r"Top: saliency maps of the catalogs of Figure 6, $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$, the "
    r"change of the terse value of a cluster per change of one of its scaled inputs, for the network of the first "
    r"seed. Rows and columns are as in Figure 6: 1, $\log_{10} T$; 2, $\log_{10} M_\mathrm{gas}$ in seven shells, the "
    r"core first; 3, slope $\gamma$ of the gas density. The terse value depends strongly on light pixels and weakly on "
    r"dark ones. The colors end at the 99.5th percentile. Bottom: mean of each column over all test clusters, one thin "
    r"line for each network trained from another seed, and their mean (thick). Left, the gradient of the maps; right, "
    r"integrated gradients. The scale of the terse value differs between networks; the saliency of each network is "
    r"therefore divided by its mean saliency of the temperature $T$."
)
COLUMNS = {
    "panel": ("", "map: a pixel of a map of the first network; mean: a column's mean over all test clusters"),
    "network": ("", "name of the network; the networks of one name differ by their seeds"),
    "method": ("", r"gradient, $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$, or integrated gradients"),
    "catalog": ("", "map: index of the catalog in the mocks"),
    "sigma8": ("", r"map: $\sigma_8$ of the catalog"),
    "row": ("", "map: row of the matrix, a cluster; 0 is the faintest"),
    "feature": ("", r"column of the matrix: 0, $T$; 1 to 7, $M_\mathrm{gas}$; 8 to 14, $\gamma$"),
    "value": ("", "absolute saliency, divided by the mean saliency of $T$ of the same network"),
}
GRADIENT = "gradient"


def reduce(interpretation: Mapping[str, ClusterCatalogs], features: FeatureSet) -> pd.DataFrame:
    """Return the relative saliency (eq. 4) of each pixel of the catalogs of Figure 6, and the mean of each column.

    Raises
    ------
    ValueError
        If the two inputs do not come from the same mocks and split.
    """
    from encluster.interpretation.relative_saliency import METHODS, relative_to_temperature

    maps, means = [], []
    for number, (network, of_network) in enumerate(interpretation.items()):
        for method in METHODS:
            relative = relative_to_temperature(of_network, method)
            names = {"network": network, "method": method}
            if number == 0:
                maps.append(_maps(relative, features).assign(panel="map", **names))
            mean = relative["saliency"].mean(axis=0).round(6)
            means.append(pd.DataFrame({"panel": "mean", **names, "feature": np.arange(len(mean)), "value": mean}))
    table = pd.concat([*maps, *means], ignore_index=True)
    return table[list(COLUMNS)].astype({"catalog": "Int64", "row": "Int64"})


def _maps(interpretation: ClusterCatalogs, features: FeatureSet) -> pd.DataFrame:
    places = {int(catalog): k for k, catalog in enumerate(interpretation.catalog("catalog"))}
    parts = []
    for catalog in sample_of_test_set(features):
        k = places.get(int(catalog))
        found = 0 if k is None else interpretation.n_clusters[k]
        if k is None or found != features.n_clusters[catalog]:
            raise ValueError(
                f"interpretation: catalog {catalog} has {found} clusters there, "
                f"{features.n_clusters[catalog]} in the features; both must come from the same mocks and split"
            )
        saliency = interpretation["saliency"][interpretation.rows([k])]
        parts.append(pixels(saliency, 5, catalog=catalog, sigma8=features.sigma8[catalog]))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each map, and the means of the columns below."""
    figure = plt.figure(figsize=(7.1, 6.4))
    grid = figure.add_gridspec(2, 1, height_ratios=(4.4, 2))
    top, bottom = (figure.add_subfigure(part) for part in (grid[0], grid[1]))
    maps = table[(table["panel"] == "map") & (table["method"] == GRADIENT)]
    # without the lightest end, which does not show on paper
    blues = ListedColormap(plt.get_cmap("Blues_r")(np.linspace(0, 0.88, 256)))
    norm = Normalize(0, float(maps["value"].quantile(0.995)) or 1.0)
    draw_matrices(top, maps, cmap=blues, norm=norm, label="saliency / mean saliency of $T$", extend="max")
    means = table[table["panel"] == "mean"]
    panels = bottom.subplots(1, 2, sharey=True)
    for axes, (method, rows) in zip(panels, means.groupby("method"), strict=True):
        _draw_means(axes, rows)
        axes.set_title(method, fontsize=9)
    panels[0].set(ylabel="mean saliency / that of $T$", ylim=(0, 1.1 * means["value"].max() or 1))
    return figure


def _draw_means(axes: Axes, rows: pd.DataFrame) -> None:
    by_network = rows.pivot(index="feature", columns="network", values="value")
    # apart, because a line from one quantity to the next has no meaning
    for first, last in ((0, 0), (1, 7), (8, 14)):
        part = by_network.loc[first:last]
        axes.plot(part.index, part, "o-", ms=2, lw=0.7, color="#31688e")
        axes.plot(part.index, part.mean(axis=1), "o-", ms=4, lw=2, color="#14304a")
    for edge in (0.5, 7.5):
        axes.axvline(edge, color="0.6", lw=0.8)
    axes.set_xticks([0, 4, 11], ["1", "2", "3"])
    axes.tick_params(axis="x", which="both", length=0)
