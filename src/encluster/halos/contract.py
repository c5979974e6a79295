"""What a halo catalogue's columns must hold: units and allowed ranges as data, and the checks against them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from encluster.types import BoolArray, FloatArray, IntArray

MIN_CLUSTERS = 50  # fewer cannot lend scatter to a mock catalogue (section 2.2.2)
GAS_FRACTION = (0.005, 0.3)  # allowed m_gas / m500c; the real list has 0.047 ... 0.130
RADIUS_TOLERANCE = 0.05  # allowed disagreement of a radius with its mass; a missing h is 12 %, a missing 1 + z is 7 %


@dataclass(frozen=True, kw_only=True)
class ColumnContract:
    """One column: `low` ... `high` (both allowed) in `unit`; `hint` guesses what went wrong with a value outside."""

    unit: str
    low: float
    high: float
    description: str
    missing: bool = False
    hint: Callable[[float], str] = lambda value: ""

    @property
    def allowed(self) -> str:
        """The allowed range with its unit, as text."""
        return f"{self.low:g} ... {self.high:g}" + (f" {self.unit}" if self.unit != "1" else "")


def _hint_m500c(value: float) -> str:
    if 11 <= value <= 16.5:
        return "it looks like log10 of the mass"
    if 1e12 <= value * 1e14 <= 1e16:
        return "it looks as if a factor 1e14 were missing"
    if 1e12 <= value * 1e10 <= 1e16:
        return "it looks as if a factor 1e10 were missing"
    if 1e12 <= value / 1.989e33 <= 1e16:
        return "it looks like grams"
    return ""


def _hint_temperature(value: float) -> str:
    return "it looks like kelvin; 1 keV = 1.160e7 K" if 5e5 <= value <= 4e8 else ""


def _hint_lx(value: float) -> str:
    return "it looks like erg/s without the factor 1e-44" if 1e39 <= value <= 1e47 else ""


def _hint_m_gas(value: float) -> str:
    return "it looks like a gas fraction; multiply by m500c" if value < 1 else _hint_m500c(value * 10)


def _hint_radius(value: float) -> str:
    return "it looks like Mpc" if 0.1 <= value <= 4 else ""


CONTRACT: dict[str, ColumnContract] = {
    "id": ColumnContract(unit="1", low=0, high=2.0**63 - 1, description="identifier, unique in the catalogue"),
    "m500c": ColumnContract(
        unit="Msun/h",
        low=1e12,
        high=1e16,
        description="mass within the sphere of 500 times the critical density",
        hint=_hint_m500c,
    ),
    "r500c_kpc": ColumnContract(
        unit="kpc",
        low=100,
        high=4000,
        description="physical radius of that sphere at the survey redshift",
        hint=_hint_radius,
    ),
    "temperature": ColumnContract(
        unit="keV",
        low=0.05,
        high=30,
        description="mass-weighted gas temperature within R500c",
        hint=_hint_temperature,
    ),
    "lx": ColumnContract(
        unit="1e44 erg/s",
        low=1e-5,
        high=1e3,
        description="bolometric X-ray luminosity within R500c",
        hint=_hint_lx,
    ),
    "m_gas": ColumnContract(
        unit="Msun/h", low=1e10, high=3e15, description="hot gas mass within R500c", hint=_hint_m_gas
    ),
    "f_core": ColumnContract(
        unit="1",
        low=0,
        high=1,
        description="share of the 0.5-2 keV photons within R500c that come from inside 0.15 R500c; NaN: not known",
        missing=True,
    ),
    "y500": ColumnContract(
        unit="1",
        low=1e-12,
        high=1e18,
        description="Compton parameter Y500c as listed; its unit is not stated, so only relative values mean something;"
        " NaN: not known",
        missing=True,
    ),
    "redshift": ColumnContract(unit="1", low=0, high=3, description="redshift of the record's own snapshot"),
}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where columns came from, so that a message can say so.

    Parameters
    ----------
    where : the file, or what stands for one
    ids : (n,) identifiers; None where there are none yet
    rows : (n,) data rows in the file, counted from 1; None where they are 1 ... n
    names : our name of a column -> its name in the file, where that differs
    """

    where: str
    ids: IntArray | None = None
    rows: IntArray | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """Return ``file: column 'x'``."""
        return f"{self.where}: column {self.names.get(name, name)!r}"

    def row(self, index: int) -> int:
        """Return the data row, counted from 1."""
        return index + 1 if self.rows is None else int(self.rows[index])

    def at(self, name: str, index: int) -> str:
        """Return ``file: column 'x', row 3 (id 17)``."""
        label = "" if self.ids is None else f" (id {self.ids[index]})"
        return f"{self.column(name)}, row {self.row(index)}{label}"


