"""Figure 4: a textbook autoencoder."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon

COLORS = {"input": "#d9d9d9", "encoder": "#8fd744", "terse": "#440154", "decoder": "#21908c", "output": "#d9d9d9"}
TEXTS = {"encoder": "#4f8a10", "terse": "#440154", "decoder": "#17706d"}
CAPTION = (
    "A textbook autoencoder; this work's network (Fig. 5) has its encoder, but no decoder. The encoder (lime) "
    "squeezes the input signal (left) through a narrow bottleneck, the terse space (purple); from the terse value "
    "alone the decoder (teal) makes an approximation of the signal (right), so that learning needs no labels. Boxes: "
    "the layers of this work's encoder, mirrored as the decoder; heights go with the logarithm of the widths, which "
    "stand below. In the sketch the terse value is the common strength of two peaks, and noise does not pass."
)
STEP, THICK = 1.0, 0.5


def make(data: pd.DataFrame) -> Figure:
    """Draw layers and signals; `data` is results/fig04.csv."""
    layers, signal = data[data["part"] != "signal"], data[data["part"] == "signal"]
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(7.4, 2.7), width_ratios=(1, 4.2, 1))
    _network(middle, layers.reset_index(drop=True))
    low, high = signal["signal"].min() - 0.15, signal["signal"].max() + 0.15
    for axes, name in ((left, "input signal"), (right, "approximate signal")):
        axes.set(xticks=[], yticks=[], ylim=(low, high), xlim=(-1, len(signal)))
        axes.set_title(name, fontsize=10)
        axes.set_box_aspect(1)
        axes.minorticks_off()
    left.plot(signal["sample"], signal["signal"], "o-", ms=3, lw=1.2, color="#31688e")
    right.plot(signal["sample"], signal["signal"], "o", ms=3, color="0.75")
    right.plot(signal["sample"], signal["approximation"], "-", lw=1.8, color="#31688e")
    return figure


def _network(axes: Axes, layers: pd.DataFrame) -> None:
    half = (np.log2(layers["width"].to_numpy(float)) + 1) / 2
    place = STEP * np.arange(len(layers))
    for k, (x, part, width) in enumerate(zip(place, layers["part"], layers["width"], strict=True)):
        if k:
            corners = [
                (place[k - 1] + THICK / 2, -half[k - 1]),
                (place[k - 1] + THICK / 2, half[k - 1]),
                (x - THICK / 2, half[k]),
                (x - THICK / 2, -half[k]),
            ]
            axes.add_patch(Polygon(corners, fc="0.93", ec="none", zorder=0))
        box = FancyBboxPatch(
            (x - THICK / 2, -half[k]),
            THICK,
            2 * half[k],
            boxstyle="round,pad=0,rounding_size=0.12",
            fc=COLORS[part],
            ec="0.15",
            lw=0.7,
        )
        axes.add_patch(box)
        axes.text(x, -half[k] - 0.35, f"{width:.0f}", fontsize=7, ha="center", va="top", rotation=90)
    top = half.max() + 0.6
    for part, color in TEXTS.items():
        name = "terse space" if part == "terse" else part
        axes.text(place[layers["part"] == part].mean(), top, name, ha="center", va="bottom", fontsize=11, color=color)
    neck = place[layers["part"] == "terse"].mean()
    axes.plot([neck, neck], [half.min() + 0.3, top - 0.1], color=TEXTS["terse"], lw=0.7)
    for x in (place[0] - 1.25, place[-1] + 0.45):
        axes.annotate("", (x + 0.8, 0), (x, 0), arrowprops=dict(arrowstyle="-|>", color="0.25", lw=1.2))
    axes.set(xlim=(place[0] - 1.4, place[-1] + 1.4), ylim=(-half.max() - 2.6, top + 1.4))
    axes.set_axis_off()
