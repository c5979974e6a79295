"""Numbers of Fig. 3: how a new cluster takes its scatter from a neighbor in mass."""

from typing import Any

import numpy as np
import pandas as pd

from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import ScalingRelations

SETTINGS = ("mocks",)
TARGET_LOG_M = 14.0  # as in the paper's example
NORMALIZATION, SLOPE, SCATTER = 1.3, 0.7, 1.3  # biases of the lower panel: a far corner of the grid


def reduce(halos: HaloCatalog, scaling: ScalingRelations, settings: Any) -> pd.DataFrame:
    """Return the points and lines of both panels, in L_X.

    Columns: ``panel`` (same relation, other relation), ``item`` (simulation, fiducial, relation, neighbor, new),
    ``log_m`` [log10 Msun/h], ``log_lx`` [log10 1e44 erg/s], ``scatter`` of a relation [dex].
    """
    fiducial = scaling.relations["lx"]
    window = settings.mocks.neighbors.window_dex
    residual = np.log10(halos.lx) - fiducial.log_x(halos.log_m)
    distance = np.abs(halos.log_m - TARGET_LOG_M)
    # a neighbor well off the relation and in mass shows the two shifts; the choice is for the eye only
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
        ("other relation", fiducial.varied(normalization=NORMALIZATION, slope=SLOPE), SCATTER),
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
