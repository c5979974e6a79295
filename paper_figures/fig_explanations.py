"""Similarity of explanations after random weights, permuted labels and other seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

TITLE = "Do the explanations show what the network has learned?"
INPUTS = {"explanations": "explanations/{permuted}.csv"}
CAPTION = (
    r"Rank correlation of the explanations of a changed network with those of the trained one, after Adebayo et al. "
    r"(2018); 1 means the same picture. Circles: all layers from the output to this one have new random weights. "
    r"Squares: only this layer has. Diamond: the same network trained on permuted labels. Line and band: networks "
    r"trained from other seeds. Saliency and integrated gradients (absolute values): over the pixels of each cluster; "
    r"they depend on the encoder only. Leave one out (change of $\sigma_8$ with its sign): over the clusters of each "
    r"catalog. Means over clusters or catalogs; bars and band: standard errors over draws of the weights and over "
    r"networks. An explanation shows what the network has learned as far as the points lie below the band. Integrated "
    r"gradients contain the input itself as a factor, so their points do not fall to zero."
)
COLUMNS = {
    "model": ("", "trained network"),
    "method": ("", "saliency, integrated gradients or leave one out"),
    "change": ("", "difference of the other network"),
    "layer": ("", "layer with new weights; for several layers the one farthest from the output"),
    "values": ("", "absolute or signed values of the explanations"),
    "similarity": ("", "mean rank correlation with the explanations of the trained network"),
    "error": ("", "standard error over draws or networks; empty for one"),
    "n": ("", "draws or networks"),
}
SHOWN = {  # the values that the paper shows: Figs. 10 to 12, and Fig. 9
    "saliency": ("Saliency", "absolute"),
    "integrated gradients": ("Integrated gradients", "absolute"),
    "leave one out": ("Leave one out", "signed"),
}
MARKS = {
    "all layers from the output": ("o-", "#440154"),
    "one layer": ("s:", "#21908c"),
    "permuted labels": ("D", "#e6a817"),
}
SEEDS = "other seed"
BAND = "#31688e"
NAMES = {"standard": "Standard", "no_wl": "No WL"}


def reduce(explanations: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the similarities of all networks that have one with permuted labels."""
    parts = [table.assign(model=name)[list(COLUMNS)] for name, table in explanations.items()]
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a row of panels for each network, a panel for each method."""
    models = list(table["model"].unique())
    layers = {method: _layers(table, method) for method in SHOWN}
    figure, panels = plt.subplots(
        len(models),
        len(SHOWN),
        figsize=(7.1, 1.0 + 1.9 * len(models)),
        sharex="col",
        sharey=True,
        squeeze=False,
        width_ratios=[len(names) + 2 for names in layers.values()],
    )
    for row, model in zip(panels, models, strict=True):
        for axes, (method, (title, values)) in zip(row, SHOWN.items(), strict=True):
            chosen = (table["model"] == model) & (table["method"] == method) & (table["values"] == values)
            _draw_method(axes, table[chosen], layers[method])
            axes.set_title(title if model == models[0] else "", fontsize=9)
        row[0].set_ylabel(f"{NAMES.get(model, model)}\nrank correlation")
    labels: dict[str, Any] = {}
    for axes in panels.flat:
        labels |= dict(zip(*axes.get_legend_handles_labels()[::-1], strict=True))
    figure.legend(labels.values(), labels.keys(), loc="outside upper center", ncols=4)
    return figure


def _layers(table: pd.DataFrame, method: str) -> list[str]:
    """Return the layers from the output to the input."""
    return list(table.loc[(table["method"] == method) & table["layer"].notna(), "layer"].unique())


def _draw_method(axes: Axes, table: pd.DataFrame, layers: list[str]) -> None:
    axes.axhline(0, color="0.7", lw=0.8)
    for level, error in table.loc[table["change"] == SEEDS, ["similarity", "error"]].astype(float).to_numpy():
        axes.axhline(level, color=BAND, lw=1, label="other seeds")
        if error > 0:
            axes.axhspan(level - error, level + error, color=BAND, alpha=0.25, lw=0)
    for change, (style, color) in MARKS.items():
        part = table[table["change"] == change]
        place = [layers.index(name) if isinstance(name, str) else len(layers) for name in part["layer"]]
        if place:
            looks: dict[str, Any] = {"fmt": style, "color": color, "ms": 3.5, "lw": 1, "elinewidth": 1, "label": change}
            axes.errorbar(place, part["similarity"], part["error"], **looks)
    names = [*(name.replace("repeated_", "encoder ").replace("_", " ") for name in layers), "permuted"]
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.tick_params(axis="x", which="minor", bottom=False, top=False)
    axes.set(xlim=(-0.6, len(layers) + 0.6), ylim=(-0.5, 1.05))
