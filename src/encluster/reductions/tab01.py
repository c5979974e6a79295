"""Numbers of Table 1: each cluster property, where it comes from, how it scatters, and what this run made of it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

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
DATASETS = {
    "M500c": "clusters/log_m500c",
    "M_WL": "clusters/log_m_wl",
    "L_X": "clusters/log_lx",
    "T": "clusters/log_temperature",
    "M_gas": "clusters/log_m_gas",
    "M_gas(r)": "clusters/log_m_gas_shell",
    "gamma(r)": "clusters/gamma",
    "sigma_WL": "catalogs/sigma_wl",
    "M_break": "catalogs/log_m_break",
}


def reduce(mocks: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return a row per property with the minimum, median and maximum over all mock catalogs."""
    rows = []
    for name, definition, origin, scatter, used in PROPERTIES:
        values = np.diff(mocks["catalogs/offset"]) if name == "N_cluster" else mocks[DATASETS[name]]
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
