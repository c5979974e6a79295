"""Tables as they lie on disk: text, CSV, ECSV, FITS and NumPy files, plain or gzipped, as named columns."""

import csv
import gzip
import io
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from astropy.table import Table

from encluster import storage
from encluster.types import FloatArray, IntArray

KINDS = ("text", "csv", "ecsv", "fits", "npy")
_GZIP, _NPY = b"\x1f\x8b", b"\x93NUMPY"
_MISSING = {"", "none", "null", "nan", "na", "n/a", "--"}


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """The columns of a file under the file's own names.

    Parameters
    ----------
    path : the file, which messages name
    kind : one of `KINDS`
    columns : name -> (n,) numbers, or words not yet read as numbers
    """

    path: str
    kind: str
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def number(self, name: str) -> FloatArray:
        """Return a column as (n,) float64, NaN where the value is missing.

        Raises
        ------
        ValueError : a word that is not a number; names file, column, row and value
        """
        column = self.columns[name]
        if column.dtype.kind in "iufb":
            values: FloatArray = np.ma.filled(np.ma.asarray(column, float), np.nan)
            if values.ndim != 1:
                raise ValueError(f"{self.path}: column {name!r} has shape {values.shape}; one number per row is needed")
            return values
        words = [_word(value) for value in self.columns[name]]
        numbers = np.empty(len(words))
        for i, word in enumerate(words):
            try:
                numbers[i] = np.nan if word.lower() in _MISSING else float(word)
            except ValueError:
                raise ValueError(
                    f"{self.path}: column {name!r}, row {i + 1}: the value {word!r} is not a number"
                ) from None
        return numbers

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


def load_table(path: Path, kind: str = "auto") -> RawTable:
    """Read a table; its kind is seen in its content, not in its name.

    Parameters
    ----------
    path : the file; may be gzipped
    kind : one of `KINDS`, or ``auto``

    Raises
    ------
    ValueError : the file is missing, empty, truncated or corrupt; names the file, and the row where one is to blame
    """
    content = _content(storage.require_file(path))
    found = _kind(content)
    if kind == "auto":
        kind = found
    elif kind not in KINDS:
        raise ValueError(f"{path}: {kind!r} is no kind of table; choose one of {', '.join(KINDS)}")
    elif (kind in ("fits", "npy") or found in ("fits", "npy")) and kind != found:
        raise ValueError(f"{path}: expected a table of kind {kind!r}, but the content looks like {found!r}")
    if kind in ("text", "csv"):
        table = RawTable(path=str(path), kind=kind, columns=_read_words(content, path, comma=kind == "csv"))
    else:
        reader = {"ecsv": _read_ecsv, "fits": _read_fits, "npy": _read_npy}[kind]
        try:
            table = RawTable(path=str(path), kind=kind, columns=reader(content))
        except Exception as error:  # the libraries raise many kinds for a damaged file
            problem = " ".join(str(error).split())
            raise ValueError(
                f"{path}: not a readable {kind} table, perhaps truncated or corrupt ({problem})"
            ) from error
    if len(table) == 0:
        raise ValueError(f"{path}: the table has no rows")
    return table


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


def _kind(content: bytes) -> str:
    if content.startswith(_NPY):
        return "npy"
    if content.startswith(b"SIMPLE  ="):
        return "fits"
    if content.startswith(b"# %ECSV"):
        return "ecsv"
    return "csv" if b"," in content.lstrip().split(b"\n", 1)[0] else "text"


def _read_npy(content: bytes) -> dict[str, np.ndarray]:
    array = np.load(io.BytesIO(content), allow_pickle=False)
    if array.dtype.names is None or array.ndim != 1:
        raise ValueError(f"a structured array of rows is needed, found {array.dtype} of shape {array.shape}")
    return {name: array[name] for name in array.dtype.names}


def _read_fits(content: bytes) -> dict[str, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # astropy only warns of a truncated file
        warnings.filterwarnings("ignore", message=".*did not parse as fits unit.*")
        return _of_astropy(Table.read(io.BytesIO(content), format="fits", unit_parse_strict="silent"))


def _read_ecsv(content: bytes) -> dict[str, np.ndarray]:
    return _of_astropy(Table.read(content.decode(), format="ascii.ecsv"))


def _of_astropy(table: Table) -> dict[str, np.ndarray]:
    return {name: np.ma.asarray(table[name]) for name in table.colnames}


def _read_words(content: bytes, path: Path, *, comma: bool) -> dict[str, np.ndarray]:
    """Read text with one header line, or with none where the first line holds numbers alone."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not a text file, perhaps corrupt ({error})") from error
    lines = text.splitlines()
    split = list(csv.reader(lines, skipinitialspace=True)) if comma else [line.split() for line in lines]
    rows = [[word.strip() for word in words] for words in split if any(word.strip() for word in words)]
    if not rows:
        raise ValueError(f"{path}: the file is empty")
    names: list[str] | None = None
    body: list[list[str]] = []
    for words in rows:
        if words[0].startswith("#"):
            header = words if words[0] != "#" else words[1:]
            if not body and header:  # the last comment before the data names the columns
                names = [header[0].lstrip("# "), *header[1:]]
        elif names is None and not body and not all(_is_number(word) for word in words):
            names = words
        else:
            body.append(words)
    if not body:
        raise ValueError(f"{path}: the table has a header, but no rows")
    if names is None:
        names = [f"column {i + 1}" for i in range(len(body[0]))]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"{path}: the header has the column {repeated!r} twice")
    for i, words in enumerate(body):
        if len(words) != len(names):
            raise ValueError(
                f"{path}: row {i + 1} has {len(words)} values, the header names {len(names)} columns"
                + ("; the file looks truncated" if i == len(body) - 1 else "")
            )
    return {name: np.array(column, dtype=object) for name, column in zip(names, zip(*body, strict=True), strict=True)}


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return word.lower() in _MISSING
    return True


def _word(value: object) -> str:
    return value.decode(errors="replace").strip() if isinstance(value, bytes) else str(value).strip()


def _whole(value: float) -> float:
    if not value.is_integer():
        raise ValueError
    return value
