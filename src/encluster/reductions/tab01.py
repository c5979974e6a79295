"""Numbers of Table 1: each cluster property, where it comes from, how it scatters, and what this run made of it."""

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs

# property, definition, derived from, scatter comes from, used as
PROPERTIES = (
    ("N_cluster", "clusters in a mock catalog", "selection function", "Poisson draw per mass bin", "height of input"),
    ("M500c", "mass within 500 rho_crit [log Msun/h]", "mass function", "none", "truth only"),
    ("M_WL", "lensing mass [log Msun/h]", "M500c", "lognormal, sigma_WL per catalog", "supplementary input"),
    ("L_X", "X-ray luminosity [log 1e44 erg/s]", "power law", "residual of a neighbor", "supplementary, order"),
    ("T", "mass-weighted temperature [log keV]", "power law", "residual of the same neighbor", "2D input"),
    ("M_gas", "gas mass within R500c [log Msun/h]", "power law", "residual of the same neighbor", "scales M_gas(r)"),
    ("M_gas(r)", "gas mass in seven shells [log Msun/h]", "X-ray fit", "profile of the same neighbor", "2D input"),
    ("gamma(r)", "d ln rho_gas / d ln r at seven radii", "X-ray fit", "profile of the same neighbor", "2D input"),
    ("sigma_WL", "scatter of M_WL in ln M", "uniform draw", "none", "per catalog"),
    ("M_break", "flux- to volume-limited [log Msun/h]", "flux limit and L_X relation", "none", "per catalog"),
)
COLUMNS = {
    "M500c": "log_m500c",
    "M_WL": "log_m_wl",
    "L_X": "log_lx",
    "T": "log_temperature",
    "M_gas": "log_m_gas",
    "M_gas(r)": "log_m_gas_shell",
    "gamma(r)": "gamma",
    "sigma_WL": "sigma_wl",
    "M_break": "log_m_break",
}


def reduce(mocks: ClusterCatalogs) -> pd.DataFrame:
    """Return a row per property with the minimum, median and maximum over all mock catalogs."""
    columns = {**mocks.clusters, **mocks.catalogs}
    rows = []
    for name, definition, origin, scatter, used in PROPERTIES:
        values = mocks.n_clusters if name == "N_cluster" else columns[COLUMNS[name]].values
        rows.append(
            {
                "property": name,
                "definition": definition,
                "derived_from": origin,
                "scatter": scatter,
                "used_as": used,
                "minimum": float(values.min()),
                "median": float(np.median(values)),
                "maximum": float(values.max()),
            }
        )
    return pd.DataFrame(rows)
