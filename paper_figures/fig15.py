"""Figure 15: correlations of the terse value."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from panels import TERSE_LABELS, count_norm, draw_terse_panel

CAPTION = (
    "Terse value of all clusters of the testing catalogs against cluster mass and lensing mass (top), gas mass and "
    "temperature (middle), and two properties of the whole catalog of a cluster, the number of clusters and sigma8 "
    "(bottom). Color: clusters per hexagon. In each panel, the rank correlation and its 95 % interval. A "
    "strong correlation in the bottom panels would be a warning; a weak one with sigma8 is expected, as clusters are "
    "more massive where sigma8 is higher."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the histograms; `data` is results/fig15.csv."""
    figure, panels = plt.subplots(3, 2, figsize=(7, 8.4), sharex=True)
    norm = count_norm(data)
    for axes, name in zip(panels.flat, TERSE_LABELS, strict=True):
        hexagons = draw_terse_panel(axes, data[data["quantity"] == name], name, norm)
    for axes in panels[-1]:
        axes.set_xlabel("terse value")
    figure.colorbar(hexagons, ax=panels, label="clusters per hexagon", shrink=0.5).minorticks_off()
    return figure
