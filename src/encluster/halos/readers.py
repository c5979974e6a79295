"""Readers of simulation lists: the formats of the Magneticum portal, and any table with a column map."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from encluster import files
from encluster.cosmology import Cosmology
from encluster.halos.columns import (
    Source,
    column_map,
    convert,
    find_column,
    missing_quantities,
    names_scale_factor,
    normal,
    redshift_columns,
)
from encluster.halos.contract import Origin
from encluster.halos.records import Records
from encluster.halos.tables import KINDS, RawTable, load_table
from encluster.halos.units import SCALE_FACTOR
from encluster.types import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True)
class PortalForm:
    """One of the portal's formats.

    Parameters
    ----------
    marks : frozenset of str
        Normalized column names by which the format is recognized.
    sources : Mapping[str, Source]
        Column and unit of each quantity.
    inside : str, optional
        Column that is 0 for a cluster fully inside the light cone; empty if there is none.
    """

    marks: frozenset[str]
    sources: Mapping[str, Source]
    inside: str = ""


def _sources(**columns: tuple[str, str]) -> dict[str, Source]:
    return {quantity: Source(column=column, unit=unit) for quantity, (column, unit) in columns.items()}


_SNAPSHOT = dict(
    m500c=("m500c", "Msun/h"),
    r500c_kpc=("r500c", "comoving kpc/h"),
    gas_fraction=("gas_frac", "1"),
    temperature=("T", "keV"),
    lx=("Lx", "1e44 erg/s"),
    y500=("Y500c", "1"),  # the portal states no unit
)
LIGHT_CONE_COLUMNS = tuple(
    "ihal x_pix y_pix z_pix Rrel Mvir z_true z_obs M500 R500 "  # noqa: SIM905
    "Mstar500 Mgas500 T500 Lx500 Ysz500 M200 R200 flag".split()
)
FORMS: dict[str, PortalForm] = {
    "cluster.txt": PortalForm(  # direct download of one snapshot
        marks=frozenset({"uid", "m500c", "gas_frac", "t", "lx"}),
        sources=_sources(id=("uid", "1"), **_SNAPSHOT),
    ),
    "dataset.csv": PortalForm(  # query of the web portal
        marks=frozenset({"id", "snap_id", "uid"}),
        sources=_sources(id=("id", "1"), **_SNAPSHOT, redshift=("redshift", "1")),
    ),
    "cluster.dat": PortalForm(  # light-cone package
        marks=frozenset({"ihal", "z_true", "m500", "mgas500", "t500", "lx500", "flag"}),
        # R500 is not compared with the mass, because the portal does not state its unit
        sources=_sources(
            id=("ihal", "1"),
            m500c=("M500", "Msun/h"),
            m_gas=("Mgas500", "Msun/h"),
            temperature=("T500", "keV"),
            lx=("Lx500", "1e44 erg/s"),
            y500=("Ysz500", "1"),
            redshift=("z_true", "1"),
        ),
        inside="flag",
    ),
    "chandra_clusterList": PortalForm(  # list of Green et al. (2019)
        marks=frozenset({"id", "m500_msolh", "r500_kpch", "gas_frac", "t_kev", "lx_ergs"}),
        sources=_sources(
            id=("id", "1"),
            m500c=("M500_msolh", "Msun/h"),
            r500c_kpc=("r500_kpch", "comoving kpc/h"),
            gas_fraction=("gas_frac", "1"),
            temperature=("T_kev", "keV"),
            lx=("Lx_ergs", "1e44 erg/s"),  # despite the name of the column
            y500=("Y500c", "1"),
            redshift=("redshift", "1"),
            f_core=("f_core15", "1"),
        ),
    ),
}
FORMATS = ("auto", *FORMS, *KINDS)
_OPTIONAL = ("redshift", "f_core", "y500", "r500c_kpc")


def read_records(
    path: Path,
    *,
    cosmology: Cosmology,
    form: str = "auto",
    columns: Mapping[str, object] | None = None,
    redshift: float,
    hdu: int | str | None = None,
    trust_units: bool = False,
) -> Records:
    """Read a list of clusters.

    Parameters
    ----------
    path : Path
        The file, plain or gzipped.
    cosmology : Cosmology
        Source of h and distances, for units that need them.
    form : str, optional
        One of `FORMATS`; ``auto`` recognizes the format from the content.
    columns : Mapping[str, object], optional
        Column map, see `encluster.halos.columns.column_map`; none for the portal's formats.
    redshift : float
        Redshift of lists without a redshift column.
    hdu : int or str, optional
        Table in the file; see `encluster.halos.tables.load_table`.
    trust_units : bool, optional
        Whether the map's units apply even if the file states others.

    Returns
    -------
    Records
        All rows of the file, in its order, in the catalog's units; for a light cone, the clusters fully inside.

    Raises
    ------
    ValueError
        If a file or column cannot be read, a column looks like a redshift and is not in the map, or a unit of the file
        contradicts the map; the message has one line and says what would be right.
    """
    if form not in FORMATS:
        raise ValueError(f"halos.format: {form!r} is not known; choose one of {', '.join(FORMATS)}")
    table = load_table(path, form if form in KINDS else "auto", hdu=hdu)
    if columns:
        sources: Mapping[str, Source] = column_map(columns)
        if "redshift" not in columns:
            _require_no_redshift(table)
        inside, form = "", f"{table.kind} table by a column map"
    else:
        table = _with_names(table, form)
        form = form if form in FORMS else _recognized(table)
        sources, inside = _present(table, form), FORMS[form].inside
        if "redshift" not in sources:
            sources = {**sources, **_found_redshift(table)}
    values = convert(table, sources, cosmology=cosmology, default_redshift=redshift, trust_units=trust_units)
    return _records(table, sources, values, inside=inside, form=form, redshift=redshift, named=bool(columns))


def _require_no_redshift(table: RawTable) -> None:
    """Raise ValueError if a column looks like a redshift and the map has no redshift."""
    found = redshift_columns(table)
    if found:
        unit = f", unit: {SCALE_FACTOR}" if names_scale_factor(found[0]) else ""
        raise ValueError(
            f"{table.path}: column {found[0]!r} looks like a redshift, and halos.columns does not map it; set"
            f" redshift: {{column: {found[0]}{unit}}}, or redshift: fixed to give every row halos.redshift"
        )


def _found_redshift(table: RawTable) -> dict[str, Source]:
    """Return the redshift column of a portal's list whose format has none; empty if there is none."""
    found = redshift_columns(table)
    if len(found) > 1:
        raise ValueError(
            f"{table.path}: columns {', '.join(found)} look like redshifts; choose one by a column map"
            " (halos.source: table, halos.columns)"
        )
    return {"redshift": Source(column=found[0], unit="1")} if found else {}


