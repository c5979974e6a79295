"""Reading and writing of files: atomic replacement, checks on reading, HDF5 by the layouts of `encluster.layouts`.

An HDF5 file has the attributes ``format`` (a key of `encluster.layouts.LAYOUTS`), ``format_version`` and ``source``
(the simulation that the numbers come from). Each of its datasets has a ``unit`` and a ``description``. A dataset with
profiles has the ``radius`` of each column [R500c]; one with columns of several quantities names them in ``quantity``.
"""

import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from encluster.layouts import LAYOUTS

if TYPE_CHECKING:
    import pandas as pd

FORMAT_VERSION = 2


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


@contextmanager
def creating_h5(
    path: Path,
    kind: str,
    sizes: Mapping[str, int],
    attributes: Mapping[str, Any],
    about: Mapping[str, Mapping[str, Any]],
) -> Iterator[h5py.File]:
    """Yield a new HDF5 file with all datasets of `LAYOUTS[kind]` allocated, to be filled in any order.

    Datasets are contiguous, are allocated at once and have no time stamps; the bytes depend only on the content.

    Parameters
    ----------
    path : Path
        The file to make.
    kind : str
        A key of `LAYOUTS`.
    sizes : Mapping[str, int]
        Length of each named axis.
    attributes : Mapping[str, Any]
        Attributes of the file; at least ``source``.
    about : Mapping[str, Mapping[str, Any]]
        Additional attributes of datasets by name.

    Yields
    ------
    h5py.File
        The file, with a temporary name.
    """
    with replacing(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs.update({"format": kind, "format_version": FORMAT_VERSION, **attributes})
        for name, column in LAYOUTS[kind].items():
            creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            creation.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
            creation.set_obj_track_times(False)
            shape = tuple(sizes[axis] for axis in column.shape)
            group, _, leaf = name.rpartition("/")
            parent = file.require_group(group) if group else file
            dtype = h5py.h5t.py_create(np.dtype(column.dtype), logical=True)
            h5py.h5d.create(parent.id, leaf.encode(), dtype, h5py.h5s.create_simple(shape), creation)
            parent[leaf].attrs.update({"unit": column.unit, "description": column.description, **about.get(name, {})})
        yield file


def write_h5(path: Path, kind: str, arrays: Mapping[str, Any], attributes: Mapping[str, Any]) -> None:
    """Write all datasets of `LAYOUTS[kind]`; the lengths of the axes come from the arrays.

    Parameters
    ----------
    path : Path
        The file to make.
    kind : str
        A key of `LAYOUTS`.
    arrays : Mapping[str, Any]
        Datasets by name; with shells also ``radius`` (n_shells,), the outer radius of each [R500c].
    attributes : Mapping[str, Any]
        Attributes of the file; at least ``source``.

    Raises
    ------
    ValueError
        If datasets disagree in the length of an axis.
    """
    about = {name: {"radius": arrays["radius"]} for name in _of_shells(kind)}
    with creating_h5(path, kind, _axes(arrays, kind, path), attributes, about) as file:
        for name in LAYOUTS[kind]:
            file[name][...] = arrays[name]


def _of_shells(kind: str) -> list[str]:
    """Return the names of the datasets that have a value in each shell of a cluster."""
    return [name for name, column in LAYOUTS[kind].items() if "shell" in column.shape]


def _axes(arrays: Mapping[str, Any], kind: str, path: Path) -> dict[str, int]:
    """Return the length of each named axis; raise ValueError if datasets disagree."""
    sizes: dict[str, int] = {}
    for name, column in LAYOUTS[kind].items():
        shape = np.shape(arrays[name])
        if len(shape) != len(column.shape):
            raise ValueError(f"{path}: {name} has {len(shape)} axes, expected {', '.join(column.shape)}")
        for axis, size in zip(column.shape, shape, strict=True):
            if sizes.setdefault(axis, size) != size:
                raise ValueError(f"{path}: {name} has {size} along {axis!r}, other datasets {sizes[axis]}")
    return sizes


@contextmanager
def opening_h5(path: Path, kind: str) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading and check it against its layout.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        The key of `LAYOUTS` that the file must have.

    Yields
    ------
    h5py.File
        The file.

    Raises
    ------
    ValueError
        If the file is missing, empty, locked, corrupt, of another kind or version, or lacks a dataset or its radii.
    """
    require_file(path)
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise ValueError(f"{path}: {_why_not_opened(path, error)}") from error
    with file:
        found = file.attrs.get("format")
        if found != kind:
            raise ValueError(f"{path}: holds format {found!r}, expected {kind!r}")
        version = file.attrs.get("format_version")
        if version != FORMAT_VERSION:
            raise ValueError(f"{path}: format version {version}, expected {FORMAT_VERSION}; make it again")
        missing = [name for name in LAYOUTS[kind] if name not in file]
        if missing:
            raise ValueError(f"{path}: dataset {missing[0]!r} is missing")
        sizes = _axes({name: file[name] for name in LAYOUTS[kind]}, kind, path)
        for name in _of_shells(kind):
            if len(file[name].attrs.get("radius", ())) != sizes["shell"]:
                raise ValueError(
                    f"{path}: {name} lacks its attribute 'radius' of {sizes['shell']} shells; make it again"
                )
        try:
            yield file
        except OSError as error:
            raise ValueError(f"{path}: damaged ({error}); make it again") from error


def _why_not_opened(path: Path, error: OSError) -> str:
    """Return why HDF5 cannot open a file, and what to do; the library has a single error for all causes."""
    said = str(error)
    if "unable to lock file" in said:
        if isinstance(error, BlockingIOError):
            return "another program has it open for writing and locks it; wait for that program, or end it"
        return f"its file system has no locks ({said}); set HDF5_USE_FILE_LOCKING=FALSE in the environment"
    if error.errno:
        return f"cannot be read ({os.strerror(error.errno)})"
    if not h5py.is_hdf5(path):
        return "not an HDF5 file"
    return f"{'truncated' if 'truncated file' in said else f'a damaged HDF5 file ({said})'}; make it again"


def read_h5(path: Path, kind: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read all datasets and attributes of an HDF5 file.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        The key of `LAYOUTS` that the file must have.

    Returns
    -------
    arrays : dict[str, ndarray]
        Datasets with the names that `write_h5` takes.
    attributes : dict[str, Any]
        Attributes of the file.

    Raises
    ------
    ValueError
        If the file is not valid; see `opening_h5`.
    """
    with opening_h5(path, kind) as file:
        arrays = {name: file[name][...] for name in LAYOUTS[kind]}
        for name in _of_shells(kind):
            arrays["radius"] = file[name].attrs["radius"]
        return arrays, dict(file.attrs)
