"""Column map: which column of a file holds which quantity, in which unit, and which column is a redshift."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos.tables import RawTable
from encluster.halos.units import DIMENSIONS, PURE, SCALE_FACTOR, Unit
from encluster.types import FloatArray

REQUIRED = ("m500c", "temperature", "lx")  # and m_gas or gas_fraction
FIXED = "fixed"  # in a column map: halos.redshift applies to every row, even if the file has redshifts

_REDSHIFT_WORDS = {
    "redshift",
    "z",
    "zred",
    "zspec",
    "zphot",
    "zbest",
    "bestz",
    "zcl",
    "ztrue",
    "zobs",
    "zcmb",
    "zlambda",
}
_SCALE_FACTOR_WORDS = {"scalefactor", "aexp", "expansionfactor"}
# names with these words, such as z_err and pos_z, are not redshifts
_OTHER_WORDS = (
    {"e", "err", "error", "unc", "sigma", "min", "max", "lo", "hi", "low", "high", "up", "down"}
    | {"flag", "type", "ref", "src", "source", "quality"}
    | {
        "pix",
        "pixel",
        "pos",
        "position",
        "coord",
        "vel",
        "velocity",
        "spin",
        "center",
        "cm",
        "com",
        "kpc",
        "mpc",
    }
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """The column of a file that holds one quantity of the catalog.

    Parameters
    ----------
    column : str
        Name of the column.
    unit : str
        Its unit, as `encluster.halos.units.Unit.parse` reads it.
    """

    column: str
    unit: str


def column_map(settings: Mapping[str, Any]) -> dict[str, Source]:
    """Check the column map of a configuration, ``{m500c: {column: M500, unit: 1e14 Msun}, ...}``.

    Parameters
    ----------
    settings : Mapping[str, Any]
        Column and unit of each quantity; ``redshift: fixed`` is not in the result.

    Returns
    -------
    dict[str, Source]
        Column and unit of each quantity.

    Raises
    ------
    ValueError
        If a quantity or unit is unknown or missing, or two quantities are read from one column.
    """
    where = "halos.columns"
    found: dict[str, Source] = {}
    for quantity, entry in settings.items():
        if quantity not in DIMENSIONS:
            raise ValueError(f"{where}: {quantity!r} is not known{nearest(str(quantity), list(DIMENSIONS))}")
        if quantity == "redshift" and entry == FIXED:
            continue
        dimension = DIMENSIONS[quantity]
        if not isinstance(entry, Mapping) or not {"column"} <= set(entry) <= {"column", "unit"}:
            hint = ", or redshift: fixed" if quantity == "redshift" else ""
            raise ValueError(f"{where}: {quantity} is {entry!r}; it must be {{column: NAME, unit: UNIT}}{hint}")
        if "unit" not in entry and dimension is not PURE:
            units = ", ".join(dimension.examples)
            raise ValueError(f"{where}: {quantity} has no unit; give one of {units}, with a factor if there is one")
        source = Source(column=str(entry["column"]), unit=str(entry.get("unit", "1")))
        try:
            Unit.parse(quantity, source.unit)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
        twin = next((other for other, its in found.items() if normal(its.column) == normal(source.column)), None)
        if twin is not None:
            raise ValueError(f"{where}: {twin} and {quantity} are both read from column {source.column!r}")
        found[quantity] = source
    missing = missing_quantities(found)
    if missing:
        raise ValueError(f"{where}: {', '.join(missing)} missing; each needs {{column: NAME, unit: UNIT}}")
    return found


def missing_quantities(found: Iterable[str]) -> list[str]:
    """Return the names of required quantities that a list lacks.

    Parameters
    ----------
    found : iterable of str
        Quantities of the list.

    Returns
    -------
    list of str
        Names; empty if the list is complete.
    """
    missing = [name for name in REQUIRED if name not in found]
    return missing + ([] if {"m_gas", "gas_fraction"} & set(found) else ["m_gas (or gas_fraction)"])


def normal(name: str) -> str:
    """Return the name of a column in lower case, without blanks and bracketed unit: ``m500c[Msol/h]`` -> ``m500c``.

    Parameters
    ----------
    name : str
        Name in the file.

    Returns
    -------
    str
        The normalized name.
    """
    return re.sub(r"[\[(].*$", "", name).strip().lower()


def find_column(table: RawTable, wanted: str) -> str:
    """Return the name of a column in the file, matched exactly or else as `normal` writes it.

    Parameters
    ----------
    table : RawTable
        The file's columns.
    wanted : str
        Name to find.

    Returns
    -------
    str
        Name in the file.

    Raises
    ------
    ValueError
        If there is no such column, or more than one; the message names the most similar column, and all columns.
    """
    if wanted in table.columns:
        return wanted
    matches = [name for name in table.columns if normal(name) == normal(wanted)]
    if len(matches) == 1:
        return matches[0]
    names = list(table.columns)
    problem = "is ambiguous" if matches else "does not exist"
    raise ValueError(f"{table.path}: column {wanted!r} {problem}{nearest(wanted, names)}")


def nearest(wanted: str, names: list[str]) -> str:
    """Return the end of an error message: the most similar name, and all names.

    Parameters
    ----------
    wanted : str
        Name that was not found.
    names : list of str
        Known names.

    Returns
    -------
    str
        Text that begins with a semicolon.
    """
    close = difflib.get_close_matches(normal(wanted), [normal(name) for name in names], n=1, cutoff=0.5)
    guess = next((f"; did you mean {name!r}?" for name in names if close and normal(name) == close[0]), ";")
    return f"{guess} there are {', '.join(names)}"


def redshift_columns(table: RawTable) -> list[str]:
    """Return the columns that look like redshifts or scale factors, by name and by values.

    A column ``z`` next to ``x`` is a coordinate. A column with the unit of another quantity is not a redshift.

    Parameters
    ----------
    table : RawTable
        The file's columns.

    Returns
    -------
    list of str
        Names in the file.
    """
    names = {normal(name) for name in table.columns}
    return [name for name in table.columns if _names_redshift(name, names) and _holds_redshifts(table, name)]


def _names_redshift(name: str, names: set[str]) -> bool:
    bare = normal(name)
    words = {word for word in re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z])\d+$", "", bare)) if word}
    if words & _OTHER_WORDS or re.sub(r"(?<![a-z])z(?![a-z])", "x", bare) in names - {bare}:
        return False
    return bool(
        words & (_REDSHIFT_WORDS | _SCALE_FACTOR_WORDS) or "redshift" in bare or names_scale_factor(name)
    )  # fmt: skip


def names_scale_factor(name: str) -> bool:
    """Return whether the name of a column means a scale factor.

    Parameters
    ----------
    name : str
        Name in the file.

    Returns
    -------
    bool
        True for names such as ``aexp``.
    """
    return re.sub(r"[^a-z]", "", normal(name)) in _SCALE_FACTOR_WORDS


def _holds_redshifts(table: RawTable, name: str) -> bool:
    unit = table.units.get(name, "").strip()
    values = table.columns[name]
    if values.ndim != 1 or (unit and Unit().contradicts("redshift", unit)):
        return False
    numbers = table.number(name)
    plausible = (numbers > -0.01) & (numbers < 20)
    return bool(plausible.mean() > 0.5)


def convert(
    table: RawTable,
    sources: Mapping[str, Source],
    *,
    cosmology: Cosmology,
    default_redshift: float,
    trust_units: bool = False,
) -> dict[str, FloatArray]:
    """Return each mapped quantity in the catalog's units; the redshift is always included.

    Parameters
    ----------
    table : RawTable
        The file's columns.
    sources : Mapping[str, Source]
        Column and unit of each quantity.
    cosmology : Cosmology
        Source of h and distances.
    default_redshift : float
        Redshift of lists without a redshift column.
    trust_units : bool, optional
        Whether the units of `sources` apply even if the file states others.

    Returns
    -------
    dict[str, FloatArray]
        (n,) values of each quantity.

    Raises
    ------
    ValueError
        If the file states another unit for a column, or redshifts look like scale factors.
    """
    names = {quantity: find_column(table, source.column) for quantity, source in sources.items()}
    units = {quantity: Unit.parse(quantity, source.unit) for quantity, source in sources.items()}
    for quantity, unit in units.items():
        stated = table.units.get(names[quantity], "")
        if quantity not in ("id", "y500") and not trust_units and unit.contradicts(quantity, stated):
            raise ValueError(
                f"{table.path}: column {names[quantity]!r}: the file states the unit {stated!r}, the column map"
                f" {sources[quantity].unit!r}; correct the map, or set halos.trust_units: true if the file is wrong"
            )
    redshift = np.full(len(table), float(default_redshift))
    if "redshift" in names:
        given = table.number(names["redshift"])
        redshift = units["redshift"].convert(given, cosmology=cosmology, redshift=given)
        if "redshift" not in sources["redshift"].unit and not units["redshift"].scale_factor:
            _question_scale_factors(table, names["redshift"], given, default_redshift)
    values = {"redshift": redshift}
    for quantity in sources:
        if quantity not in ("redshift", "id"):
            number = table.number(names[quantity])
            values[quantity] = units[quantity].convert(number, cosmology=cosmology, redshift=redshift)
    return values


def _question_scale_factors(table: RawTable, name: str, values: FloatArray, expected: float) -> None:
    """Raise ValueError if all redshifts are near 1 although they are expected near 0."""
    finite = values[np.isfinite(values)]
    if names_scale_factor(name) or (expected < 0.3 and len(finite) and (finite > 0.7).all() and (finite <= 1).all()):
        raise ValueError(
            f"{table.path}: column {name!r} runs from {finite.min():g} to {finite.max():g}, which looks like a scale"
            f" factor (redshift {1 / finite.max() - 1:.3g} ... {1 / finite.min() - 1:.3g}); set"
            f" redshift: {{column: {name}, unit: {SCALE_FACTOR}}} in halos.columns, or unit: redshift if it is not"
        )
