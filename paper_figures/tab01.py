"""Table 1: each cluster property, its origin, its scatter and its range in this run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from table_cells import typeset

if TYPE_CHECKING:
    from encluster.catalogs import ClusterCatalogs

TITLE = "Data preparation and cluster properties"
INPUTS = {"mocks": "mocks/mocks.h5"}
CAPTION = (
    "Data preparation: each property of a mock catalog, its origin, the origin of its scatter, its use, and its range "
    "over all catalogs of this run. Logarithms have base 10."
)
COLUMNS = {
    "property": ("", "name of the property"),
    "definition": ("", "what the property is, with its unit in brackets"),
    "derived_from": ("", "where the values come from"),
    "scatter": ("", "where the scatter comes from"),
    "used_as": ("", "what the property is used as"),
    "minimum": ("", "smallest value over all catalogs, in the unit of the definition"),
    "median": ("", "median over all catalogs, in the unit of the definition"),
    "maximum": ("", "largest value over all catalogs, in the unit of the definition"),
}
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
MOCK_COLUMNS = {
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
SYMBOLS = {
    "N_cluster": r"$N_\mathrm{cluster}$",
    "M500c": r"$M_{500}$",
    "R500c": r"$R_{500}$",
    "M_WL": r"$M_\mathrm{WL}$",
    "L_X": "$L_X$",
    "M_gas(r)": r"$M_\mathrm{gas}(r)$",
    "M_gas": r"$M_\mathrm{gas}$",
    "gamma(r)": r"$\gamma(r)$",
    "sigma_WL": r"$\sigma_\mathrm{WL}$",
    "M_break": r"$M_\mathrm{break}$",
    "500 rho_crit": r"$500\,\rho_\mathrm{crit}$",
    "d ln rho_gas / d ln r": r"$\mathrm{d}\ln\rho_\mathrm{gas}\,/\,\mathrm{d}\ln r$",
    "ln M": r"$\ln M$",
    "[log Msun/h]": r"[$\log\,h^{-1}\,\mathrm{M}_\odot$]",
    "[log 1e44 erg/s]": r"[$\log\,10^{44}$ erg/s]",
    "[log keV]": r"[$\log$ keV]",
}


def reduce(mocks: ClusterCatalogs) -> pd.DataFrame:
    """Return a row per property with the minimum, median and maximum over all mock catalogs."""
    columns = {**mocks.clusters, **mocks.catalogs}
    rows = []
    for name, *words in PROPERTIES:
        values = mocks.n_clusters if name == "N_cluster" else columns[MOCK_COLUMNS[name]].values
        rows.append((name, *words, float(values.min()), float(np.median(values)), float(values.max())))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def draw(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is printed."""
    words = {
        "Property": "property",
        "Definition": "definition",
        "Derived from": "derived_from",
        "Scatter by": "scatter",
        "Used as": "used_as",
    }
    printed = pd.DataFrame({title: table[name].map(_with_symbols) for title, name in words.items()})
    counted = table["property"] == "N_cluster"
    for name in ("minimum", "median", "maximum"):
        printed[name.capitalize()] = np.where(counted, typeset(table[name], ".0f"), typeset(table[name], ".2f"))
    return printed


def _with_symbols(text: str) -> str:
    if text == "T":
        return "$T$"
    return re.sub("|".join(map(re.escape, SYMBOLS)), lambda found: SYMBOLS[found[0]], text)
