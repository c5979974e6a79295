"""Two-dimensional histograms in hexagonal bins, as in Figs 15 and 21."""

import numpy as np
import pandas as pd

from encluster.types import FloatArray

COLUMNS, ROWS = 36, 30


def hexagonal_histogram(x: FloatArray, y: FloatArray) -> pd.DataFrame:
    """Count points in hexagons, of which `COLUMNS` span the range of x and `ROWS` that of y.

    A y with fewer distinct values than that gets a row of hexagons for each, if they are evenly spaced: bins that do
    not fit such a grid would show stripes that are not there.

    Parameters
    ----------
    x, y : (n,) the points

    Returns
    -------
    Columns: ``x``, ``y`` (center of each hexagon that is not empty), ``dx`` (its width), ``dy`` (distance of the rows,
    3/4 of its height), ``count``.
    """
    dx, dy = _step(x, COLUMNS), _step(y, min(ROWS, len(np.unique(y))))
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


def _step(values: FloatArray, number: int) -> float:
    return float(np.ptp(values)) / max(number - 1, 1) or 1.0


def _distance(u: FloatArray, v: FloatArray, center_u: FloatArray, center_v: FloatArray) -> FloatArray:
    """Squared, in units in which the hexagons are regular."""
    return (u - center_u) ** 2 + 0.75 * (v - center_v) ** 2
