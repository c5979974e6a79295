"""Tables in text files: columns between commas, semicolons, tabs, bars or blanks, with comments and units around."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MISSING = {"", "none", "null", "nan", "na", "n/a", "--"}
_RULE = re.compile(r"[-+=:|\s]+")  # of a drawn table, or below its header


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """Columns of words, and the units that a line below the header states."""

    columns: dict[str, np.ndarray]
    units: dict[str, str]


def is_csv(text: str) -> bool:
    """Return whether commas or semicolons separate the columns."""
    return _delimiter(_content(text)) in (",", ";")


def read_text_table(content: bytes, path: Path) -> TextTable:
    """Read a table from a text file.

    The header is the first line without a number that is no comment; where there is none, it is the last comment
    before the data with as many names as the data have columns. A line of words below the header states units.

    Parameters
    ----------
    content : bytes
        Of the file.
    path : Path
        What messages name.

    Raises
    ------
    ValueError
        If the file is no text, has no rows, names a column twice, or a row has too few or too many values.
    """
    lines = decoded(content, path).splitlines()
    written = [line for line in lines if line.strip() and not _RULE.fullmatch(line)]
    if not written:
        raise ValueError(f"{path}: the file is empty")
    delimiter = _delimiter(_content("\n".join(written)) or written)
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
        columns={name: np.array(column, dtype=object) for name, column in zip(header, columns, strict=True)},
        units=dict(zip(header, units, strict=False)),
    )


def decoded(content: bytes, path: Path) -> str:
    """Return the text of a file; ValueError where it holds none."""
    if b"\x00" in content:
        raise ValueError(f"{path}: not a text file, and no table of a known kind; is it the right file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _content(text: str) -> list[str]:
    """Return the lines that are neither blank nor comments, or the comments where there is nothing else."""
    lines = [line for line in text.splitlines() if line.strip() and not _RULE.fullmatch(line)]
    return [line for line in lines if not line.lstrip().startswith("#")] or lines


def _delimiter(lines: list[str]) -> str:
    first, last = (lines[0], lines[-1]) if lines else ("", "")
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
        float(word)
    except ValueError:
        return word.lower() in MISSING - {""}
    return True
