"""Matrices of test catalogs, a row per cluster and a column per pixel: Figures 6 and 10."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import FigureBase

if TYPE_CHECKING:
    from encluster.network.feature_set import FeatureSet
    from encluster.types import FloatArray, IntArray

NUMBER = 4
EXTENT = (0.05, 0.95)  # quantiles of N_cluster between which the sample lies; the extremes are not typical


def sample_of_test_set(features: FeatureSet) -> IntArray:
    """Return test catalogs spread evenly over N_cluster, in ascending order of it.

    Parameters
    ----------
    features : FeatureSet
        Of any model; the split does not depend on it.

    Returns
    -------
    IntArray, shape (4,)
        Numbers of catalogs: those nearest in N_cluster to equal steps between the 5th and the 95th percentile, the
        first of equals, each at most once. A smaller test set gives fewer.
    """
    from encluster.network.split import TESTING

    rest = features.indices(TESTING)
    n_clusters = features.n_clusters
    chosen: list[int] = []
    low, high = np.quantile(n_clusters[rest], EXTENT)
    for target in np.linspace(low, high, min(NUMBER, len(rest))):
        nearest = rest[np.argmin(np.abs(n_clusters[rest] - target))]
        chosen.append(int(nearest))
        rest = rest[rest != nearest]
    return np.array(sorted(chosen, key=lambda catalog: n_clusters[catalog]))


def pixels(values: FloatArray, digits: int, **columns: Any) -> pd.DataFrame:
    """Return a matrix as a row per pixel.

    Parameters
    ----------
    values : FloatArray, shape (n, w)
        Rows are clusters.
    digits : int
        Decimals that the table keeps.
    **columns : scalar
        Columns that all rows share.

    Returns
    -------
    pd.DataFrame
        The shared columns, then ``row`` (0 is the faintest cluster), ``feature`` (0 ... w - 1) and ``value``.
    """
    row, feature = np.indices(values.shape)
    flat = values.astype(float).ravel().round(digits)
    return pd.DataFrame({**columns, "row": row.ravel(), "feature": feature.ravel(), "value": flat})


def draw_matrices(
    figure: FigureBase,
    table: pd.DataFrame,
    *,
    cmap: str | Colormap,
    norm: Normalize,
    label: str,
    extend: str = "neither",
) -> None:
    """Draw the matrices of several catalogs side by side, with one scale of heights and colors.

    Parameters
    ----------
    figure : FigureBase
        A figure or a part of one, still empty.
    table : pd.DataFrame
        `pixels` with ``catalog`` and ``sigma8``.
    cmap, norm : Colormap, Normalize
        Colors of the values.
    label, extend : str
        Text of the color bar; the ends at which it has arrows.
    """
    catalogs = sorted((part for _, part in table.groupby("catalog")), key=lambda part: part["row"].max())
    tallest = catalogs[-1]["row"].max() + 1
    panels = figure.subplots(1, len(catalogs), sharey=True, squeeze=False)
    for axes, catalog in zip(panels[0], catalogs, strict=True):
        matrix = catalog.pivot(index="row", columns="feature", values="value")
        image = axes.imshow(matrix, cmap=cmap, norm=norm, aspect="auto", interpolation="nearest")
        # imshow sets the limits of each panel; a common scale shows how the heights differ
        axes.set_ylim(tallest - 0.5, -0.5)
        axes.set_title(
            rf"$\sigma_8={catalog['sigma8'].iloc[0]:.2f}$" + f"\n$N_\\mathrm{{cluster}}={len(matrix)}$", size=9
        )
        axes.set_xticks([0, 4, 11], ["1", "2", "3"])
        axes.minorticks_off()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        for edge in (0.5, 7.5):
            axes.plot([edge, edge], [-0.5, len(matrix) - 0.5], color="white", lw=1)
    panels[0, 0].set_ylabel(r"cluster, in order of $L_X$ (brightest at the bottom)")
    figure.supxlabel(r"1: $\log_{10} T$    2: $\log_{10} M_\mathrm{gas}(r)$    3: $\gamma(r)$", size=9)
    figure.colorbar(image, ax=panels, label=label, shrink=0.6, extend=extend)
