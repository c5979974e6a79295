"""Figure 4: a textbook autoencoder with the encoder of the paper's network, and a signal before and after it."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon

from network_layers import box_size, network_layers

TITLE = "Autoencoder"
INPUTS = {"tab03": "tab03.csv"}
CAPTION = (
    "A textbook autoencoder. The network of this work (Figure 5) has its encoder, but no decoder. The encoder (lime) "
    "compresses the input signal (left) to one number, the terse value (purple). The decoder (teal) makes an "
    "approximation of the signal (right) from the terse value alone, so the training needs no labels. Boxes: the "
    "layers of the encoder of this work, mirrored as the decoder. The height of a box grows with the logarithm of the "
    "width of the layer, which is printed below. In this example, the terse value is the common strength of two "
    "peaks, and the noise of the signal is lost."
)
COLUMNS = {
    "part": ("", "input, encoder, terse, decoder or output for a layer; signal for a sample of the signal"),
    "width": ("", "numbers in the layer"),
    "sample": ("", "index of the sample"),
    "signal": ("", "input signal, in arbitrary units"),
    "approximation": ("", "approximate signal, in the same units"),
}
NOISE = 0.12
COLORS = {"input": "#d9d9d9", "encoder": "#8fd744", "terse": "#440154", "decoder": "#21908c", "output": "#d9d9d9"}
TEXTS = {"encoder": "#4f8a10", "terse": "#440154", "decoder": "#17706d"}
THICK = 0.5  # of a box, where layers are 1 apart


def reduce(tab03: pd.DataFrame) -> pd.DataFrame:
    """Return the layers, and the signal before and after the autoencoder."""
    layers = autoencoder(tab03)
    return pd.concat([layers, example_signal(layers["width"].iloc[0])], ignore_index=True)


def autoencoder(tab03: pd.DataFrame) -> pd.DataFrame:
    """Return ``part`` and ``width`` of each layer: those of the encoder, then the same mirrored as the decoder."""
    table = network_layers(tab03)
    encoder = table[table["part"].isin(["input", "encoder", "terse"])][["part", "width"]]
    mirrored = encoder[::-1].iloc[1:].replace({"part": {"encoder": "decoder", "input": "output"}})
    return pd.concat([encoder, mirrored], ignore_index=True)


def example_signal(n: int) -> pd.DataFrame:
    """Return two peaks with noise in n samples, and the two peaks with the strength that fits best."""
    from encluster.randomness import generator

    x = np.linspace(0, 1, n)
    peaks = np.exp(-(((x - 0.3) / 0.13) ** 2)) + 0.6 * np.exp(-(((x - 0.75) / 0.12) ** 2))
    signal = peaks + generator(0, "signal of fig04").normal(0, NOISE, n)
    strength = signal @ peaks / (peaks @ peaks)
    columns = {"signal": signal.round(5), "approximation": (strength * peaks).round(5)}
    return pd.DataFrame({"part": "signal", "sample": np.arange(n), **columns})


def draw(table: pd.DataFrame) -> Figure:
    """Draw the layers between the signal and its approximation."""
    layers, signal = table[table["part"] != "signal"], table[table["part"] == "signal"]
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(7.1, 2.5), width_ratios=(1, 4.2, 1))
    _draw_layers(middle, layers)
    low, high = signal["signal"].min() - 0.15, signal["signal"].max() + 0.15
    for axes, name in ((left, "input signal"), (right, "approximate signal")):
        axes.set(xticks=[], yticks=[], ylim=(low, high), xlim=(-1, len(signal)))
        axes.set_title(name, fontsize=9)
        axes.set_box_aspect(1)
        axes.minorticks_off()
    left.plot(signal["sample"], signal["signal"], "o-", ms=3, lw=1.2, color="#31688e")
    right.plot(signal["sample"], signal["signal"], "o", ms=3, color="0.75")
    right.plot(signal["sample"], signal["approximation"], "-", lw=1.8, color="#31688e")
    return figure


def _draw_layers(axes: Axes, layers: pd.DataFrame) -> None:
    half = np.array([box_size(width) / 2 for width in layers["width"]])
    left, right = np.arange(len(layers)) - THICK / 2, np.arange(len(layers)) + THICK / 2
    for k, (part, width) in enumerate(zip(layers["part"], layers["width"], strict=True)):
        if k:
            before, after = (right[k - 1], half[k - 1]), (left[k], half[k])
            corners = [(before[0], -before[1]), before, after, (after[0], -after[1])]
            axes.add_patch(Polygon(corners, fc="0.93", ec="none", zorder=0))
        box = FancyBboxPatch(
            (left[k], -half[k]),
            THICK,
            2 * half[k],
            boxstyle="round,pad=0,rounding_size=0.12",
            fc=COLORS[part],
            ec="0.15",
            lw=0.7,
        )
        axes.add_patch(box)
        axes.text(k, -half[k] - 0.35, f"{width:.0f}", fontsize=7, ha="center", va="top", rotation=90)
    top = half.max() + 0.6
    for part, color in TEXTS.items():
        name = "terse space" if part == "terse" else part
        center = np.flatnonzero(layers["part"] == part).mean()
        axes.text(center, top, name, ha="center", va="bottom", fontsize=10, color=color)
    neck = np.flatnonzero(layers["part"] == "terse").mean()
    axes.plot([neck, neck], [half.min() + 0.3, top - 0.1], color=TEXTS["terse"], lw=0.7)
    last = len(layers) - 1
    for x in (-1.25, last + 0.45):
        axes.annotate("", (x + 0.8, 0), (x, 0), arrowprops=dict(arrowstyle="-|>", color="0.25", lw=1.2))
    axes.set(xlim=(-1.4, last + 1.4), ylim=(-half.max() - 2.6, top + 1.4))
    axes.set_axis_off()
