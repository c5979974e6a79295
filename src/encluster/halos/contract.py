"""What a halo catalog's columns must hold: units and allowed ranges as data, and the checks against them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from encluster.types import BoolArray, FloatArray, IntArray

MIN_CLUSTERS = 50  # fewer cannot lend scatter to a mock catalog (section 2.2.2)
GAS_FRACTION = (0.005, 0.3)  # allowed m_gas / m500c; the real list has 0.047 ... 0.130
GAS_MASS_TOLERANCE = 0.05  # allowed disagreement of two columns that both give the gas mass
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
    "id": ColumnContract(unit="1", low=0, high=2.0**63 - 1, description="identifier, unique in the catalog"),
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
        high=1e4,  # the bright tail of the surrogate reaches 1.5e3 at some seeds
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
    where : str
        The file, or what stands for one.
    ids : IntArray or None
        (n,) identifiers; None where there are none yet.
    names : Mapping[str, str]
        The catalog's name of a column -> its name in the file, where that differs.
    rows : IntArray or None
        (n,) data rows in the file, counted from 1; None where they are 1 ... n.
    labels : tuple[str, ...] or None
        (n,) names of the clusters, where the list has names in place of numbers.
    words : Mapping[str, Sequence[str]]
        Column -> the file's own words, by row of the file, for columns that are not all numbers.
    """

    where: str
    ids: IntArray | None = None
    rows: IntArray | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] | None = None
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """Return ``file: column 'x'``."""
        return f"{self.where}: column {self.names.get(name, name)!r}"

    def row(self, index: int) -> int:
        """Return the data row, counted from 1."""
        return index + 1 if self.rows is None else int(self.rows[index])

    def at(self, name: str, index: int) -> str:
        """Return ``file: column 'x', row 3 (id 17)``."""
        label = "" if self.ids is None else f" (id {self.ids[index]})"
        if self.labels is not None:
            label = f" ({self.labels[index]})"
        return f"{self.column(name)}, row {self.row(index)}{label}"

    def word(self, name: str, index: int) -> str | None:
        """Return the file's word for a value, if its column holds words."""
        words = self.words.get(self.names.get(name, name))
        return None if words is None else words[self.row(index) - 1]

    def select(self, keep: BoolArray) -> "Origin":
        """Return the origin of the rows where `keep`, (n,), holds."""
        rows = np.arange(1, len(keep) + 1) if self.rows is None else self.rows
        labels = self.labels
        return replace(
            self,
            ids=None if self.ids is None else self.ids[keep],
            rows=rows[keep],
            labels=None if labels is None else tuple(labels[i] for i in np.flatnonzero(keep)),
        )


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with some rows: `bad`, (n,), and the message for each of them."""

    bad: BoolArray
    message: Callable[[int], str]

    def first(self) -> str:
        """Return the message for the first bad row."""
        return self.message(int(np.argmax(self.bad)))


def raise_first(problems: Iterable[Problem]) -> None:
    """Raise ValueError for the first row of the first problem that any row has."""
    for problem in problems:
        if problem.bad.any():
            raise ValueError(problem.first())


def column_problem(name: str, values: FloatArray, origin: Origin) -> Problem:
    """Compare one column with `CONTRACT`: values that are not finite, not positive, or out of range.

    Parameters
    ----------
    name : str
        Key of `CONTRACT`.
    values : FloatArray
        (n,) in the contract's unit.
    origin : Origin
        What a message names.
    """
    contract = CONTRACT[name]
    values = np.asarray(values)
    looked_at = ~np.isnan(values) if contract.missing else np.ones(values.shape, bool)

    def message(index: int) -> str:
        value, word = float(values[index]), origin.word(name, index)
        if not np.isfinite(value):
            shown = value if word is None or np.isnan(value) else repr(word)
            what = "is not a number" if word is not None and not np.isnan(value) else ""
            problem = f"the value {shown} {what}" if what else f"the value is {shown}"
            problem += f"; a number in {contract.allowed} is needed"
        elif contract.low > 0 and value <= 0:
            problem = (
                f"the value {value:g} is {'zero' if value == 0 else 'negative'}; it must lie in {contract.allowed}"
            )
        else:
            hint = contract.hint(value)
            problem = f"the value {value:g} is outside {contract.allowed}" + (f"; {hint}" if hint else "")
        return f"{origin.at(name, index)}: {problem}"

    return Problem(bad=looked_at & ~((values >= contract.low) & (values <= contract.high)), message=message)


def check_ids(ids: IntArray, origin: Origin) -> None:
    """Raise ValueError where two rows have the same id."""
    _, place, count = np.unique(ids, return_index=True, return_counts=True)
    if (count > 1).any():
        twice = ids[place[np.argmax(count > 1)]]
        one, other = (origin.row(int(i)) for i in np.flatnonzero(ids == twice)[:2])
        raise ValueError(f"{origin.column('id')}, rows {one} and {other}: both have the id {twice}; ids must be unique")


def gas_fraction_problem(m_gas: FloatArray, m500c: FloatArray, origin: Origin) -> Problem:
    """Compare gas masses with the masses that they belong to; all (n,) Msun/h."""
    low, high = GAS_FRACTION
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = np.asarray(m_gas) / np.asarray(m500c)

    def message(index: int) -> str:
        return (
            f"{origin.at('m_gas', index)}: the gas fraction m_gas / m500c = {fraction[index]:.4g} is outside"
            f" {low:g} ... {high:g}; both masses must be in Msun/h"
        )

    return Problem(bad=~((fraction >= low) & (fraction <= high)), message=message)


def two_gas_masses_problem(m_gas: FloatArray, gas_fraction: FloatArray, m500c: FloatArray, origin: Origin) -> Problem:
    """Compare a column of gas masses with a column of gas fractions of the same list; masses (n,) in Msun/h."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(m_gas) / (np.asarray(gas_fraction) * np.asarray(m500c))

    def message(index: int) -> str:
        return (
            f"{origin.at('m_gas', index)}: the gas mass is {ratio[index]:.3g} times that of column"
            f" {origin.names.get('gas_fraction', 'gas_fraction')!r} times m500c; correct the units, or map only one"
        )

    return Problem(bad=~(np.abs(ratio - 1) <= GAS_MASS_TOLERANCE), message=message)


