"""Parts that several figures share."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm, Normalize
from matplotlib.transforms import AffineDeltaTransform

from encluster.types import FloatArray

# corners about the center: of a hexagon in units of its width and of the distance of rows, of a rectangle in its sides
_HEXAGON = np.array([(0, 2 / 3), (0.5, 1 / 3), (0.5, -1 / 3), (0, -2 / 3), (-0.5, -1 / 3), (-0.5, 1 / 3)])
_RECTANGLE = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
TERSE_LABELS = {
    "log_m500c": r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$",
    "log_m_wl": r"$\log_{10}\,(M_\mathrm{WL}\;[h^{-1}\,\mathrm{M}_\odot])$",
    "log_m_gas": r"$\log_{10}\,(M_\mathrm{gas}\;[h^{-1}\,\mathrm{M}_\odot])$",
    "log_temperature": r"$\log_{10}\,(T\;[\mathrm{keV}])$",
    "n_cluster": r"$N_\mathrm{cluster}$",
    "sigma8": r"$\sigma_8$",
}
WHITE = dict(boxstyle="round,pad=0.25", fc="white", ec="none", alpha=0.8)


def draw_hexagons(axes: Axes, data: pd.DataFrame, norm: Normalize) -> PolyCollection:
    """Draw the bins of `encluster.reductions.hexagons`, colored by their count."""
    size = data[["dx", "dy"]].iloc[0].to_numpy(float)
    return _draw_bins(axes, _HEXAGON * size, data[["x", "y"]].to_numpy(float), data["count"], norm, "viridis")


def count_norm(data: pd.DataFrame) -> Normalize:
    """A logarithmic scale for counts; one scale serves all panels of a figure."""
    return LogNorm(1, max(2, data["count"].max()))


def draw_terse_panel(axes: Axes, data: pd.DataFrame, quantity: str, norm: Normalize) -> PolyCollection:
    """Draw one panel of Figs 15 and 21, with its rank correlation."""
    hexagons = draw_hexagons(axes, data, norm)
    rho, low, high = data[["rho", "rho_low", "rho_high"]].iloc[0]
    text = rf"$\rho={rho:.2f}$" + f" [{low:.2f}, {high:.2f}]".replace("-", "\N{MINUS SIGN}")
    axes.text(0.03, 0.97, text, transform=axes.transAxes, va="top", fontsize=9, bbox=WHITE)
    axes.set_ylabel(TERSE_LABELS[quantity])
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.12 * (high - low))  # room for the text
    return hexagons


def draw_map(
    axes: Axes, data: pd.DataFrame, column: str, limits: tuple[float, float], cmap: str = "viridis"
) -> PolyCollection:
    """Draw the bins of `encluster.reductions.sigma8_map`, colored by one of their columns; perhaps none."""
    low, high = data[["n_low", "y_low"]].to_numpy(float), data[["n_high", "y_high"]].to_numpy(float)
    size = (high - low)[0] if len(data) else 1.0
    norm = Normalize(*limits) if np.isfinite(limits).all() else Normalize(0, 1)
    return _draw_bins(axes, _RECTANGLE * size, (low + high) / 2, data[column], norm, cmap)


def _draw_bins(
    axes: Axes, corners: FloatArray, centers: FloatArray, values: pd.Series, norm: Normalize, cmap: str
) -> PolyCollection:
    """Draw one polygon at many centers; an edge in the color of the face closes the seams between them."""
    bins = PolyCollection(
        [corners],
        offsets=centers,
        offset_transform=AffineDeltaTransform(axes.transData),  # type: ignore[arg-type] # our axes are linear
        cmap=cmap,
        norm=norm,
        lw=0.2,
        edgecolors="face",
    )
    bins.set_array(values.to_numpy(float))
    axes.minorticks_off()  # in figures of many panels they cost half of the time
    axes.add_collection(bins, autolim=False)
    if len(centers):
        axes.update_datalim(np.concatenate([centers + corners.min(axis=0), centers + corners.max(axis=0)]))
        axes.autoscale_view()
    return bins
