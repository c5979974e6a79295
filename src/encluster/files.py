"""Reading and writing of files: checks before reading, atomic replacement, text, JSON and CSV files."""

import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def require_file(path: Path) -> Path:
    """Check that a path is a readable file that is not empty.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    ValueError
        If the file is missing, empty or not readable.
    """
    path = Path(path)
    if not path.exists():
        raise ValueError(f"{path}: no such file")
    if not path.is_file():
        raise ValueError(f"{path}: not a file")
    if path.stat().st_size == 0:
        raise ValueError(f"{path}: the file is empty")
    if not os.access(path, os.R_OK):
        raise ValueError(f"{path}: no permission to read it")
    return path


def sha256(path: Path) -> str:
    """Return the sha256 checksum of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    with require_file(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def require_room(folder: Path, *, megabytes: float) -> None:
    """Check that a folder can be written and its disk has enough free space.

    Parameters
    ----------
    folder : Path
        The folder; it is made if it does not exist.
    megabytes : float
        Space that is needed [MB].

    Raises
    ------
    ValueError
        If the folder cannot be written, or there is too little space.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free / 1e6
    except OSError as error:
        raise ValueError(f"{folder}: cannot be written ({error.strerror or error}); nothing was changed") from error
    if free < megabytes:
        raise ValueError(f"{folder}: {free:.0f} MB are left on its disk, {megabytes:.0f} MB are needed")


def require_replaceable(path: Path) -> Path:
    """Check that a file can be made at a path: nothing exists there yet, or a regular file.

    Parameters
    ----------
    path : Path
        The file to make.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    ValueError
        If the path is a folder, a symbolic link, a device, a pipe or a socket.
    """
    path = Path(path)
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return path
    except OSError as error:
        raise ValueError(f"{path}: cannot be written ({error.strerror or error})") from error
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFDIR: "a folder", stat.S_IFLNK: "a symbolic link", stat.S_IFIFO: "a pipe"}
        kind = kinds.get(stat.S_IFMT(mode), "a device or a socket")
        raise ValueError(f"{path}: is {kind}; give the name of a new file, or of a regular file to replace")
    return path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary name in the folder of a file; rename it to the file on success, remove it on failure.

    A process that is killed leaves its temporary file; the next write of the same file removes it.

    Parameters
    ----------
    path : Path
        The file to make.

    Yields
    ------
    Path
        The temporary name.

    Raises
    ------
    ValueError
        If the folder cannot be written, or the disk is full; an earlier file at `path` is then unchanged.
    """
    path = require_replaceable(path)
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        prefix, suffix = f".{path.name}.partial-", path.suffix
        left_over = re.compile(rf"{re.escape(prefix)}[a-z0-9_]{{8}}{re.escape(suffix)}")
        for other in path.parent.iterdir():
            if left_over.fullmatch(other.name) and other.is_file() and not other.is_symlink():
                other.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=suffix)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as error:
        raise ValueError(f"{path}: cannot be written ({error.strerror or error}); nothing was changed") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file with an atomic replacement.

    Parameters
    ----------
    path : Path
        The file to make.
    text : str
        Its content.
    """
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file with sorted keys, with an atomic replacement.

    Parameters
    ----------
    path : Path
        The file to make.
    content : Any
        Plain data.
    """
    write_text(path, json.dumps(content, indent=2, sort_keys=True) + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Any
        Its content.

    Raises
    ------
    ValueError
        If the file cannot be read; the message names file and line.
    """
    try:
        return json.loads(require_file(path).read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not valid JSON ({error})") from error


def read_table(path: Path, *, keep_default_na: bool = True) -> "pd.DataFrame":
    """Read a CSV file; its column `source` is text, even if the label of a list is 2021 or NA.

    Parameters
    ----------
    path : Path
        The file.
    keep_default_na : bool, optional
        Whether an empty cell, NA and the like become NaN in the other columns.

    Returns
    -------
    pandas.DataFrame
        The table.
    """
    import pandas as pd

    table = pd.read_csv(require_file(path), keep_default_na=keep_default_na)
    if "source" in table:
        source = pd.read_csv(path, usecols=["source"], dtype=str, keep_default_na=False)
        table["source"] = source["source"]
    return table