def _with_names(table: RawTable, form: str) -> RawTable:
    """Add the column names of a light cone's list if the file has none."""
    unnamed = "column 1" in table.columns
    if unnamed and form in ("auto", "cluster.dat") and len(table.columns) == len(LIGHT_CONE_COLUMNS):
        named = dict(zip(LIGHT_CONE_COLUMNS, table.columns.values(), strict=True))
        return RawTable(path=table.path, kind=table.kind, columns=named)
    if unnamed:
        raise ValueError(
            f"{table.path}: no header line, and {len(table.columns)} columns; only cluster.dat with its"
            f" {len(LIGHT_CONE_COLUMNS)} columns needs no header"
        )
    return table


def _recognized(table: RawTable) -> str:
    names = {normal(name) for name in table.columns}
    matches = [form for form in ("chandra_clusterList", "cluster.dat", "dataset.csv") if FORMS[form].marks <= names]
    if matches:
        return matches[0]
    # take the format with the most matching names, so that a message can name a misspelled or missing column
    share = {form: len(FORMS[form].marks & names) / len(FORMS[form].marks) for form in FORMS}
    best = max(share, key=lambda form: share[form])
    if share[best] < 0.5:
        raise ValueError(
            f"{table.path}: none of the known formats ({', '.join(FORMS)}); give a column map in halos.columns;"
            f" there are {', '.join(table.columns)}"
        )
    return best


