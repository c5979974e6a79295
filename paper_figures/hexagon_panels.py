"""Terse value of clusters against other quantities, in hexagonal bins: Figures 15 and 21."""

from __future__ import annotations

from collections.abc import Mapping
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
NUMBERS = ("rho", "rho_low", "rho_high", "rho_lowest", "rho_highest", "networks")
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


def terse_histograms(networks: Mapping[str, ClusterCatalogs], quantities: tuple[str, ...]) -> pd.DataFrame:
    """Return a two-dimensional histogram of the terse value and each quantity, of all test clusters.

    Parameters
    ----------
    networks : Mapping of str to ClusterCatalogs
        Interpretations by name of the network; the histogram is of the first.
    quantities : tuple of str
        Columns of clusters, ``n_cluster`` or ``sigma8``.

    Returns
    -------
    pd.DataFrame
        Columns ``quantity``; those of `hexagonal_histogram` (x is the terse value); the rank correlation ``rho`` of
        terse value and quantity with its confidence interval ``rho_low``, ``rho_high``; the range ``rho_lowest``,
        ``rho_highest`` of the correlation over the ``networks``. The sign of a terse value is arbitrary: before the
        range is taken, terse values are given the sign with which their correlation with mass is that of the first.
    """
    from encluster.interpretation.terse import correlations

    found = [correlations(interpretation) for interpretation in networks.values()]
    same = [float(np.sign(of["log_m500c"].rho * found[0]["log_m500c"].rho)) or 1.0 for of in found]
    first = next(iter(networks.values()))
    of_catalog = {"n_cluster": first.n_clusters, "sigma8": first.catalog("sigma8")}
    parts = []
    for name in quantities:
        values = of_catalog[name][first.owner] if name in of_catalog else first[name]
        bins = hexagonal_histogram(first["terse"].astype(float), values.astype(float)).round(6)
        bins.insert(0, "quantity", name)
        rank = found[0][name]
        rho = [sign * of[name].rho for sign, of in zip(same, found, strict=True)]
        numbers = {"rho": rank.rho, "rho_low": rank.low, "rho_high": rank.high}
        numbers |= {"rho_lowest": min(rho), "rho_highest": max(rho)}
        parts.append(bins.assign(**{key: round(value, 5) for key, value in numbers.items()}, networks=len(rho)))
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
    rho, low, high, lowest, highest, networks = table[list(NUMBERS)].iloc[0]
    text = rf"$\rho={rho:.3f}\;[{low:.3f},{high:.3f}]$"
    if networks > 1:
        text += "\n" + rf"{networks:.0f} networks: ${lowest:.3f}$ to ${highest:.3f}$"
    axes.text(0.03, 0.97, text, transform=axes.transAxes, va="top")
    axes.autoscale_view()
    bottom, top = axes.get_ylim()
    room = 0.24 if networks > 1 else 0.12  # for the text
    axes.set(ylabel=LABELS[table["quantity"].iloc[0]], ylim=(bottom, top + room * (top - bottom)))
    return hexagons


def _step(values: FloatArray, number: int) -> float:
    return float(np.ptp(values)) / max(number - 1, 1) or 1.0


def _distance(u: FloatArray, v: FloatArray, center_u: FloatArray, center_v: FloatArray) -> FloatArray:
    """Return the squared distance, in units in which the hexagons are regular."""
    return (u - center_u) ** 2 + 0.75 * (v - center_v) ** 2
