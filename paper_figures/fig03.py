"""Figure 3: scatter taken from a neighbor in mass."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

CAPTION = (
    "How a mock cluster of 10^14 Msun/h gets its luminosity. Top: a simulated cluster near in mass (blue dot) "
    "lies off the mean relation by delta* (blue bar); the same offset at the target mass makes the new cluster "
    "(purple star). Bottom: the same when normalization, slope and scatter of the relation are all changed "
    "(biases 1.3, 0.7 and 1.3): the offset is moved to the target mass (1), then to the new relation and "
    "stretched by the scatter bias (2). Gray: simulated clusters; bands: half the 16-84 range."
)


def make(data: pd.DataFrame) -> Figure:
    """Draw both panels; `data` is results/fig03.csv."""
    figure, panels = plt.subplots(2, 1, figsize=(4.6, 6.4), sharex=True)
    for axes, name in zip(panels, ("same relation", "other relation"), strict=True):
        _panel(axes, data[data["panel"] == name], changed=name == "other relation")
    panels[1].set_xlabel(r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$")
    panels[0].legend(loc="upper left")
    panels[1].legend(loc="upper left")
    return figure


def _panel(axes: Axes, data: pd.DataFrame, *, changed: bool) -> None:
    items = dict(iter(data.groupby("item")))
    simulation, fiducial, relation = items["simulation"], items["fiducial"], items["relation"]
    neighbor, new = items["neighbor"].iloc[0], items["new"].iloc[0]
    axes.plot(simulation["log_m"], simulation["log_lx"], ".", ms=2.5, color="0.65", zorder=0)
    if changed:
        axes.plot(fiducial["log_m"], fiducial["log_lx"], "--", color="0.35", label="simulation's relation")
    low, high = relation["log_lx"] - relation["scatter"], relation["log_lx"] + relation["scatter"]
    axes.fill_between(relation["log_m"], low, high, color="#e6a817", alpha=0.35, lw=0)
    label = "catalog's own relation" if changed else "mean relation and scatter"
    axes.plot(relation["log_m"], relation["log_lx"], color="#b07c00", label=label)

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
    )
    middle = (new["log_m"], at_target + offset)
    arrow = dict(arrowstyle="-|>", color="#21908c", lw=1.6, shrinkA=3, shrinkB=3)
    axes.annotate("", middle, (neighbor["log_m"], neighbor["log_lx"]), arrowprops=arrow)
    if changed:
        axes.annotate("", (new["log_m"], new["log_lx"]), middle, arrowprops=arrow)
        axes.annotate("2", middle, (5, 6), textcoords="offset points", color="#21908c")
    halfway = (neighbor["log_m"] + new["log_m"]) / 2, (neighbor["log_lx"] + middle[1]) / 2
    axes.annotate("1", halfway, (0, 4), textcoords="offset points", color="#21908c")
    axes.plot(new["log_m"], new["log_lx"], "*", ms=13, color="#440154", label="new cluster")
    lines = pd.concat([fiducial["log_lx"], relation["log_lx"]])
    axes.set_ylim(lines.min() - 0.25, max(lines.max() + 0.25, lines.min() + 2.3))
    axes.set_ylabel(r"$\log_{10}\,(L_X\;[10^{44}\,\mathrm{erg\,s^{-1}}])$")


def _at(line: pd.DataFrame, log_m: float) -> float:
    first, last = line.iloc[0], line.iloc[-1]
    slope = (last["log_lx"] - first["log_lx"]) / (last["log_m"] - first["log_m"])
    return float(first["log_lx"] + slope * (log_m - first["log_m"]))
