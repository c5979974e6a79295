"""Figure 21: correlations of the terse value of the prescriptive model."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from panels import count_norm, draw_terse_panel

CAPTION = (
    "As Figure 15, for the prescriptive model of Appendix B: terse value of each cluster against its mass (top) and "
    "against the sigma8 of its catalog (bottom), with rank correlations. A single cluster should tell its mass and "
    "not sigma8; where it is the other way round, the model is overspecialized. The exponents of sigma8 in its data "
    "are a stand-in for those of Singh et al. (2019), which could not be had (decision D15)."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw both histograms; `data` is results/fig21.csv."""
    figure, panels = plt.subplots(2, 1, figsize=(4.8, 6.4), sharex=True)
    norm = count_norm(data)
    for axes, name in zip(panels, ("log_m500c", "sigma8"), strict=True):
        hexagons = draw_terse_panel(axes, data[data["quantity"] == name], name, norm)
    panels[-1].set_xlabel("terse value")
    figure.colorbar(hexagons, ax=panels, label="clusters per hexagon", shrink=0.6).minorticks_off()
    return figure