def _present(table: RawTable, form: str) -> dict[str, Source]:
    """Return the format's required columns, and its optional columns that the file has."""
    names = {normal(name) for name in table.columns}
    sources = {
        quantity: source
        for quantity, source in FORMS[form].sources.items()
        if normal(source.column) in names or quantity not in _OPTIONAL
    }
    if form == "dataset.csv":  # a query has the columns that its author chose: name all missing ones at once
        there = {q: source for q, source in sources.items() if normal(source.column) in names}
        missing = missing_quantities(there)
        if missing:
            wanted = [s.column for q, s in FORMS[form].sources.items() if q in sources and q not in there]
            raise ValueError(
                f"{table.path}: the portal query lacks {', '.join(missing)} (columns {', '.join(wanted)});"
                f" add them to the query, or use cluster.txt; there are {', '.join(table.columns)}"
            )
    return sources


def _records(
    table: RawTable,
    sources: Mapping[str, Source],
    values: Mapping[str, FloatArray],
    *,
    inside: str,
    form: str,
    redshift: float,
    named: bool,
) -> Records:
    names = {quantity: find_column(table, source.column) for quantity, source in sources.items()}
    ids, labels = _identifiers(table, names.get("id"), named=named)
    m_gas = values["m_gas"] if "m_gas" in values else values["gas_fraction"] * values["m500c"]
    names.setdefault("m_gas", names.get("gas_fraction", ""))
    lines = [f"{form}: {Path(table.path).name}, {len(table)} rows, sha256 {files.sha256(Path(table.path))}"]
    if labels is not None:
        lines.append(f"column {names['id']!r} holds names; ids are the rows of the list, counted from 1")
    if "redshift" not in sources:
        lines.append(f"the list has no redshift; z = {redshift:g} from the configuration")
    else:
        lines.append(f"redshifts from column {names['redshift']!r}")
    words = {name: table.words(name) for name in names.values() if table.columns[name].dtype.kind not in "iufb"}
    unknown = np.full(len(table), np.nan)
    records = Records(
        origin=Origin(where=table.path, ids=ids, names=names, labels=labels, words=words),
        id=ids,
        m500c=values["m500c"],
        temperature=values["temperature"],
        lx=values["lx"],
        m_gas=m_gas,
        f_core=values.get("f_core", unknown),
        y500=values.get("y500", unknown),
        redshift=values["redshift"],
        r500c_kpc=values.get("r500c_kpc"),
        gas_fraction=values.get("gas_fraction"),
        provenance=tuple(lines),
    )
    if not inside:
        return records
    fully = table.number(find_column(table, inside)) == 0
    line = f"{int((~fully).sum())} clusters dropped that are not fully inside the light cone"
    return replace(records.select(fully), provenance=(*lines, line))


def _identifiers(table: RawTable, column: str | None, *, named: bool) -> tuple[IntArray, tuple[str, ...] | None]:
    """Return (n,) ids, and the clusters' names if the column holds names, which `named` allows."""
    rows = np.arange(1, len(table) + 1)
    if column is None:
        return rows, None
    words = table.words(column)
    if not named or table.columns[column].dtype.kind not in "OSU" or all(_is_whole(word) for word in words):
        return table.integer(column), None
    first: dict[str, int] = {}
    for row, word in enumerate(words, start=1):
        if not word:
            raise ValueError(f"{table.path}: column {column!r}, row {row}: the name is empty")
        if first.setdefault(word, row) != row:
            raise ValueError(
                f"{table.path}: column {column!r}, rows {first[word]} and {row}: both are called {word!r};"
                " names must be unique"
            )
    return rows, tuple(words)


def _is_whole(word: str) -> bool:
    return word.removeprefix("-").isdecimal()
