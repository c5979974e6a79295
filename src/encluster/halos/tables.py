"""Tables as they lie on disk: text, CSV, ECSV, FITS, VOTable and NumPy files, plain or gzipped, as named columns."""

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
UNREADABLE = np.inf  # stands for a word that is not a number; no quantity of ours can have this value


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """The columns of a file under the file's own names.

    Parameters
    ----------
    path : str
        The file, which messages name.
    kind : str
        One of `KINDS`.
    columns : Mapping[str, np.ndarray]
        Name -> (n,) numbers, or words not yet read as numbers.
    units : Mapping[str, str]
        Name -> the unit that the file states, where it does.
    """

    path: str
    kind: str
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def number(self, name: str) -> FloatArray:
        """Return a column as (n,) float64: NaN where the value is missing, `UNREADABLE` where it is no number.

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
        """Return a column's values as the file spells them."""
        return [_word(value) for value in self.columns[name]]

    def integer(self, name: str) -> IntArray:
        """Return a column as (n,) int64; ValueError for a value that is not a whole number."""
        column = self.columns[name]
        if column.dtype.kind in "iu" and not np.ma.is_masked(column):
            return np.asarray(column, np.int64)
        numbers = np.empty(len(column), np.int64)
        for i, value in enumerate(column):
            try:  # int() of a word keeps all digits of a long identifier, float() would not
                numbers[i] = int(_word(value)) if column.dtype.kind not in "f" else int(_whole(float(value)))
            except (ValueError, OverflowError):
                raise ValueError(
                    f"{self.path}: column {name!r}, row {i + 1}: the value {_word(value)!r} is not a whole number"
                ) from None
        return numbers


def load_table(path: Path, kind: str = "auto", *, hdu: int | str | None = None) -> RawTable:
    """Read a table; its kind is seen in its content, not in its name.

    Parameters
    ----------
    path : Path
        The file; may be gzipped.
    kind : str
        One of `KINDS`, or ``auto``.
    hdu : int, str or None
        Which table of a FITS file or VOTable, by number or name; needed where there are several.

    Raises
    ------
    ValueError
        If the file is missing, empty, truncated or corrupt, or holds several tables; names the file, and the row where
        one is to blame.
    """
    content = _content(files.require_file(path))
    found = _kind(content, path)
    if kind not in ("auto", *KINDS):
        raise ValueError(f"{path}: {kind!r} is no kind of table; choose one of {', '.join(KINDS)}")
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
    except Exception as error:  # the libraries raise many kinds for a damaged file
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
        # astropy warns of much that does no harm (odd TDISP, TNULL of a float column), and of truncation too
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
    """Return the number of the table to read; the only one, or the one that `chosen` numbers or names."""
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
    """Return the unit that each column's own header states, or else a bracket in its name: ``T [keV]``."""
    brackets = {name: re.search(r"[\[(]([^\])]*)[\])]\s*$", name) for name in columns}
    found = {name: match[1] for name, match in brackets.items() if match}
    return found | {name: unit for name, unit in stated.items() if unit.strip()}


def _word(value: object) -> str:
    return value.decode(errors="replace").strip() if isinstance(value, bytes) else str(value).strip()


def _whole(value: float) -> float:
    if not value.is_integer():
        raise ValueError
    return value
