"""Figure 8: true and predicted sigma8."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from encluster.paper.published import DELTA_SIGMA8

PAPER = DELTA_SIGMA8["standard"]
CAPTION = (
    "Predicted against true sigma8 of the testing catalogs, which nothing was chosen by (small dots). Points: "
    "median in each value of sigma8, bars: its middle 68 %. Dashed: one to one. The number is the standard deviation "
    f"of predicted minus true; the paper has {PAPER.value:.4f} +- {PAPER.plus:.4f} on its own simulation."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw predictions; `data` is results/fig08.csv."""
    figure, axes = plt.subplots(figsize=(4.6, 4.6))
    low, high = data["sigma8_true"].min() - 0.03, data["sigma8_true"].max() + 0.03
    axes.plot([low, high], [low, high], "--", color="#6aa820", label="one to one", zorder=1)
    axes.plot(data["sigma8_true"], data["sigma8_predicted"], ".", ms=2.5, color="#21908c", alpha=0.5, zorder=0)
    binned = data.groupby("sigma8_true")["sigma8_predicted"]
    median, lower, upper = (binned.quantile(q) for q in (0.5, 0.16, 0.84))
    axes.errorbar(
        median.index,
        median,
        yerr=np.array([median - lower, upper - median]),
        fmt="o",
        ms=4,
        color="#440154",
        elinewidth=1,
        label="median and middle 68 %",
    )
    value, error = data[["delta_sigma8", "delta_sigma8_err"]].iloc[0]
    text = rf"$\Delta\sigma_8 = {value:.4f} \pm {error:.4f}$" + f"\n{len(data)} catalogs"
    axes.text(0.96, 0.05, text, transform=axes.transAxes, ha="right", va="bottom")
    axes.set(xlabel=r"true $\sigma_8$", ylabel=r"predicted $\sigma_8$", xlim=(low, high), ylim=(low, high))
    axes.set_aspect("equal")
    axes.legend(loc="upper left")
    return figure
