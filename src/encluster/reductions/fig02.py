"""Numbers of Fig. 2: density-squared profiles of three representative clusters."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from encluster.xray.density import GasDensity

CORES = {"flat core": 0.05, "peaked core": 0.6, "cool core": 0.95}  # quantile of the concentration of the gas
BRIGHT = 0.75  # among the quarter of the clusters with most photons


def reduce(profiles: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return one row per annulus of three clusters, chosen by how much of their gas lies in the core.

    A point is the fitted n_p n_e at the annulus times observed over expected photons there, so that its error is that
    of the photons alone.

    Columns: ``cluster`` (kind of core), ``id``, ``log_m``, ``r_kpc``, ``r_over_r500c``, ``density_squared`` and
    ``density_squared_err`` (points), ``density_squared_fit`` [cm^-6].
    """
    counts = profiles["counts"]
    bright = np.flatnonzero(counts >= np.quantile(counts, BRIGHT))
    concentration = profiles["m_gas_shell"][bright, 0] / profiles["m_gas"][bright]
    by_core = bright[np.argsort(concentration, kind="stable")]
    names = [parameter.name for parameter in fields(GasDensity)]
    parts = []
    for kind, quantile in CORES.items():
        row = by_core[int(quantile * (len(by_core) - 1))]
        edges = profiles["annulus_edges"][row]
        # the mean radius of an annulus by area, which also serves the first, a disc
        r_kpc = 2 / 3 * (edges[1:] ** 3 - edges[:-1] ** 3) / (edges[1:] ** 2 - edges[:-1] ** 2)
        density = GasDensity(**dict(zip(names, profiles["density_parameters"][row].tolist(), strict=True)))
        fit = density.emissivity(r_kpc)
        observed, expected = profiles["annulus_counts"][row], profiles["annulus_model"][row]
        seen = observed > 0
        parts.append(
            pd.DataFrame(
                {
                    "cluster": kind,
                    "id": profiles["id"][row],
                    "log_m": np.log10(profiles["m500c"][row]),
                    "r_kpc": r_kpc,
                    "r_over_r500c": r_kpc / profiles["r500c_kpc"][row],
                    "density_squared": fit * observed / expected,
                    "density_squared_err": fit * np.sqrt(observed) / expected,
                    "density_squared_fit": fit,
                }
            )[seen]
        )
    return pd.concat(parts, ignore_index=True)
