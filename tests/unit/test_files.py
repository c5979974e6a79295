"""Files: whole or not at all; bad ones are named in one line."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from encluster import files


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    path = tmp_path / "earlier.txt"
    path.write_text("earlier")
    return path


def test_a_failure_leaves_the_earlier_file_and_no_litter(earlier: Path) -> None:
    before = earlier.read_bytes()
    with pytest.raises(RuntimeError, match="halfway"), files.replacing(earlier) as temporary:
        temporary.write_text("half")
        raise RuntimeError("halfway")
    assert earlier.read_bytes() == before
    assert [p.name for p in earlier.parent.iterdir()] == ["earlier.txt"]


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


def test_a_full_disk_is_named_and_the_earlier_file_stays(earlier: Path) -> None:
    """/dev/full refuses every byte, as a full disk does."""
    before = earlier.read_bytes()
    with (
        pytest.raises(ValueError, match="No space left on device"),
        files.replacing(earlier),
        Path("/dev/full").open("w") as full,
    ):
        full.write("x")
        full.flush()
    assert earlier.read_bytes() == before


def test_a_disk_without_room_is_named(tmp_path: Path) -> None:
    files.require_room(tmp_path / "new", megabytes=0.001)
    with pytest.raises(ValueError, match=r"MB are left on its disk, 1000000000000 MB are needed"):
        files.require_room(tmp_path, megabytes=1e12)


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
