"""The halo catalog, whose columns have fixed units and ranges, and its file (section 2.1)."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from astropy.table import Table

from encluster import files
from encluster.halos.consistency import gas_fraction_problem, radius_problem
from encluster.halos.contract import (
    CONTRACT,
    Origin,
    check_ids,
    check_number,
    column_problem,
    raise_first,
)
from encluster.types import FloatArray, IntArray

FORMAT = "halos"
FORMAT_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class HaloCatalog:
    """Clusters of a simulation with their true masses and observables, scaled to one redshift.

    Units, ranges and descriptions of the columns are in `encluster.halos.contract.CONTRACT`. Arrays are read-only.

    Parameters
    ----------
    id : IntArray
        (n,) unique identifiers.
    m500c : FloatArray
        (n,) M500c [Msun/h].
    r500c_kpc : FloatArray
        (n,) R500c at `survey_redshift` [physical kpc].
    temperature : FloatArray
        (n,) mass-weighted temperature within R500c [keV].
    lx : FloatArray
        (n,) bolometric luminosity within R500c [1e44 erg/s].
    m_gas : FloatArray
        (n,) gas mass within R500c [Msun/h].
    f_core : FloatArray
        (n,) share of the 0.5-2 keV photons within R500c that come from inside 0.15 R500c; NaN if unknown.
    y500 : FloatArray, optional
        (n,) Compton parameter in the unit of the list; NaN if unknown.
    redshift : FloatArray
        (n,) redshift of the record's own snapshot.
    source : str
        The simulation that the numbers come from, for example "surrogate".
    survey_redshift : float
        Redshift to which the observables are scaled.
    log_m_limit : float
        Lower mass limit of the catalog, log10 M500c [Msun/h].
    thinned : bool
        Whether the list is incomplete in mass, so that its number density has no meaning.
    provenance : tuple of str, optional
        Lines of text: file, checksum, exponents, dropped rows.
    names : tuple of str, optional
        (n,) names of the clusters, if the list has names instead of numbers; `id` is then the row in the list.

    Raises
    ------
    ValueError
        If a value breaks the contract; the message names source, column, row and value.
    """

    id: IntArray
    m500c: FloatArray
    r500c_kpc: FloatArray
    temperature: FloatArray
    lx: FloatArray
    m_gas: FloatArray
    f_core: FloatArray
    y500: FloatArray = field(default_factory=lambda: np.array(np.nan))
    redshift: FloatArray
    source: str
    survey_redshift: float
    log_m_limit: float
    thinned: bool
    provenance: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"halo catalog ({self.source})"
        if not self.source:
            raise ValueError("halo catalog: 'source' is empty; it must name the simulation that made the numbers")
        for name, value, low, high in (
            ("survey_redshift", self.survey_redshift, 0.001, 3),
            ("log_m_limit", self.log_m_limit, 12, 16),
        ):
            if not low <= value <= high:
                raise ValueError(f"{where}: {name} = {value} must lie in {low} ... {high}")
        for name in CONTRACT:
            array = np.array(getattr(self, name), dtype=np.int64 if name == "id" else np.float64)
            if name == "y500" and array.ndim == 0:
                array = np.full(self.id.shape, array)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
            if array.shape != self.id.shape or array.ndim != 1:
                raise ValueError(f"{where}: column {name!r} has shape {array.shape}, 'id' has {self.id.shape}")
        object.__setattr__(self, "provenance", tuple(self.provenance))
        object.__setattr__(self, "names", tuple(self.names))
        if self.names and len(self.names) != len(self):
            raise ValueError(f"{where}: {len(self.names)} names of {len(self)} clusters")
        self._check_columns(where)

    def _check_columns(self, where: str) -> None:
        check_number(len(self), where)
        origin = Origin(where=where, ids=self.id)
        raise_first(column_problem(name, getattr(self, name), origin) for name in CONTRACT)
        check_ids(self.id, origin)
        # All spheres have the same density; therefore the mass gives the radius up to one constant.
        size = self.r500c_kpc / np.cbrt(self.m500c)
        raise_first(
            [
                gas_fraction_problem(self.m_gas, self.m500c, origin),
                radius_problem(self.r500c_kpc, np.median(size) * np.cbrt(self.m500c), origin),
            ]
        )
        lightest = int(np.argmin(self.m500c))
        if self.log_m[lightest] < self.log_m_limit - 1e-9:
            raise ValueError(
                f"{origin.at('m500c', lightest)}: log10 of the value is {self.log_m[lightest]:.4f},"
                f" below log_m_limit = {self.log_m_limit:g}"
            )

    def __len__(self) -> int:
        return int(self.id.size)

    @property
    def log_m(self) -> FloatArray:
        """(n,) log10 M500c [Msun/h]."""
        return np.log10(self.m500c)

    @property
    def labels(self) -> list[str]:
        """Names of the clusters in the list, or their ids if the list has no names."""
        return list(self.names) or [str(cluster) for cluster in self.id]


def write_catalog(path: Path, catalog: HaloCatalog) -> None:
    """Write a catalog as ECSV with an atomic replacement; `read_catalog` returns the identical catalog.

    Parameters
    ----------
    path : Path
        The file.
    catalog : HaloCatalog
        The catalog.
    """
    table = Table({name: getattr(catalog, name) for name in CONTRACT})
    for name, contract in CONTRACT.items():
        table[name].description = f"{contract.description} [{contract.unit}]"
    if catalog.names:
        table.add_column(list(catalog.names), name="name", index=1)
        table["name"].description = "name of the cluster in the list"
    table.meta = {"format": FORMAT, "format_version": FORMAT_VERSION, "rows": len(catalog)}
    table.meta |= {
        "source": catalog.source,
        "survey_redshift": float(catalog.survey_redshift),
        "log_m_limit": float(catalog.log_m_limit),
        "thinned": bool(catalog.thinned),
        "provenance": list(catalog.provenance),
        "units": {name: contract.unit for name, contract in CONTRACT.items()},
    }
    with files.replacing(path) as temporary:
        table.write(temporary, format="ascii.ecsv", overwrite=True)


def read_catalog(path: Path) -> HaloCatalog:
    """Read a catalog that `write_catalog` wrote.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    HaloCatalog
        The catalog.

    Raises
    ------
    ValueError
        If the file is missing, empty, damaged, truncated or of another format, or a value breaks the contract.
    """
    files.require_file(path)
    try:
        table = Table.read(path, format="ascii.ecsv")
    except Exception as error:  # astropy raises many types of errors for a damaged file
        raise ValueError(f"{path}: not a readable ECSV file ({_one_line(error)}); make it again") from error
    meta = table.meta
    if meta.get("format") != FORMAT:
        raise ValueError(f"{path}: holds format {meta.get('format')!r}, expected {FORMAT!r}; make_halos.py writes it")
    if meta.get("format_version") != FORMAT_VERSION:
        raise ValueError(f"{path}: format version {meta.get('format_version')}, expected {FORMAT_VERSION}")
    for name in CONTRACT:
        if name not in table.colnames:
            raise ValueError(f"{path}: column {name!r} is missing; there are {', '.join(table.colnames)}")
    if len(table) != meta.get("rows"):
        raise ValueError(f"{path}: {len(table)} rows where {meta.get('rows')} were written; make it again")
    attributes = [f.name for f in fields(HaloCatalog) if f.name not in (*CONTRACT, "names")]
    missing = [name for name in attributes if name not in meta]
    if missing:
        raise ValueError(f"{path}: the header lacks {missing[0]!r}; make it again")
    content: dict[str, Any] = {name: meta[name] for name in attributes}
    try:
        for name in CONTRACT:
            content[name] = np.asarray(table[name], np.int64 if name == "id" else np.float64)
        return HaloCatalog(**content, names=tuple(map(str, table["name"])) if "name" in table.colnames else ())
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {_one_line(error)}") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
