"""Lists of clusters as people have them, with the relations of the fiducial simulation."""

from typing import Any

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos import HaloCatalog
from encluster.halos.build import build_catalog
from encluster.halos.surrogate import MeasuredNumbers, SurrogateSettings, make_surrogate

COSMOLOGY = Cosmology()
H = COSMOLOGY.h
MAP: dict[str, Any] = {
    "m500c": {"column": "M500", "unit": "Msun/h"},
    "temperature": {"column": "T", "unit": "keV"},
    "lx": {"column": "L", "unit": "1e44 erg/s"},
    "m_gas": {"column": "MG", "unit": "Msun/h"},
}


def clusters(
    n: int = 400, seed: int = 1, *, normalization: tuple[float, ...] = (1, 1, 1), slope: tuple[float, ...] = (1, 1, 1)
) -> dict[str, np.ndarray]:
    """Return M500 and M_gas [Msun/h], T [keV] and L_X [1e44 erg/s] at z = 0.07; biases of L_X, T and M_gas."""
    halos = make_surrogate(SurrogateSettings(n_clusters=n), COSMOLOGY, seed)
    relations = MeasuredNumbers().relations
    biased = {
        x: getattr(halos, x) * a * 10 ** ((b - 1) * relations[x].slope * (halos.log_m - 14.4))
        for x, a, b in zip(("lx", "temperature", "m_gas"), normalization, slope, strict=True)
    }
    return {"M500": halos.m500c, "T": biased["temperature"], "L": biased["lx"], "MG": biased["m_gas"]}


def csv(columns: dict[str, Any], *, separator: str = ",") -> str:
    """Return columns as text, with all digits."""
    rows = zip(*columns.values(), strict=True)
    return "\n".join([separator.join(columns), *(separator.join(map(str, row)) for row in rows)]) + "\n"


def build(path: Any, columns: dict[str, Any] | None = None, **halos: Any) -> HaloCatalog:
    """Return the catalog that a configuration's halos section asks for."""
    settings = {"source": "table", "path": str(path), "columns": MAP if columns is None else columns}
    return build_catalog(
        {**settings, "redshift": 0.0663, **halos},
        cosmology=COSMOLOGY,
        survey_redshift=0.07,
        mass_function="bocquet16",
        seed=1,
    )
