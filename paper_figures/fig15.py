"""Figure 15: correlations of the terse value with properties of a cluster and of its catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from hexagon_panels import count_norm, draw_hexagons, terse_histograms

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = "Correlations of the terse value"
INPUTS = {"interpretation": "interpretation/{standard}.h5"}
CAPTION = (
    r"Terse value of all clusters of the test catalogs against the cluster mass $M_{500}$ and the lensing mass "
    r"$M_\mathrm{WL}$ (top), the gas mass $M_\mathrm{gas}$ and the temperature $T$ (middle), and two properties of "
    r"the catalog of the cluster, the number of clusters $N_\mathrm{cluster}$ and $\sigma_8$ (bottom). Color: "
    r"clusters per hexagon. Each panel gives the rank correlation $\rho$ and its 95% interval. These are of the "
    r"network of the first seed. If networks were trained from several seeds, a second line gives the range of $\rho$ "
    r"over them. The sign of a terse value is arbitrary; it is chosen so that $\rho$ with the mass has one sign in "
    r"all networks. A strong correlation in a bottom panel would be a sign of overspecialization. A weak correlation "
    r"with $\sigma_8$ is expected, because clusters are more massive where $\sigma_8$ is higher."
)
COLUMNS = {
    "quantity": ("", "quantity on the y axis: log_m500c, log_m_wl, log_m_gas, log_temperature, n_cluster or sigma8"),
    "x": ("", "center of the hexagon, terse value"),
    "y": ("that of the quantity", "center of the hexagon, quantity (of masses and temperature the decimal logarithm)"),
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
QUANTITIES = ("log_m500c", "log_m_wl", "log_m_gas", "log_temperature", "n_cluster", "sigma8")


def reduce(interpretation: Mapping[str, ClusterCatalogs]) -> pd.DataFrame:
    """Return the histograms of all quantities (section 5.3)."""
    return terse_histograms(interpretation, QUANTITIES)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each quantity."""
    figure, panels = plt.subplots(3, 2, figsize=(7.1, 8.2), sharex=True)
    norm = count_norm(table)
    for axes, name in zip(panels.flat, QUANTITIES, strict=True):
        hexagons = draw_hexagons(axes, table[table["quantity"] == name], norm)
    for axes in panels[-1]:
        axes.set_xlabel("terse value")
    figure.colorbar(hexagons, ax=panels, label="clusters per hexagon", shrink=0.5).minorticks_off()
    return figure
