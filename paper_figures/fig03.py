"""Figure 3: scatter of a mock cluster, taken from a simulated cluster near in mass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from encluster.halos.catalog import HaloCatalog
    from encluster.halos.scaling import ScalingRelations

TITLE = "Luminosity of a mock cluster"
INPUTS = {"halos": "halos/halos.ecsv", "scaling": "halos/scaling.json"}
SETTINGS = ("mocks", "cosmology")
CAPTION = (
    r"Luminosity of a mock cluster of $10^{14}\,h^{-1}\,\mathrm{M}_\odot$. Top: the catalog has the relation of the "
    r"simulation. A simulated cluster near in mass (blue dot) deviates from the relation by $\delta^\star$ (blue bar). "
    r"The same deviation at the target mass makes the new cluster (purple star). Bottom: the same when normalization, "
    r"slope and scatter of the relation are all changed (biases 1.3, 0.7 and 1.3). Arrow 1 moves the deviation to the "
    r"target mass. Arrow 2 moves it to the relation of the catalog and multiplies it by the scatter bias. Gray: "
    r"simulated clusters. Bands: half the range from the 16th to the 84th percentile, on both sides of the relation."
)
COLUMNS = {
    "panel": ("", "same relation or other relation"),
    "item": ("", "simulation, fiducial, relation, neighbor or new"),
    "log_m": (r"dex($h^{-1}\,\mathrm{M}_\odot$)", r"$\log_{10} M_{500}$"),
    "log_lx": (r"dex($10^{44}\,\mathrm{erg\,s^{-1}}$)", r"$\log_{10} L_X$"),
    "scatter": ("dex", "scatter of a relation, half the range from the 16th to the 84th percentile"),
}
TARGET_LOG_M = 14.0  # as in the paper's example
NORMALIZATION, SLOPE, SCATTER = 1.3, 0.7, 1.3  # biases of the lower panel: a far corner of the grid
WHITE = dict(boxstyle="round,pad=0.1", fc="white", ec="none", alpha=0.8)


def reduce(halos: HaloCatalog, scaling: ScalingRelations, settings: Any) -> pd.DataFrame:
    """Return the points and lines of both panels (section 2.2.2)."""
    fiducial = scaling.relations["lx"]
    window = settings.mocks.neighbors.window_dex
    pivot = settings.mocks.lx_slope_pivot.log_m(settings.cosmology)
    residual = np.log10(halos.lx) - fiducial.log_x(halos.log_m)
    distance = np.abs(halos.log_m - TARGET_LOG_M)
    # a neighbor well off the relation and in mass shows the two shifts; the choice serves the drawing alone
    near = np.flatnonzero((distance > 0.3 * window) & (distance <= window))
    if not len(near):
        near = np.argsort(distance)[:5]
    chosen = near[np.argmin(np.abs(residual[near] - 1.5 * fiducial.scatter))]

    def rows(panel: str, item: str, log_m: Any, log_lx: Any, scatter: float = np.nan) -> pd.DataFrame:
        columns = {"panel": panel, "item": item, "log_m": np.atleast_1d(log_m), "log_lx": np.atleast_1d(log_lx)}
        return pd.DataFrame({**columns, "scatter": scatter})

    shown = np.abs(halos.log_m - TARGET_LOG_M) < 0.35
    grid = np.linspace(TARGET_LOG_M - 0.35, TARGET_LOG_M + 0.35, 15)
    parts = []
    for panel, relation, stretch in (
        ("same relation", fiducial, 1.0),
        ("other relation", fiducial.varied(normalization=NORMALIZATION, slope=SLOPE, slope_pivot=pivot), SCATTER),
    ):
        new = relation.log_x(np.array(TARGET_LOG_M)) + stretch * residual[chosen]
        parts += [
            rows(panel, "simulation", halos.log_m[shown], np.log10(halos.lx[shown])),
            rows(panel, "fiducial", grid, fiducial.log_x(grid), fiducial.scatter),
            rows(panel, "relation", grid, relation.log_x(grid), stretch * fiducial.scatter),
            rows(panel, "neighbor", halos.log_m[chosen], np.log10(halos.lx[chosen])),
            rows(panel, "new", TARGET_LOG_M, new),
        ]
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel for each relation."""
    figure, panels = plt.subplots(2, 1, figsize=(3.39, 5.4), sharex=True)
    for axes, name in zip(panels, ("same relation", "other relation"), strict=True):
        _draw_panel(axes, table[table["panel"] == name], changed=name == "other relation")
    panels[1].set_xlabel(r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$")
    figure.legend(*panels[1].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def _draw_panel(axes: Axes, table: pd.DataFrame, *, changed: bool) -> None:
    items = dict(iter(table.groupby("item")))
    simulation, fiducial, relation = items["simulation"], items["fiducial"], items["relation"]
    neighbor, new = items["neighbor"].iloc[0], items["new"].iloc[0]
    axes.plot(simulation["log_m"], simulation["log_lx"], ".", ms=2.5, color="0.65", zorder=0)
    if changed:
        axes.plot(fiducial["log_m"], fiducial["log_lx"], "--", color="0.35", label="relation of the simulation")
    low, high = relation["log_lx"] - relation["scatter"], relation["log_lx"] + relation["scatter"]
    axes.fill_between(relation["log_m"], low, high, color="#e6a817", alpha=0.35, lw=0)
    axes.plot(relation["log_m"], relation["log_lx"], color="#b07c00", label="relation of the catalog")

    at_neighbor, at_target = (_at(fiducial, row["log_m"]) for row in (neighbor, new))
    offset = neighbor["log_lx"] - at_neighbor
    axes.plot([neighbor["log_m"]] * 2, [at_neighbor, neighbor["log_lx"]], color="#31688e", lw=2.5)
    axes.plot(neighbor["log_m"], neighbor["log_lx"], "o", color="#31688e", label="neighbor")
    side = -1 if neighbor["log_m"] < new["log_m"] else 1
    axes.annotate(
        r"$\delta^\star$",
        (neighbor["log_m"], at_neighbor + offset / 2),
        (6 * side, 0),
        textcoords="offset points",
        ha="right" if side < 0 else "left",
        va="center",
        color="#31688e",
        bbox=WHITE,
    )
    middle = (new["log_m"], at_target + offset)
    arrow = dict(arrowstyle="-|>", color="#21908c", lw=1.6, shrinkA=3, shrinkB=3)
    axes.annotate("", middle, (neighbor["log_m"], neighbor["log_lx"]), arrowprops=arrow)
    if changed:
        axes.annotate("", (new["log_m"], new["log_lx"]), middle, arrowprops=arrow)
        axes.annotate("2", middle, (6, 6), textcoords="offset points", color="#21908c", bbox=WHITE)
    halfway = (neighbor["log_m"] + new["log_m"]) / 2, (neighbor["log_lx"] + middle[1]) / 2
    axes.annotate(
        "1", halfway, (-2, 3), textcoords="offset points", color="#21908c", ha="right", va="bottom", bbox=WHITE
    )
    axes.plot(new["log_m"], new["log_lx"], "*", ms=11, color="#440154", label="new cluster")
    axes.set_ylabel(r"$\log_{10}\,(L_X\;[10^{44}\,\mathrm{erg\,s^{-1}}])$")


def _at(line: pd.DataFrame, log_m: float) -> float:
    first, last = line.iloc[0], line.iloc[-1]
    slope = (last["log_lx"] - first["log_lx"]) / (last["log_m"] - first["log_m"])
    return float(first["log_lx"] + slope * (log_m - first["log_m"]))
