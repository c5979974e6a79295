"""HDF5 files by the layouts of `encluster.layouts`, with checks on reading.

An HDF5 file has the attributes ``format`` (a key of `encluster.layouts.LAYOUTS`), ``format_version`` and ``source``
(the simulation that the numbers come from). Each of its datasets has a ``unit`` and a ``description``. A dataset with
profiles has the ``radius`` of each column [R500c]; one with columns of several quantities names them in ``quantity``.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from encluster.files import replacing, require_file
from encluster.layouts import LAYOUTS

FORMAT_VERSION = 2


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
