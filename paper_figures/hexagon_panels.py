"""Terse value of clusters against other quantities, in hexagonal bins: Figures 15 and 21."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs
    from encluster.types import FloatArray

N_COLUMNS, N_ROWS = 36, 30
LABELS = {
    "log_m500c": r"$\log_{10}\,(M_{500}\;[h^{-1}\,\mathrm{M}_\odot])$",
    "log_m_wl": r"$\log_{10}\,(M_\mathrm{WL}\;[h^{-1}\,\mathrm{M}_\odot])$",
    "log_m_gas": r"$\log_{10}\,(M_\mathrm{gas}\;[h^{-1}\,\mathrm{M}_\odot])$",
    "log_temperature": r"$\log_{10}\,(T\;[\mathrm{keV}])$",
    "n_cluster": r"$N_\mathrm{cluster}$",
    "sigma8": r"$\sigma_8$",
}
# corners about the center, in units of the width and of the distance of the rows
_CORNERS = np.array([(0, 2 / 3), (0.5, 1 / 3), (0.5, -1 / 3), (0, -2 / 3), (-0.5, -1 / 3), (-0.5, 1 / 3)])


def terse_histograms(interpretation: ClusterCatalogs, quantities: tuple[str, ...]) -> pd.DataFrame:
    """Return a two-dimensional histogram of the terse value and each quantity, of all test clusters.

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Of one network.
    quantities : tuple of str
        Columns of clusters, ``n_cluster`` or ``sigma8``.

    Returns
    -------
    pd.DataFrame
        Columns ``quantity``, those of `hexagonal_histogram` (x is the terse value), and the rank correlation ``rho``
        of terse value and quantity with its confidence interval ``rho_low``, ``rho_high``.
    """
    from encluster.interpretation.terse import correlations

    of_catalog = {"n_cluster": interpretation.n_clusters, "sigma8": interpretation.catalog("sigma8")}
    found = correlations(interpretation)
    parts = []
    for name in quantities:
        values = of_catalog[name][interpretation.owner] if name in of_catalog else interpretation[name]
        bins = hexagonal_histogram(interpretation["terse"].astype(float), values.astype(float)).round(6)
        bins.insert(0, "quantity", name)
        rank = found[name]
        rho = {"rho": round(rank.rho, 5), "rho_low": round(rank.low, 5), "rho_high": round(rank.high, 5)}
        parts.append(bins.assign(**rho))
    return pd.concat(parts, ignore_index=True)


def hexagonal_histogram(x: FloatArray, y: FloatArray) -> pd.DataFrame:
    """Count points in hexagons, of which `N_COLUMNS` span the range of x and `N_ROWS` that of y.

    A y with fewer distinct values than `N_ROWS` has one row of hexagons for each value, if the values are evenly
    spaced. Other rows would show stripes that are not in the data.

    Parameters
    ----------
    x, y : FloatArray
        (n,) The points.

    Returns
    -------
    pd.DataFrame
        A row for each hexagon that is not empty. Columns ``x``, ``y`` (its center), ``dx`` (its width), ``dy``
        (distance of the rows, 3/4 of its height), ``count``.
    """
    dx, dy = _step(x, N_COLUMNS), _step(y, min(N_ROWS, len(np.unique(y))))
    u, v = (x - x.min()) / dx, (y - y.min()) / dy
    # centers lie at whole u in even rows and half-way between in odd rows; the nearer candidate of each kind wins
    even = np.round(u), 2 * np.round(v / 2)
    odd = np.floor(u) + 0.5, 2 * np.floor(v / 2) + 1
    nearer = _distance(u, v, *odd) < _distance(u, v, *even)
    centers = np.stack([np.where(nearer, o, e) for o, e in zip(odd, even, strict=True)], axis=1)
    filled, count = np.unique(centers, axis=0, return_counts=True)
    return pd.DataFrame(
        {"x": x.min() + dx * filled[:, 0], "y": y.min() + dy * filled[:, 1], "dx": dx, "dy": dy, "count": count}
    )


def count_norm(table: pd.DataFrame) -> LogNorm:
    """Return one logarithmic scale of counts for all panels of a figure."""
    return LogNorm(1, max(2, table["count"].max()))


def draw_hexagons(axes: Axes, table: pd.DataFrame, norm: LogNorm) -> PolyCollection:
    """Draw the histogram of one quantity with its rank correlation."""
    centers, size = table[["x", "y"]].to_numpy(float), table[["dx", "dy"]].iloc[0].to_numpy(float)
    corners = centers[:, None] + size * _CORNERS
    # an edge in the color of the face closes the seams between hexagons
    hexagons = PolyCollection(list(corners), array=table["count"].to_numpy(float), norm=norm, lw=0.2, edgecolors="face")
    axes.add_collection(hexagons)
    axes.minorticks_off()  # in figures of many panels they cost half of the time
    rho, low, high = table[["rho", "rho_low", "rho_high"]].iloc[0]
    axes.text(0.03, 0.97, rf"$\rho={rho:.3f}\;[{low:.3f},{high:.3f}]$", transform=axes.transAxes, va="top")
    axes.autoscale_view()
    bottom, top = axes.get_ylim()
    axes.set(ylabel=LABELS[table["quantity"].iloc[0]], ylim=(bottom, top + 0.12 * (top - bottom)))  # room for the text
    return hexagons


def _step(values: FloatArray, number: int) -> float:
    return float(np.ptp(values)) / max(number - 1, 1) or 1.0


def _distance(u: FloatArray, v: FloatArray, center_u: FloatArray, center_v: FloatArray) -> FloatArray:
    """Return the squared distance, in units in which the hexagons are regular."""
    return (u - center_u) ** 2 + 0.75 * (v - center_v) ** 2
