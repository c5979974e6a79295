"""Reader of text tables: columns separated by commas, semicolons, tabs, bars or blanks, with comments and units."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MISSING = {"", "none", "null", "nan", "na", "n/a", "--"}
_RULE = re.compile(r"[-+=:|\s]+")  # ruled line of a table


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """Columns of words.

    Parameters
    ----------
    kind : str
        "csv" if commas or semicolons separate the columns, otherwise "text".
    columns : dict[str, ndarray]
        (n,) words of each column.
    units : dict[str, str]
        Units from a line below the header, if there is one.
    """

    kind: str
    columns: dict[str, np.ndarray]
    units: dict[str, str]


def read_text_table(content: bytes, path: Path) -> TextTable:
    """Read a table from a text file.

    The header is the first line that is not a comment and has no number. If there is none, it is the last comment
    before the data with as many names as the data have columns. A line of words below the header states units.

    Astropy's reader misreads five of the twelve layouts in the tests; see docs/explanation/decisions.md.

    Parameters
    ----------
    content : bytes
        Content of the file.
    path : Path
        The file, for messages.

    Returns
    -------
    TextTable
        All rows as words.

    Raises
    ------
    ValueError
        If the file is not text, has no rows, names a column twice, or a row has too few or too many values.
    """
    written = [line for line in _decoded(content, path).splitlines() if line.strip() and not _RULE.fullmatch(line)]
    if not written:
        raise ValueError(f"{path}: the file is empty")
    delimiter = _delimiter([line for line in written if not line.lstrip().startswith("#")] or written)
    header: list[str] | None = None
    comments: list[list[str]] = []
    body: list[list[str]] = []
    for line in written:
        comment = line.lstrip().startswith("#")
        words = _words(line.lstrip().lstrip("#") if comment else line, delimiter)
        if comment:
            if not body:
                comments.append(words)
        elif header is None and not body and not any(_is_number(word) for word in words):
            header, comments = words, []
        else:
            body.append(words)
    units: list[str] = []
    if header is not None and body and not any(_is_number(word) for word in body[0]):
        units, body = body[0], body[1:]
    if not body:
        raise ValueError(f"{path}: the table has a header, but no rows")
    if header is None:
        fitting = [words for words in comments if len(words) == len(body[0])]
        header = (fitting or comments or [[f"column {i + 1}" for i in range(len(body[0]))]])[-1]
    repeated = next((name for name in header if header.count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"{path}: the header has the column {repeated!r} twice")
    for i, words in enumerate(body):
        if len(words) != len(header):
            raise ValueError(
                f"{path}: row {i + 1} has {len(words)} values, the header names {len(header)} columns"
                + ("; the file looks truncated" if i == len(body) - 1 else "")
            )
    columns = zip(*body, strict=True)
    return TextTable(
        kind="csv" if delimiter in (",", ";") else "text",
        columns={name: np.array(column, dtype=object) for name, column in zip(header, columns, strict=True)},
        units=dict(zip(header, units, strict=False)),
    )


def _decoded(content: bytes, path: Path) -> str:
    if b"\x00" in content:
        raise ValueError(f"{path}: not a text file, and not a table of a known kind; check that it is the right file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _delimiter(lines: list[str]) -> str:
    first, last = lines[0], lines[-1]
    if first.lstrip().startswith("|") or (" | " in first and " | " in last):
        return "|"
    if ";" in first and first.count(";") == last.count(";"):
        return ";"
    if "," in first:
        return ","
    return "\t" if "\t" in first.strip() and first.count("\t") == last.count("\t") else " "


def _words(line: str, delimiter: str) -> list[str]:
    if delimiter == " ":
        return line.split()
    if delimiter == "|":
        line = line.strip().removeprefix("|").removesuffix("|")
    (words,) = csv.reader([line], delimiter=delimiter, skipinitialspace=True)
    return [word.strip() for word in words]


def _is_number(word: str) -> bool:
    try:
        float(word.replace(",", "."))  # decimal commas mark a row of data, whose values are refused later
    except ValueError:
        return word.lower() in MISSING - {""}
    return True
