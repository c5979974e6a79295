"""Figure 2: density-squared profiles of three representative clusters."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

LOOKS = {"flat core": ("#31688e", "o"), "peaked core": ("#21908c", "s"), "cool core": ("#7cb518", "^")}
CAPTION = (
    "Density squared against radius for three bright clusters: one with a flat core, one with a peaked core and "
    "one with a cool core. Lines: the model fitted to the projected brightness. Points: the model in each annulus "
    "times observed over expected photons, with the Poisson error of the photons."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the profiles; `data` is results/fig02.csv."""
    figure, axes = plt.subplots(figsize=(5, 4))
    for kind, (color, marker) in LOOKS.items():
        line = data[data["cluster"] == kind]
        axes.errorbar(
            line["r_over_r500c"],
            line["density_squared"],
            yerr=line["density_squared_err"],
            fmt=marker,
            ms=3.5,
            color=color,
            elinewidth=1,
        )
        label = rf"{kind}, $\log M_{{500}}={line['log_m'].iloc[0]:.2f}$"
        axes.plot(line["r_over_r500c"], line["density_squared_fit"], color=color, label=label)
    axes.set(
        xlabel=r"$r\;/\;R_{500}$",
        ylabel=r"$n_p\,n_e\;[\mathrm{cm}^{-6}]$",
        xscale="log",
        yscale="log",
    )
    axes.legend()
    return figure
