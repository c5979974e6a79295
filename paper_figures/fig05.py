"""Figure 5: the layers of the network as boxes, in three views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from network_layers import box_size, network_layers

TITLE = "Architecture of the network"
INPUTS = {"tab03": "tab03.csv"}
CAPTION = (
    r"The network of the paper, drawn from its list of layers (Table 3). Height: rows, one per cluster, halved by each "
    r"pooling; from the global pooling on there is one row. Depth: logarithm of the numbers per row. Top: the encoder "
    r"(lime) maps the 2D input of each cluster to one terse value (purple). The supplementary data (yellow), "
    r"luminosity and lensing mass, join the terse value. The CNN (teal; poolings darker) reads the list of all "
    r"clusters and ends in $\sigma_8$ (blue). Bottom left: from the side. The opaque slice is one cluster; the network "
    r"combines clusters only after the terse layer. Bottom right: from above, with the numbers per row. The bottleneck "
    r"is one number wide."
)
COLUMNS = {
    "part": ("", "input, encoder, terse, supplementary, concatenation, cnn or output"),
    "layer": ("", "layer, as in Table 3"),
    "width": ("", "numbers per row"),
    "height": ("", r"number of rows over $N_\mathrm{cluster}$; 0 for one row in all"),
    "parameters": ("", "trainable parameters"),
}
COLORS = {
    "input": "#d9d9d9",
    "encoder": "#8fd744",
    "terse": "#440154",
    "supplementary": "#e6a817",
    "cnn": "#21908c",
    "output": "#31688e",
}
ROWS = 9.0  # height of N_cluster rows
SINGLE = 0.4  # height of one row
THICK, GAP = 0.55, 0.5
NECK = 0.8  # gap on both sides of the terse layer
LIFTED = 0.62 * ROWS  # height of the supplementary data above their place in the concatenation
SLICE = (1.4, 0.45)  # bottom and height of the row of one cluster


@dataclass(frozen=True, kw_only=True)
class Box:
    """A cuboid: from `low` to `high` in (x, y, z); x along the network, y numbers per row, z rows."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    part: str
    color: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A parallel projection, from `azimuth` (about z, from the front) and `elevation`, both in degrees."""

    azimuth: float
    elevation: float

    def project(self, points: list[tuple[float, float, float]]) -> np.ndarray:
        """Return points (n, 3) as points (n, 2) of the page."""
        x, y, z = np.array(points, dtype=float).T
        a, e = np.radians([self.azimuth, self.elevation])
        across, along = x * np.cos(a) - y * np.sin(a), x * np.sin(a) + y * np.cos(a)
        return np.stack([across, z * np.cos(e) + along * np.sin(e)], axis=1)

    def faces(self, box: Box) -> Iterator[tuple[np.ndarray, float]]:
        """Yield the visible faces of a box as (4, 2) outlines, with the shade of each."""
        (x0, y0, z0), (x1, y1, z1) = box.low, box.high
        if self.elevation == 90:
            yield self.project([(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]), 0.0
            return
        if self.elevation > 0:
            yield self.project([(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]), 0.3
        yield self.project([(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)]), 0.0
        if self.azimuth > 0:
            yield self.project([(x0, y0, z0), (x0, y1, z0), (x0, y1, z1), (x0, y0, z1)]), -0.18


def reduce(tab03: pd.DataFrame) -> pd.DataFrame:
    """Return the layers of the paper's network (Table 3)."""
    return network_layers(tab03)


def draw(table: pd.DataFrame) -> Figure:
    """Draw three views of the same boxes."""
    figure, panels = plt.subplot_mosaic(
        [["near", "near"], ["side", "top"]], figsize=(7.1, 5.7), height_ratios=(1.75, 1)
    )
    boxes = _boxes(table)
    near, side, top = Camera(azimuth=21, elevation=14), Camera(azimuth=0, elevation=0), Camera(azimuth=0, elevation=90)
    _draw(panels["near"], [_lifted(box) for box in boxes], near)
    _annotate(panels["near"], boxes, near, table)
    _draw(panels["side"], [replace(box, color=_shaded(box.color, 0.7)) for box in boxes], side, edge="0.6")
    _draw(panels["side"], [_sliced(box) for box in boxes if box.part in ("input", "encoder", "terse")], side)
    _mark_slice(panels["side"], boxes)
    _draw(panels["top"], boxes, top)
    for box in boxes:
        middle, back = (box.low[0] + box.high[0]) / 2, box.high[1]
        panels["top"].text(middle, back + 0.3, box.label, fontsize=7, rotation=90, ha="center", va="bottom")
    for name, title in (("side", "from the side"), ("top", "from above")):
        panels[name].text(boxes[-1].high[0] / 2, -7.0, title, fontsize=9, ha="center", va="top")
        panels[name].set(ylim=(-8.2, 8.2), xlim=(-2.6, boxes[-1].high[0] + 0.4))
    for axes in panels.values():
        axes.set_aspect("equal")
        axes.set_axis_off()
    panels["near"].autoscale_view()
    return figure


