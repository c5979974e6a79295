"""From a file's columns to ours: which column holds what, and in which unit (science of the portal's formats)."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos.tables import RawTable
from encluster.types import FloatArray

# What a column can hold, and the units that it may come in: factor to our unit. `h` marks a factor of the Hubble
# constant: Msun -> Msun/h multiplies by h, kpc/h -> kpc divides by it.
_MASS = {"Msun/h": (1.0, 0), "Msun": (1.0, 1), "g": (1 / 1.98841e33, 1), "kg": (1 / 1.98841e30, 1)}
_LENGTH = {"kpc": (1.0, 0), "Mpc": (1e3, 0), "kpc/h": (1.0, -1), "Mpc/h": (1e3, -1)}
_ONE = {"1": (1.0, 0), "": (1.0, 0), "%": (0.01, 0)}
UNITS: dict[str, dict[str, tuple[float, int]]] = {
    "m500c": _MASS,
    "m_gas": _MASS,
    "r500c_kpc": _LENGTH,
    "temperature": {"keV": (1.0, 0), "eV": (1e-3, 0), "K": (8.617333e-8, 0), "MK": (8.617333e-2, 0)},
    "lx": {"erg/s": (1e-44, 0), "W": (1e-37, 0)},
    "gas_fraction": _ONE,
    "f_core": _ONE,
    "y500": _ONE,
    "redshift": _ONE,
    "id": _ONE,
}
REQUIRED = ("m500c", "temperature", "lx")  # and m_gas or gas_fraction
UNIT_FORM = "[log10] [comoving] [factor] unit"
_UNIT = re.compile(
    r"^(?P<log>log10\s+)?(?P<comoving>comoving\s+)?(?P<factor>[\d.]+(?:[eE][+-]?\d+)?\s+)?(?P<base>\S*)$"
)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit as `UNIT_FORM` spells it, for example ``1e14 Msun`` or ``comoving kpc/h``."""

    factor: float
    power_of_h: int
    log: bool = False
    comoving: bool = False

    @classmethod
    def parse(cls, quantity: str, text: str) -> "Unit":
        """Read the unit of one of `UNITS`; ValueError for one that it cannot have."""
        known = UNITS[quantity]
        match = _UNIT.match(text.strip())
        if match is None or match["base"] not in known:
            names = ", ".join(repr(name) for name in known if name)
            raise ValueError(f"unit {text!r} of {quantity} is not known; write it as {UNIT_FORM} with one of {names}")
        if match["comoving"] and known is not _LENGTH:
            raise ValueError(f"unit {text!r} of {quantity}: only lengths can be comoving")
        factor, power = known[match["base"]]
        return cls(
            factor=factor * float(match["factor"] or 1),
            power_of_h=power,
            log=bool(match["log"]),
            comoving=bool(match["comoving"]),
        )

    def convert(self, values: FloatArray, *, h: float, redshift: FloatArray) -> FloatArray:
        """Return (n,) values in the contract's unit: Msun/h, physical kpc, keV, 1e44 erg/s."""
        linear = 10.0**values if self.log else values
        return linear * self.factor * h**self.power_of_h / ((1 + redshift) if self.comoving else 1.0)


@dataclass(frozen=True, kw_only=True)
class Source:
    """The file's column that holds one of our quantities, and its unit."""

    column: str
    unit: str


def column_map(settings: Mapping[str, Any]) -> dict[str, Source]:
    """Check the column map of a configuration, ``{m500c: {column: M500, unit: 1e14 Msun}, ...}``.

    Raises
    ------
    ValueError : an unknown quantity or unit, a missing one; says which there are
    """
    where = "halos.columns"
    found: dict[str, Source] = {}
    for quantity, entry in settings.items():
        if quantity not in UNITS:
            raise ValueError(f"{where}: {quantity!r} is not known{nearest(quantity, list(UNITS))}")
        unitless = UNITS[quantity] is _ONE
        if not isinstance(entry, Mapping) or not {"column"} <= set(entry) <= {"column", "unit"}:
            raise ValueError(f"{where}: {quantity} is {entry!r}; it must be {{column: NAME, unit: UNIT}}")
        if "unit" not in entry and not unitless:
            units = ", ".join(UNITS[quantity])
            raise ValueError(f"{where}: {quantity} has no unit; say which of {units}, with a factor where there is one")
        source = Source(column=str(entry["column"]), unit=str(entry.get("unit", "1")))
        try:
            Unit.parse(quantity, source.unit)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
        found[quantity] = source
    missing = missing_quantities(found)
    if missing:
        raise ValueError(f"{where}: {', '.join(missing)} missing; each needs {{column: NAME, unit: UNIT}}")
    return found


def missing_quantities(found: Mapping[str, Source]) -> list[str]:
    """Return the quantities without which a list cannot serve."""
    missing = [name for name in REQUIRED if name not in found]
    return missing + ([] if {"m_gas", "gas_fraction"} & set(found) else ["m_gas (or gas_fraction)"])


def normal(name: str) -> str:
    """Return a column's name without case, blanks and bracketed unit: ``m500c[Msol/h]`` -> ``m500c``."""
    return re.sub(r"[\[(].*$", "", name).strip().lower()


def find_column(table: RawTable, wanted: str) -> str:
    """Return the file's name of a column, matched exactly, or else without case and bracket.

    Raises
    ------
    ValueError : there is none; says which is the nearest, and which exist
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
    """Return the end of a message: the nearest name, and all of them."""
    close = difflib.get_close_matches(normal(wanted), [normal(name) for name in names], n=1, cutoff=0.5)
    guess = next((f"; did you mean {name!r}?" for name in names if close and normal(name) == close[0]), ";")
    return f"{guess} there are {', '.join(names)}"


def convert(
    table: RawTable, sources: Mapping[str, Source], *, cosmology: Cosmology, default_redshift: float
) -> dict[str, FloatArray]:
    """Return each mapped quantity as (n,) in our units; ``redshift`` is always among them.

    Parameters
    ----------
    table : the file's columns
    sources : our quantity -> column and unit
    cosmology : for h
    default_redshift : of lists without a redshift column
    """
    names = {quantity: find_column(table, source.column) for quantity, source in sources.items()}
    redshift = np.full(len(table), float(default_redshift))
    if "redshift" in names:
        redshift = table.number(names["redshift"])
    values = {"redshift": redshift}
    for quantity, source in sources.items():
        if quantity not in ("redshift", "id"):
            unit = Unit.parse(quantity, source.unit)
            values[quantity] = unit.convert(table.number(names[quantity]), h=cosmology.h, redshift=redshift)
    return values
