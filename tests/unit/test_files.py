"""Files: whole or not at all; bad ones are named in one line."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from encluster import files
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
    files.write_h5(path, "features", ARRAYS, {"source": "test"})
    return path


def test_units_and_descriptions_stand_beside_the_data(features: Path) -> None:
    with h5py.File(features) as file:
        for name, column in LAYOUTS["features"].items():
            assert file[name].attrs["unit"] == column.unit
            assert len(file[name].attrs["description"]) > 5
    arrays, attributes = files.read_h5(features, "features")
    np.testing.assert_array_equal(arrays["catalogs/sigma8"], ARRAYS["catalogs/sigma8"])
    assert attributes["source"] == "test"


def test_a_failure_leaves_the_earlier_file_and_no_litter(features: Path) -> None:
    before = features.read_bytes()
    with pytest.raises(RuntimeError, match="halfway"), files.replacing(features) as temporary:
        temporary.write_text("half")
        raise RuntimeError("halfway")
    assert features.read_bytes() == before
    assert [p.name for p in features.parent.iterdir()] == ["features.h5"]


def test_inconsistent_lengths_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="label has 3 along 'catalog', other datasets 2"):
        files.write_h5(tmp_path / "x.h5", "features", {**ARRAYS, "catalogs/label": np.zeros(3)}, {"source": "test"})


def test_missing_empty_truncated_and_foreign_files_are_named(features: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.h5: no such file"):
        files.read_h5(tmp_path / "nowhere.h5", "features")
    empty = tmp_path / "empty.h5"
    empty.touch()
    with pytest.raises(ValueError, match=r"empty\.h5: the file is empty"):
        files.read_h5(empty, "features")
    with pytest.raises(ValueError, match="not a file"):
        files.read_h5(tmp_path, "features")
    truncated = tmp_path / "truncated.h5"
    truncated.write_bytes(features.read_bytes()[:1500])
    with pytest.raises(ValueError, match=r"truncated\.h5: truncated; make it again$"):
        files.read_h5(truncated, "features")
    with pytest.raises(ValueError, match="holds format 'features', expected 'mocks'"):
        files.read_h5(features, "mocks")
    with h5py.File(features, "a") as file:
        del file["catalogs/split"]
    with pytest.raises(ValueError, match="dataset 'catalogs/split' is missing"):
        files.read_h5(features, "features")


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
            files.read_h5(path, "features")


def test_a_locked_file_is_not_called_damaged(features: Path) -> None:
    # as HDF5 itself locks a file that it writes
    with features.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(ValueError, match=r"features\.h5: another program has it open for writing") as caught:
            files.read_h5(features, "features")
        assert not re.search("truncated|damaged|again", str(caught.value))
    assert len(files.read_h5(features, "features")[0]) == len(ARRAYS)


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
        files.read_h5(features, "features")


def test_an_older_version_is_refused(features: Path) -> None:
    with h5py.File(features, "a") as file:
        file.attrs["format_version"] = 0
    with pytest.raises(ValueError, match="format version 0, expected 2"):
        files.read_h5(features, "features")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(ValueError, match=r"cannot be written .*; nothing was changed"):
        files.write_text(blocked / "x.txt", "text")


def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:  # root may write into any folder but those of the kernel
        tmp_path = Path("/proc/self")
    else:
        tmp_path.chmod(0o500)
    with pytest.raises(ValueError, match="cannot be written"):
        files.write_text(tmp_path / "x.txt", "text")


def test_a_full_disk_is_named_and_the_earlier_file_stays(features: Path) -> None:
    """/dev/full refuses every byte, as a full disk does."""
    before = features.read_bytes()
    with (
        pytest.raises(ValueError, match="No space left on device"),
        files.replacing(features),
        Path("/dev/full").open("w") as full,
    ):
        full.write("x")
        full.flush()
    assert features.read_bytes() == before


def test_a_disk_without_room_is_named(tmp_path: Path) -> None:
    files.require_room(tmp_path / "new", megabytes=0.001)
    with pytest.raises(ValueError, match=r"MB are left on its disk, 1000000000000 MB are needed"):
        files.require_room(tmp_path, megabytes=1e12)


def test_datasets_that_disagree_in_length_are_named(features: Path) -> None:
    with h5py.File(features, "a") as file:
        del file["catalogs/label"]
        file["catalogs/label"] = np.zeros(3)
    with pytest.raises(ValueError, match="label has 3 along 'catalog', other datasets 2"):
        files.read_h5(features, "features")


def test_damaged_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": ')
    with pytest.raises(ValueError, match=r"x\.json: not valid JSON"):
        files.read_json(path)
    files.write_json(path, {"b": 1, "a": 2})
    assert files.read_json(path) == {"a": 2, "b": 1}


def test_checksum(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert files.sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


SPECIAL: dict[str, tuple[Callable[[Path], object], str]] = {
    "folder": (Path.mkdir, "a folder"),
    "link": (lambda path: path.symlink_to("file.txt"), "a symbolic link"),
    "dangling link": (lambda path: path.symlink_to("nowhere"), "a symbolic link"),
    "link to a folder": (lambda path: path.symlink_to("."), "a symbolic link"),
    "pipe": (os.mkfifo, "a pipe"),
    "socket": (make_socket, "a device or a socket"),
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_nothing_but_a_regular_file_is_replaced(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    make, what = SPECIAL[kind]
    path = Path("x.txt")
    Path("file.txt").write_text("another's")
    make(path)
    before = path.lstat()
    with pytest.raises(ValueError, match=rf"^x\.txt: is {what}; give the name of a new file"):
        files.write_text(path, "text")
    assert path.lstat().st_ino == before.st_ino
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file.txt", "x.txt"]
    assert Path("file.txt").read_text() == "another's"


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full", "/dev/stdout", "/dev/fd/1"])
def test_a_device_is_not_replaced(device: str) -> None:
    with pytest.raises(ValueError, match=f"^{device}: is a "):
        files.require_replaceable(Path(device))


def test_a_file_or_a_new_name_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    for path in (tmp_path / "old", tmp_path / "new", tmp_path / "new/er", tmp_path / "old/x"):
        assert files.require_replaceable(path) == path


def test_what_a_killed_process_left_is_removed_by_the_next_write_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_text("earlier")
    others = [
        ".model.keras.partial-notes",
        ".model.kerasXpartial-abcdefgh.keras",
        ".other.keras.partial-abcdefgh.keras",
    ]
    for name in others:
        (tmp_path / name).touch()
    die = (
        "import os, signal, sys; from pathlib import Path; from encluster import files\n"
        "with files.replacing(Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", die, path], check=False).returncode == -signal.SIGKILL
        assert path.read_text() == "earlier"
        left = {p.name for p in tmp_path.iterdir()} - {"model.keras", *others}
        assert len(left) == 1
        assert left.pop().startswith(".model.keras.partial-")
    files.write_text(path, "new")
    assert path.read_text() == "new"
    assert {p.name for p in tmp_path.iterdir()} == {"model.keras", *others}
