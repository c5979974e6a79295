"""Reader of table files: text, CSV, ECSV, FITS, VOTable and NumPy, plain or gzipped, as named columns."""

import gzip
import io
import re
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.table import Table

from encluster import files
from encluster.halos.text_tables import MISSING, read_text_table
from encluster.types import FloatArray, IntArray

KINDS = ("text", "csv", "ecsv", "fits", "votable", "npy")
_GZIP, _NPY = b"\x1f\x8b", b"\x93NUMPY"
UNREADABLE = np.inf  # value of a word that is not a number; no quantity of a catalog can have it


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """The columns of a file with the file's own names.

    Parameters
    ----------
    path : str
        The file, for messages.
    kind : str
        One of `KINDS`.
    columns : Mapping[str, ndarray], optional
        For each name, (n,) numbers, or words not yet converted to numbers.
    units : Mapping[str, str], optional
        For each name, the unit that the file states, if any.
    """

    path: str
    kind: str
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def number(self, name: str) -> FloatArray:
        """Return a column as numbers.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        FloatArray
            (n,) values; NaN if a value is missing, `UNREADABLE` if it is not a number.

        Raises
        ------
        ValueError
            If the column holds several numbers in each row.
        """
        column = self.columns[name]
        if column.ndim != 1:
            raise ValueError(f"{self.path}: column {name!r} has shape {column.shape}; one number per row is needed")
        if column.dtype.kind in "iufb":
            values: FloatArray = np.ma.filled(np.ma.asarray(column, float), np.nan)
            return values
        numbers = np.full(len(column), UNREADABLE)
        for i, word in enumerate(map(_word, column)):
            try:
                numbers[i] = np.nan if word.lower() in MISSING else float(word)
            except ValueError:
                continue
        return numbers

    def words(self, name: str) -> list[str]:
        """Return the values of a column as the words in the file.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        list of str
            A word for each row.
        """
        return [_word(value) for value in self.columns[name]]

    def integer(self, name: str) -> IntArray:
        """Return a column as whole numbers.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        IntArray
            (n,) values.

        Raises
        ------
        ValueError
            If a value is not a whole number.
        """
        column = self.columns[name]
        if column.dtype.kind in "iu" and not np.ma.is_masked(column):
            return np.asarray(column, np.int64)
        numbers = np.empty(len(column), np.int64)
        for i, value in enumerate(column):
            try:  # int() keeps all digits of a long identifier, float() does not
                numbers[i] = int(_word(value)) if column.dtype.kind not in "f" else int(_whole(float(value)))
            except (ValueError, OverflowError):
                raise ValueError(
                    f"{self.path}: column {name!r}, row {i + 1}: the value {_word(value)!r} is not a whole number"
                ) from None
        return numbers


def load_table(path: Path, kind: str = "auto", *, hdu: int | str | None = None) -> RawTable:
    """Read a table; its kind is recognized from the content, not from the name of the file.

    Parameters
    ----------
    path : Path
        The file, plain or gzipped.
    kind : str, optional
        One of `KINDS`, or ``auto``.
    hdu : int or str, optional
        Number or name of the table in a FITS file or VOTable; needed if there are several.

    Returns
    -------
    RawTable
        The columns.

    Raises
    ------
    ValueError
        If the file is missing, empty, truncated or corrupt, or holds several tables; the message names the file, and
        the bad row if there is one.
    """
    content = _content(files.require_file(path))
    found = _kind(content, path)
    if kind not in ("auto", *KINDS):
        raise ValueError(f"{path}: table of kind {kind!r} is not known; choose one of {', '.join(KINDS)}")
    if kind not in ("auto", found) and (kind, found) != ("csv", "text"):
        raise ValueError(f"{path}: expected a table of kind {kind!r}, but the content looks like {found!r}")
    text = read_text_table(content, path) if found == "text" else None
    if kind == "auto":
        kind = text.kind if text else found
    if hdu is not None and kind not in ("fits", "votable"):
        raise ValueError(f"halos.hdu = {hdu!r}: {path} is a {kind} table, which holds one table; leave the key out")
    if text:
        return RawTable(path=str(path), kind=kind, columns=text.columns, units=_units(text.columns, text.units))
    reader = {"ecsv": _read_ecsv, "fits": _read_fits, "votable": _read_votable, "npy": _read_npy}[kind]
    try:
        columns, units = reader(content, hdu)
    except _ChoiceError as error:
        raise ValueError(f"{path}: {error}") from None
    except Exception as error:  # the libraries raise many types of errors for a damaged file
        problem = " ".join(str(error).split()) or type(error).__name__
        cut = _is_cut(error, problem)
        raise ValueError(
            f"{path}: not a readable {kind} table{'; the file is truncated, fetch it again' if cut else ''} ({problem})"
        ) from error
    if not columns or not len(next(iter(columns.values()))):
        raise ValueError(f"{path}: the table has no rows")
    return RawTable(path=str(path), kind=kind, columns=columns, units=_units(columns, units))


