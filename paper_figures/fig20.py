"""Figure 20: the training of the prescriptive model."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fig07 import make as draw_history

CAPTION = (
    "As Figure 7, for the prescriptive model of Appendix B: mean squared error of the scaled label on the training set "
    "(teal; with dropout, while it trains) and on the validation set (purple). Dotted: the lowest validation error of "
    "the Standard model. Overspecialization does not show in such curves. The exponents of sigma8 in its data "
    "are a stand-in for those of Singh et al. (2019), which could not be had (decision D15)."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the history; `data` is results/fig20.csv."""
    figure = draw_history(data)
    axes = figure.axes[0]
    level = np.log10(data["standard_validation_mse"].iloc[0])
    axes.axhline(level, ls=":", lw=2, color="#6aa820", label="Standard, selected")
    axes.legend()
    return figure
