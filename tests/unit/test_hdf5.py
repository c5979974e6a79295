"""HDF5 files: checked against their layout; bad ones are named in one line."""

import fcntl
import re
from pathlib import Path

import h5py
import numpy as np
import pytest

from encluster import hdf5
from encluster.layouts import LAYOUTS

ARRAYS = {
    "clusters/matrix": np.zeros((4, 15)),
    "clusters/supplementary": np.zeros((4, 2)),
    "catalogs/offset": np.array([0, 1, 4]),
    "catalogs/sigma8": np.array([0.7, 0.8]),
    "catalogs/label": np.array([0.0, 1.0]),
    "catalogs/split": np.array([0, 1]),
    "clusters/cluster": np.arange(4),
}


@pytest.fixture
def features(tmp_path: Path) -> Path:
    path = tmp_path / "features.h5"
    hdf5.write_h5(path, "features", ARRAYS, {"source": "test"})
    return path


def test_units_and_descriptions_stand_beside_the_data(features: Path) -> None:
    with h5py.File(features) as file:
        for name, column in LAYOUTS["features"].items():
            assert file[name].attrs["unit"] == column.unit
            assert len(file[name].attrs["description"]) > 5
    arrays, attributes = hdf5.read_h5(features, "features")
    np.testing.assert_array_equal(arrays["catalogs/sigma8"], ARRAYS["catalogs/sigma8"])
    assert attributes["source"] == "test"


def test_inconsistent_lengths_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="label has 3 along 'catalog', other datasets 2"):
        hdf5.write_h5(tmp_path / "x.h5", "features", {**ARRAYS, "catalogs/label": np.zeros(3)}, {"source": "test"})


def test_missing_empty_truncated_and_foreign_files_are_named(features: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.h5: no such file"):
        hdf5.read_h5(tmp_path / "nowhere.h5", "features")
    empty = tmp_path / "empty.h5"
    empty.touch()
    with pytest.raises(ValueError, match=r"empty\.h5: the file is empty"):
        hdf5.read_h5(empty, "features")
    with pytest.raises(ValueError, match="not a file"):
        hdf5.read_h5(tmp_path, "features")
    truncated = tmp_path / "truncated.h5"
    truncated.write_bytes(features.read_bytes()[:1500])
    with pytest.raises(ValueError, match=r"truncated\.h5: truncated; make it again$"):
        hdf5.read_h5(truncated, "features")
    with pytest.raises(ValueError, match="holds format 'features', expected 'mocks'"):
        hdf5.read_h5(features, "mocks")
    with h5py.File(features, "a") as file:
        del file["catalogs/split"]
    with pytest.raises(ValueError, match="dataset 'catalogs/split' is missing"):
        hdf5.read_h5(features, "features")


def test_only_a_truncated_file_is_called_truncated(features: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    content = features.read_bytes()
    for damaged, expected in (
        (b"sigma8,label\n" * 200, "not an HDF5 file$"),
        (content[:4], "not an HDF5 file$"),
        (content[:-1], "truncated; make it again$"),
        (content[:8], "a damaged HDF5 file .*; make it again$"),
        (content[:8] + b"\xff" * (len(content) - 8), "a damaged HDF5 file .*; make it again$"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=rf"x\.h5: {expected}"):
            hdf5.read_h5(path, "features")


def test_a_locked_file_is_not_called_damaged(features: Path) -> None:
    # as HDF5 itself locks a file that it writes
    with features.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(ValueError, match=r"features\.h5: another program has it open for writing") as caught:
            hdf5.read_h5(features, "features")
        assert not re.search("truncated|damaged|again", str(caught.value))
    assert len(hdf5.read_h5(features, "features")[0]) == len(ARRAYS)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError("unable to lock file, errno = 37, error message = 'No locks available'"), "HDF5_USE_FILE_LOCKING"),
        (PermissionError(13, "Unable to open file"), r"cannot be read \(Permission denied\)"),
        (OSError(5, "Unable to open file"), r"cannot be read \(Input/output error\)"),
    ],
)
def test_a_file_system_that_fails_is_not_called_a_damaged_file(
    features: Path, error: OSError, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(h5py, "File", refuse)
    with pytest.raises(ValueError, match=message):
        hdf5.read_h5(features, "features")


def test_an_older_version_is_refused(features: Path) -> None:
    with h5py.File(features, "a") as file:
        file.attrs["format_version"] = 0
    with pytest.raises(ValueError, match="format version 0, expected 2"):
        hdf5.read_h5(features, "features")


def test_datasets_that_disagree_in_length_are_named(features: Path) -> None:
    with h5py.File(features, "a") as file:
        del file["catalogs/label"]
        file["catalogs/label"] = np.zeros(3)
    with pytest.raises(ValueError, match="label has 3 along 'catalog', other datasets 2"):
        hdf5.read_h5(features, "features")
