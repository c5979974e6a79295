"""Figure 10: saliency maps of the catalogs of Figure 6."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure

from input_matrices import draw_matrices, pixels, sample_of_test_set

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.network.inputs import FeatureSet

TITLE = "Saliency maps"
INPUTS = {"interpretation": "interpretation/standard.h5", "features": "features/standard.h5"}
CAPTION = (
    r"Saliency maps of the catalogs of Figure 6: $|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$, the change "
    r"of the terse value of a cluster per change of one of its scaled inputs. Rows and columns are as in Figure 6: 1, "
    r"$\log_{10} T$; 2, $\log_{10} M_\mathrm{gas}$ in seven shells, the core first; 3, slope $\gamma$ of the gas "
    r"density. The terse value depends strongly on light pixels and weakly on dark ones. The terse value has no unit, "
    r"so only ratios of saliencies have a meaning. The colors end at the 99.5th percentile."
)
COLUMNS = {
    "catalog": ("", "index of the catalog in the mocks"),
    "sigma8": ("", r"$\sigma_8$ of the catalog"),
    "row": ("", "row of the matrix, a cluster; 0 is the faintest"),
    "feature": ("", r"column of the matrix: 0, $T$; 1 to 7, $M_\mathrm{gas}$; 8 to 14, $\gamma$"),
    "value": ("", r"$|\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}|$"),
}


def reduce(interpretation: ClusterCatalogs, features: FeatureSet) -> pd.DataFrame:
    """Return the saliency |d terse / d pixel| (eq. 4) of each pixel of the catalogs of Figure 6.

    Raises
    ------
    ValueError
        If the two inputs do not come from the same mocks and split.
    """
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
        saliency = np.abs(interpretation["saliency"][interpretation.rows([k])])
        parts.append(pixels(saliency, 6, catalog=catalog, sigma8=features.sigma8[catalog]))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each map."""
    # without the lightest end, which does not show on paper
    blues = ListedColormap(plt.get_cmap("Blues_r")(np.linspace(0, 0.88, 256)))
    norm = Normalize(0, float(table["value"].quantile(0.995)) or 1.0)
    label = r"$|\,\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}\,|$"
    return draw_matrices(table, cmap=blues, norm=norm, label=label, extend="max")
