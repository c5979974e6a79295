"""Figure 17: smoothed abundances of a smaller and a larger survey."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLORS = ("#e6a817", "#21908c", "#8fd744", "#31688e")
CAPTION = (
    "Clusters per mass bin of 0.01 dex, as in Figure 1, for surveys of a smaller (top) and a larger (bottom) part of "
    "the simulated box. A Gaussian in log mass smooths the abundance of each survey, so that it passes "
    "gradually from flux- to volume-limited. Purple: the whole box, for the higher (solid) and the lower (dotted) "
    "sigma8."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the abundances of both surveys; `data` is results/fig17.csv."""
    figure, panels = plt.subplots(2, 1, figsize=(5, 6.6), sharex=True, sharey=True)
    for axes, (fraction, lines) in zip(panels, data.groupby("volume_fraction"), strict=True):
        _abundances(axes, lines)
        axes.text(0.04, 0.06, f"{fraction:.0%} of the volume", transform=axes.transAxes)
        axes.set_ylabel(r"$N$ per 0.01 dex")
    panels[0].legend(loc="upper right")
    panels[1].set(
        xlabel=r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$",
        yscale="log",
        xlim=(data["log_m"].min() - 0.02, 15.2),
        ylim=(2e-2, 8 * data["n_per_bin"].max()),
    )
    return figure


def _abundances(axes: Axes, data: pd.DataFrame) -> None:
    box, surveys = (data[data["kind"] == kind] for kind in ("box", "survey"))
    for sigma8 in sorted(box["sigma8"].unique()):
        line = box[box["sigma8"] == sigma8]
        style = ":" if sigma8 == box["sigma8"].min() else "-"
        axes.plot(line["log_m"], line["n_per_bin"], style, color="#440154", label=rf"box, $\sigma_8={sigma8:.2f}$")
    for color, ((value, bias), line) in zip(COLORS, surveys.groupby(["sigma8", "lx_normalization"]), strict=False):
        seen = line[line["n_per_bin"] > 0]
        label = rf"survey, $\sigma_8={value:.2f}$, $b_{{L_0}}={bias:.1f}$"
        axes.plot(seen["log_m"], seen["n_per_bin"], color=color, label=label)
