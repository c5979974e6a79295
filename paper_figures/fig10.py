"""Figure 10: saliency maps."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure

from fig06 import draw_matrices

CAPTION = (
    "Saliency maps of the catalogs of Fig. 6: |d terse / d pixel|, by how much the terse value of a cluster moves "
    "when one of its scaled inputs does. Rows and columns as in Fig. 6: 1, log T; 2, log M_gas in seven shells, core "
    "first; 3, gas density slope gamma. Light pixels matter to the terse value, dark ones do not. The terse value has "
    "no unit, so that only ratios mean something. Colors end at the 99.5th percentile."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the maps; `data` is results/fig10.csv."""
    # without the lightest end: it would be lost on the page
    blues = ListedColormap(plt.get_cmap("Blues_r")(np.linspace(0, 0.88, 256)))
    norm = Normalize(0, float(data["value"].quantile(0.995)) or 1.0)
    label = r"$|\,\partial\,\mathrm{terse}\,/\,\partial\,\mathrm{pixel}\,|$"
    return draw_matrices(data, cmap=blues, norm=norm, label=label, extend="max")
