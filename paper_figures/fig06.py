"""Figure 6: a sample of the 2D input matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from input_matrices import draw_matrices, pixels, sample_of_test_set

if TYPE_CHECKING:
    from encluster.network.feature_set import FeatureSet

TITLE = "Sample of the 2D inputs"
INPUTS = {"features": "features/standard.h5"}
CAPTION = (
    r"A sample of the 2D inputs: the matrices of four test catalogs. Each row is a cluster, and the height of a matrix "
    r"is its number of clusters. The rows are in order of luminosity, with the brightest cluster at the bottom. "
    r"Columns: 1, $\log_{10} T$; 2, $\log_{10} M_\mathrm{gas}$ in seven spherical shells, the core first; 3, slope "
    r"$\gamma$ of the gas density at the outer radii of the shells. Each group of columns is scaled linearly to the "
    r"interval from 0 to 1 (or the configured interval), with constants from the whole parameter grid."
)
COLUMNS = {
    "catalog": ("", "index of the catalog in the mocks"),
    "sigma8": ("", r"$\sigma_8$ of the catalog"),
    "row": ("", "row of the matrix, a cluster; 0 is the faintest"),
    "feature": ("", r"column of the matrix: 0, $T$; 1 to 7, $M_\mathrm{gas}$; 8 to 14, $\gamma$"),
    "value": ("", "scaled value of the pixel"),
}


def reduce(features: FeatureSet) -> pd.DataFrame:
    """Return the pixels of four test catalogs, spread evenly over N_cluster (section 3.1)."""
    parts = []
    for catalog in sample_of_test_set(features):
        matrix = features.matrix[features.rows([catalog])]
        parts.append(pixels(matrix, 5, catalog=catalog, sigma8=features.sigma8[catalog]))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each matrix."""
    figure = plt.figure(figsize=(7.1, 4.6))
    draw_matrices(figure, table, cmap="cividis", norm=Normalize(0, 1), label="scaled value")
    return figure
