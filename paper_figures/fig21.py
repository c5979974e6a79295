"""Figure 21: correlations of the terse value of the prescriptive model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from hexagon_panels import count_norm, draw_hexagons, terse_histograms

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = "Correlations of the terse value, prescriptive model"
INPUTS = {"interpretation": "interpretation/{prescriptive}.h5"}
CAPTION = (
    r"As Figure 15, for the prescriptive model of Appendix B: terse value of each test cluster against its mass "
    r"$M_{500}$ (top) and against the $\sigma_8$ of its catalog (bottom). Each panel gives the rank correlation "
    r"$\rho$ and its 95% interval. A single cluster contains information on its mass, but hardly on $\sigma_8$. A "
    r"network whose terse value correlates with $\sigma_8$ and not with mass is overspecialized. The exponents of "
    r"$\sigma_8$ in the data of the prescriptive model are a stand-in for those of Singh et al. (2019), which could "
    r"not be obtained (decision D15)."
)
COLUMNS = {
    "quantity": ("", "quantity on the y axis: log_m500c or sigma8"),
    "x": ("", "center of the hexagon, terse value"),
    "y": ("that of the quantity", "center of the hexagon, quantity (of the mass the decimal logarithm)"),
    "dx": ("", "width of the hexagons"),
    "dy": ("that of the quantity", "distance of the rows of hexagons, 3/4 of their height"),
    "count": ("", "clusters in the hexagon"),
    "rho": ("", "rank correlation of terse value and quantity, of the first network"),
    "rho_low": ("", r"lower end of the 95% interval of $\rho$"),
    "rho_high": ("", r"upper end of the 95% interval of $\rho$"),
    "rho_lowest": ("", r"lowest $\rho$ of the networks, with the sign of the first for mass"),
    "rho_highest": ("", r"highest $\rho$ of the networks, with the sign of the first for mass"),
    "networks": ("", "number of networks"),
}
QUANTITIES = ("log_m500c", "sigma8")


def reduce(interpretation: Mapping[str, ClusterCatalogs]) -> pd.DataFrame:
    """Return the histograms of mass and sigma8 (Appendix B)."""
    return terse_histograms(interpretation, QUANTITIES)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each quantity."""
    figure, panels = plt.subplots(2, 1, figsize=(3.39, 5.2), sharex=True)
    norm = count_norm(table)
    for axes, name in zip(panels, QUANTITIES, strict=True):
        hexagons = draw_hexagons(axes, table[table["quantity"] == name], norm)
    panels[-1].set_xlabel("terse value")
    bar = figure.colorbar(hexagons, ax=panels, label="clusters per hexagon", location="top", aspect=40, pad=0.01)
    bar.minorticks_off()
    return figure