class _ChoiceError(ValueError):
    """A file with several tables, none of which was chosen."""


def _is_cut(error: Exception, problem: str) -> bool:
    signs = ("truncated", "cannot reshape", "buffer is smaller", "EOF", "requested but only")
    return isinstance(error, EOFError) or any(sign in problem for sign in signs)


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if not content.startswith(_GZIP):
        return content
    try:
        content = gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"{path}: the gzip file is truncated or corrupt ({error}); fetch it again") from error
    if not content:
        raise ValueError(f"{path}: the file is empty")
    return content


def _kind(content: bytes, path: Path) -> str:
    if content.startswith(_NPY):
        return "npy"
    if content.startswith(b"SIMPLE  ="):
        return "fits"
    if content.startswith(b"# %ECSV"):
        return "ecsv"
    if re.match(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<VOTABLE", content[:4096], re.DOTALL):
        return "votable"
    if content.startswith(b"\x89HDF"):
        raise ValueError(f"{path}: an HDF5 file; write its columns into a CSV, ECSV or FITS table first")
    return "text"


_Columns = tuple[dict[str, np.ndarray], dict[str, str]]


def _read_npy(content: bytes, _: int | str | None) -> _Columns:
    array = np.load(io.BytesIO(content), allow_pickle=False)
    if array.dtype.names is None or array.ndim != 1:
        raise ValueError(f"a structured array of rows is needed, found {array.dtype} of shape {array.shape}")
    return {name: array[name] for name in array.dtype.names}, {}


def _read_fits(content: bytes, chosen: int | str | None) -> _Columns:
    with warnings.catch_warnings():
        # most warnings of astropy are harmless (odd TDISP, TNULL of a float column); those of truncation are not
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", message=".*truncated")
        with fits.open(io.BytesIO(content)) as hdus:
            tables = {i: hdu.name for i, hdu in enumerate(hdus) if isinstance(hdu, fits.BinTableHDU | fits.TableHDU)}
            number = _choice(tables, chosen)
            return _of_astropy(Table.read(hdus, hdu=number, unit_parse_strict="silent"))


def _read_votable(content: bytes, chosen: int | str | None) -> _Columns:
    from astropy.io import votable

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = list(votable.parse(io.BytesIO(content)).iter_tables())
        tables = {i: str(table.ID or table.name or "") for i, table in enumerate(found)}
        return _of_astropy(found[_choice(tables, chosen)].to_table(use_names_over_ids=True))


def _choice(tables: Mapping[int, str], chosen: int | str | None) -> int:
    """Return the number of the table to read: the only table, or the one with the number or name `chosen`."""
    words = ", ".join(f"{i} {name!r}" if name else str(i) for i, name in tables.items())
    if not tables:
        raise _ChoiceError("holds no table, only images")
    if chosen is None:
        if len(tables) > 1:
            raise _ChoiceError(f"holds {len(tables)} tables; choose one by halos.hdu: {words}")
        return next(iter(tables))
    matches = [i for i, name in tables.items() if chosen in (i, name) or str(chosen).upper() == (name.upper() or None)]
    if len(matches) != 1:
        raise _ChoiceError(f"halos.hdu = {chosen!r}: no single table of that number or name; there are {words}")
    return matches[0]


def _read_ecsv(content: bytes, _: int | str | None) -> _Columns:
    return _of_astropy(Table.read(content.decode(), format="ascii.ecsv"))


def _of_astropy(table: Table) -> _Columns:
    units = {name: str(table[name].unit or "") for name in table.colnames}
    return {name: np.ma.asarray(table[name]) for name in table.colnames}, units


def _units(columns: Mapping[str, np.ndarray], stated: Mapping[str, str]) -> dict[str, str]:
    """Return the unit of each column from its header, or else from a bracket in its name: ``T [keV]``."""
    brackets = {name: re.search(r"[\[(]([^\])]*)[\])]\s*$", name) for name in columns}
    found = {name: match[1] for name, match in brackets.items() if match}
    return found | {name: unit for name, unit in stated.items() if unit.strip()}


def _word(value: object) -> str:
    return value.decode(errors="replace").strip() if isinstance(value, bytes) else str(value).strip()


def _whole(value: float) -> float:
    if not value.is_integer():
        raise ValueError
    return value
