"""Contract of a halo catalog: units and allowed ranges of its columns, and checks of the values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from encluster.types import BoolArray, FloatArray, IntArray

MIN_CLUSTERS = 50  # fewer clusters do not sample the scatter of mock catalogs (section 2.2.2)


@dataclass(frozen=True, kw_only=True)
class ColumnContract:
    """Unit and allowed range of one column.

    Parameters
    ----------
    unit : str
        Unit of the values.
    low, high : float
        Smallest and largest allowed value.
    description : str
        Meaning of the column.
    missing : bool, optional
        Whether NaN is allowed for an unknown value.
    hint : Callable, optional
        Function of a value outside the range that returns the likely cause.
    """

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
        description="share of the 0.5-2 keV photons within R500c that come from inside 0.15 R500c; NaN: unknown",
        missing=True,
    ),
    "y500": ColumnContract(
        unit="1",
        low=1e-12,
        high=1e18,
        description="Compton parameter Y500c as listed; its unit is not stated, so that only ratios have a meaning;"
        " NaN: unknown",
        missing=True,
    ),
    "redshift": ColumnContract(unit="1", low=0, high=3, description="redshift of the record's own snapshot"),
}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Origin of columns, for error messages.

    Parameters
    ----------
    where : str
        The file, or a description of the source.
    ids : IntArray, optional
        (n,) identifiers.
    rows : IntArray, optional
        (n,) data rows in the file, counted from 1; by default 1 ... n.
    names : Mapping[str, str], optional
        Names in the file of columns whose name in the catalog differs.
    labels : tuple of str, optional
        (n,) names of the clusters, if the list has names instead of numbers.
    words : Mapping[str, Sequence[str]], optional
        For columns that are not all numbers, the words in the file, by row of the file.
    """

    where: str
    ids: IntArray | None = None
    rows: IntArray | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] | None = None
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """Return the text ``file: column 'x'`` for the catalog's column `name`."""
        return f"{self.where}: column {self.names.get(name, name)!r}"

    def row(self, index: int) -> int:
        """Return the data row of value `index`, counted from 1."""
        return index + 1 if self.rows is None else int(self.rows[index])

    def at(self, name: str, index: int) -> str:
        """Return the text ``file: column 'x', row 3 (id 17)`` for value `index` of the catalog's column `name`."""
        label = "" if self.ids is None else f" (id {self.ids[index]})"
        if self.labels is not None:
            label = f" ({self.labels[index]})"
        return f"{self.column(name)}, row {self.row(index)}{label}"

    def word(self, name: str, index: int) -> str | None:
        """Return the word in the file for value `index` of column `name`, or None if the column holds numbers."""
        words = self.words.get(self.names.get(name, name))
        return None if words is None else words[self.row(index) - 1]

    def select(self, keep: BoolArray) -> "Origin":
        """Return the origin of the rows for which `keep`, (n,), is true."""
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
    """Rows with the same problem.

    Parameters
    ----------
    bad : BoolArray
        (n,) whether each row has the problem.
    message : Callable
        Function of the index of a row that returns its error message.
    """

    bad: BoolArray
    message: Callable[[int], str]

    def first(self) -> str:
        """Return the message for the first bad row."""
        return self.message(int(np.argmax(self.bad)))


def raise_first(problems: Iterable[Problem]) -> None:
    """Raise an error for the first row of the first problem that occurs.

    Parameters
    ----------
    problems : iterable of Problem
        Problems to look for.

    Raises
    ------
    ValueError
        If any row has one of the problems.
    """
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
        (n,) values in the unit of the contract.
    origin : Origin
        Origin of the column, for messages.

    Returns
    -------
    Problem
        The bad rows.
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
    """Check that ids are unique.

    Parameters
    ----------
    ids : IntArray
        (n,) identifiers.
    origin : Origin
        Origin of the column, for the message.

    Raises
    ------
    ValueError
        If two rows have the same id.
    """
    _, place, count = np.unique(ids, return_index=True, return_counts=True)
    if (count > 1).any():
        twice = ids[place[np.argmax(count > 1)]]
        one, other = (origin.row(int(i)) for i in np.flatnonzero(ids == twice)[:2])
        raise ValueError(f"{origin.column('id')}, rows {one} and {other}: both have the id {twice}; ids must be unique")


def check_constant(columns: Mapping[str, FloatArray], origin: Origin) -> None:
    """Check that no column has the same value for all clusters, because such a column was not measured.

    Parameters
    ----------
    columns : Mapping[str, FloatArray]
        (n,) values of each column.
    origin : Origin
        Origin of the columns, for the message.

    Raises
    ------
    ValueError
        If a column is constant.
    """
    for name, values in columns.items():
        known = values[np.isfinite(values)]
        if len(known) > 1 and np.ptp(known) == 0:
            raise ValueError(
                f"{origin.column(name)}: all {len(known)} values are {known[0]:g}; a quantity that is the same for all"
                " clusters was not measured: give the right column, or leave it out if it is optional"
            )


def check_number(n: int, where: str, *, what: str = "") -> None:
    """Check the number of clusters.

    Parameters
    ----------
    n : int
        Number of clusters.
    where : str
        The file or source, for the message.
    what : str, optional
        Description of the counted clusters, for the message.

    Raises
    ------
    ValueError
        If there are fewer than 50.
    """
    if n < MIN_CLUSTERS:
        raise ValueError(f"{where}: {n} clusters{what}; at least {MIN_CLUSTERS} are needed")