def radius_problem(given_kpc: FloatArray, expected_kpc: FloatArray, origin: Origin, *, hint: str = "") -> Problem:
    """Compare radii with those that their masses demand: they may disagree by 5 %.

    Parameters
    ----------
    given_kpc, expected_kpc : FloatArray
        (n,) physical kpc.
    origin : Origin
        What a message names.
    hint : str
        What is likely wrong.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(given_kpc) / np.asarray(expected_kpc)

    def message(index: int) -> str:
        return (
            f"{origin.at('r500c_kpc', index)}: the radius is {given_kpc[index]:.4g} kpc, but the mass demands"
            f" {expected_kpc[index]:.4g} kpc (ratio {ratio[index]:.3f}, 1 within {RADIUS_TOLERANCE:.0%} is right)"
            + (f"; {hint}" if hint else "")
        )

    return Problem(bad=~(np.abs(ratio - 1) <= RADIUS_TOLERANCE), message=message)


def check_constant(columns: Mapping[str, FloatArray], origin: Origin) -> None:
    """Raise ValueError where a column, (n,), has one value for all clusters: it was not measured."""
    for name, values in columns.items():
        known = values[np.isfinite(values)]
        if len(known) > 1 and np.ptp(known) == 0:
            raise ValueError(
                f"{origin.column(name)}: all {len(known)} values are {known[0]:g}; a quantity that is the same for all"
                " clusters was not measured: give the right column, or leave it out where it is optional"
            )


def check_number(n: int, where: str, *, what: str = "") -> None:
    """Raise ValueError for fewer than 50 clusters; `what` says which ones were counted."""
    if n < MIN_CLUSTERS:
        raise ValueError(f"{where}: {n} clusters{what}; at least {MIN_CLUSTERS} are needed")