def _boxes(table: pd.DataFrame) -> list[Box]:
    """Return the layers side by side; the concatenation has a box for the terse value and one for the other data."""
    boxes: list[Box] = []
    end = 0.0
    previous = ""
    for row in table[table["part"] != "supplementary"].to_dict("records"):
        part, width = str(row["part"]), int(row["width"])
        pooling = str(row["layer"]).startswith("2x1")
        gap = 0.15 if pooling or part == "concatenation" else NECK if "terse" in (part, previous) else GAP
        start, end = end + gap, end + gap + (THICK / 2 if pooling else THICK)
        previous = "terse" if part == "concatenation" else part
        depth, height = box_size(width), ROWS * float(row["height"]) or SINGLE
        low, high = (start, -depth / 2, -height / 2), (end, depth / 2, height / 2)
        if part == "concatenation":
            seam = depth / 2 - box_size(1)
            boxes.append(Box(low=(start, seam, low[2]), high=high, part=part, color=COLORS["terse"], label=f"{width}"))
            high = (end, seam, high[2])
            boxes.append(Box(low=low, high=high, part="supplementary", color=COLORS["supplementary"], label=""))
        elif pooling:
            boxes.append(Box(low=low, high=high, part=part, color=_shaded(COLORS[part], -0.3), label=""))
        else:
            boxes.append(Box(low=low, high=high, part=part, color=COLORS[part], label=f"{width}"))
    return boxes


def _shaded(color: str, shade: float) -> str:
    """Mix a color with white (positive) or black (negative)."""
    target = 1.0 if shade > 0 else 0.0
    red, green, blue = (round(255 * (value + abs(shade) * (target - value))) for value in to_rgb(color))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _draw(axes: Axes, boxes: list[Box], camera: Camera, edge: str = "0.1") -> None:
    # the last layers are the farthest, and near boxes must cover far ones
    for box in sorted(boxes, key=lambda box: (box.low[0], box.low[1]), reverse=True):
        for outline, shade in camera.faces(box):
            axes.add_patch(Polygon(outline, fc=_shaded(box.color, shade), ec=edge, lw=0.5, joinstyle="round"))


def _lifted(box: Box) -> Box:
    if box.part != "supplementary":
        return box
    return replace(box, low=(*box.low[:2], box.low[2] + LIFTED), high=(*box.high[:2], box.high[2] + LIFTED))


def _sliced(box: Box) -> Box:
    bottom, height = SLICE
    return replace(box, low=(*box.low[:2], bottom), high=(*box.high[:2], bottom + height))


def _mark_slice(axes: Axes, boxes: list[Box]) -> None:
    last = max(box.high[0] for box in boxes if box.part == "terse")
    middle = SLICE[0] + SLICE[1] / 2
    axes.plot([boxes[0].low[0] - 0.3, last], [middle, middle], color="0.1", lw=0.7, zorder=0)
    axes.text(boxes[0].low[0] - 0.5, middle, "one\ncluster", fontsize=7.5, ha="right", va="center")


def _annotate(axes: Axes, boxes: list[Box], camera: Camera, table: pd.DataFrame) -> None:
    """Name the parts, and draw an arrow from the supplementary data to their place."""
    by_part = table.groupby("part")
    parameters, width = by_part["parameters"].sum(), by_part["width"].first()
    supplement = _lifted(next(box for box in boxes if box.part == "supplementary"))
    x, y = supplement.high[0] + 0.5, supplement.low[1]
    start, end = camera.project([(x, y, supplement.high[2] - 1.0), (x, y, supplement.high[2] - 3.2)])
    axes.annotate("", end, start, arrowprops=dict(arrowstyle="-|>", color="0.15", lw=1.4, shrinkA=0, shrinkB=0))
    text = f"supplementary data\n({width['supplementary']} per cluster)"
    axes.text(start[0] + 0.6, (start[1] + end[1]) / 2, text, fontsize=9, va="center", color="#8b6200")
    # text, color, and offset from the lowest corner of the part
    texts = {
        "input": (f"2D input\n({width['input']} per cluster)", "0.3", (-1.6, -0.7)),
        "encoder": (f"encoder\n{parameters['encoder'] / 1e6:.1f} M parameters", "#4f8a10", (0.2, -0.7)),
        "terse": ("terse value", "#440154", (2.3, -2.4)),
        "cnn": (f"CNN\n{parameters['cnn'] / 1e6:.1f} M parameters", "#17706d", (1.4, -0.7)),
        "output": (r"$\sigma_8$", "#31688e", (0.7, 1.9)),
    }
    for part, (text, color, (right, up)) in texts.items():
        corners = camera.project([box.low for box in boxes if box.part == part])
        corner = corners[:, 0].mean(), corners[:, 1].min()
        axes.text(corner[0] + right, corner[1] + up, text, color=color, ha="center", va="top", fontsize=9)
        if part == "terse":
            axes.plot([corner[0] + 0.3, corner[0] + right], [corner[1], corner[1] + up], color=color, lw=0.7)
