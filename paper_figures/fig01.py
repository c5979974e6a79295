"""Figure 1: number of clusters per mass bin."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

COLORS = ("#e6a817", "#21908c", "#8fd744", "#31688e")
CAPTION = (
    "Clusters per mass bin of 0.01 dex. Purple: in the whole simulated box, for the higher (solid) and the lower "
    "(dotted) sigma8. Colors: in a survey of part of the box, for both values of sigma8 and two normalizations b "
    "of the mass-luminosity relation. Below the break the survey is limited by flux and follows b; above it, by "
    "volume, and follows sigma8."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw the abundances; `data` is results/fig01.csv."""
    figure, axes = plt.subplots(figsize=(5, 4))
    for (sigma8, style), (_, line) in zip(
        [(s, ":" if s == data["sigma8"].min() else "-") for s in sorted(data["sigma8"].unique())],
        data[data["kind"] == "box"].groupby("sigma8"),
        strict=True,
    ):
        axes.plot(line["log_m"], line["n_per_bin"], style, color="#440154", label=rf"box, $\sigma_8={sigma8:.2f}$")
    surveys = data[data["kind"] == "survey"].groupby(["sigma8", "lx_normalization"])
    for color, ((sigma8, bias), line) in zip(COLORS, surveys, strict=True):
        seen = line[line["n_per_bin"] > 0]
        label = rf"survey, $\sigma_8={sigma8:.2f}$, $b_{{L_0}}={bias:.1f}$"
        axes.plot(seen["log_m"], seen["n_per_bin"], color=color, label=label)
    axes.set(
        xlabel=r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$",
        ylabel=r"$N$ per 0.01 dex",
        yscale="log",
        xlim=(data["log_m"].min() - 0.02, 15.2),
        ylim=(2e-2, 8 * data["n_per_bin"].max()),
    )
    axes.legend(loc="upper right")
    return figure
