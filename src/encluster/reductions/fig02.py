"""Numbers of Fig. 2: density-squared profiles of three representative clusters."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from encluster.types import FloatArray
from encluster.xray.density import GasDensity

CORES = {"flat core": 0.97, "peaked core": 0.5, "cool core": 0.03}  # quantile of the slope in the core
CORE_R500 = 0.05
BRIGHT = 0.75  # among the quarter of the clusters with most photons
_NAMES = [parameter.name for parameter in fields(GasDensity)]


def reduce(profiles: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return one row per annulus of three clusters, chosen by the slope of their density at 0.05 R500c.

    A point is the fitted n_p n_e at the annulus times observed over expected photons there, so that its error is that
    of the photons alone.

    Columns: ``cluster`` (kind of core), ``id``, ``log_m``, ``r_kpc``, ``r_over_r500c``, ``density_squared`` and
    ``density_squared_err`` (points), ``density_squared_fit`` [cm^-6].
    """
    counts, r500c = profiles["counts"], profiles["r500c_kpc"]
    bright = np.flatnonzero(counts >= np.quantile(counts, BRIGHT))
    density = {row: _density(profiles["density_parameters"][row]) for row in bright}
    by_slope = sorted(bright, key=lambda row: float(density[row].slope(CORE_R500 * r500c[row])))
    parts = []
    for kind, quantile in CORES.items():
        row = by_slope[int(quantile * (len(by_slope) - 1))]
        edges = profiles["annulus_edges"][row]
        # the mean radius of an annulus by area, which also serves the first, a disc
        r_kpc = 2 / 3 * (edges[1:] ** 3 - edges[:-1] ** 3) / (edges[1:] ** 2 - edges[:-1] ** 2)
        fit = density[row].emissivity(r_kpc)
        observed, expected = profiles["annulus_counts"][row], profiles["annulus_model"][row]
        seen = observed > 0
        parts.append(
            pd.DataFrame(
                {
                    "cluster": kind,
                    "id": profiles["id"][row],
                    "log_m": np.log10(profiles["m500c"][row]),
                    "r_kpc": r_kpc,
                    "r_over_r500c": r_kpc / r500c[row],
                    "density_squared": fit * observed / expected,
                    "density_squared_err": fit * np.sqrt(observed) / expected,
                    "density_squared_fit": fit,
                }
            )[seen]
        )
    return pd.concat(parts, ignore_index=True)


def _density(parameters: FloatArray) -> GasDensity:
    return GasDensity(**dict(zip(_NAMES, parameters.tolist(), strict=True)))