def first(bad: BoolArray) -> int | None:
    """Return the index of the first True, or None."""
    return int(np.argmax(bad)) if bad.any() else None


def check_column(name: str, values: FloatArray, origin: Origin) -> None:
    """Check one column against `CONTRACT`.

    Parameters
    ----------
    name : key of `CONTRACT`
    values : (n,) in the contract's unit
    origin : what a message names

    Raises
    ------
    ValueError : a value that is not finite, not positive, or out of range; names file, column, row and value
    """
    contract = CONTRACT[name]
    values = np.asarray(values)
    looked_at = ~np.isnan(values) if contract.missing else np.ones(values.shape, bool)
    index = first(looked_at & ~((values >= contract.low) & (values <= contract.high)))
    if index is None:
        return
    value = float(values[index])
    if not np.isfinite(value):
        problem = f"the value is {value}; a number in {contract.allowed} is needed"
    elif contract.low > 0 and value <= 0:
        problem = f"the value {value:g} is {'zero' if value == 0 else 'negative'}; it must lie in {contract.allowed}"
    else:
        hint = contract.hint(value)
        problem = f"the value {value:g} is outside {contract.allowed}" + (f"; {hint}" if hint else "")
    raise ValueError(f"{origin.at(name, index)}: {problem}")


def check_ids(ids: IntArray, origin: Origin) -> None:
    """Raise ValueError where two rows have the same id."""
    order = np.argsort(ids, kind="stable")
    index = first(ids[order][1:] == ids[order][:-1])
    if index is not None:
        one, other = origin.row(order[index]), origin.row(order[index + 1])
        raise ValueError(
            f"{origin.column('id')}, rows {one} and {other}: both have the id {ids[order[index]]}; ids must be unique"
        )


def check_gas_fraction(m_gas: FloatArray, m500c: FloatArray, origin: Origin) -> None:
    """Raise ValueError where the gas mass cannot belong to the mass; all (n,) Msun/h."""
    low, high = GAS_FRACTION
    fraction = np.asarray(m_gas) / np.asarray(m500c)
    index = first(~((fraction >= low) & (fraction <= high)))
    if index is not None:
        raise ValueError(
            f"{origin.at('m_gas', index)}: the gas fraction m_gas / m500c = {fraction[index]:.4g} is outside"
            f" {low:g} ... {high:g}; both masses must be in Msun/h"
        )


def check_radius(given_kpc: FloatArray, expected_kpc: FloatArray, origin: Origin, *, hint: str = "") -> None:
    """Raise ValueError where a radius disagrees by more than 5 % with the one that its mass demands.

    Parameters
    ----------
    given_kpc, expected_kpc : (n,) physical kpc
    origin : what a message names
    hint : what is likely wrong
    """
    ratio = np.asarray(given_kpc) / np.asarray(expected_kpc)
    index = first(~(np.abs(ratio - 1) <= RADIUS_TOLERANCE))
    if index is not None:
        raise ValueError(
            f"{origin.at('r500c_kpc', index)}: the radius is {given_kpc[index]:.4g} kpc, but the mass demands"
            f" {expected_kpc[index]:.4g} kpc (ratio {ratio[index]:.3f}, 1 within {RADIUS_TOLERANCE:.0%} is right)"
            + (f"; {hint}" if hint else "")
        )


def check_number(n: int, where: str, *, what: str = "") -> None:
    """Raise ValueError for fewer than 50 clusters; `what` says which ones were counted."""
    if n < MIN_CLUSTERS:
        raise ValueError(f"{where}: {n} clusters{what}; at least {MIN_CLUSTERS} are needed")
