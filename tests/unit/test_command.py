"""What the commands share."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "workflow/scripts"
OUTPUTS = [
    *((path.stem, "--output") for path in sorted(SCRIPTS.glob("*.py")) if path.stem not in ("document", "train")),
    *(("train", f"--{name}") for name in ("model", "history", "predictions", "provenance")),
]

NOTES = (
    "WARNING: All log messages before absl::InitializeLog() is called",
    "I0: Could not find cuda drivers on your machine",
    "I0: oneDNN custom operations are on. You may see slightly different results",
)
SAY = f"""
import os, sys
from encluster import command
with command.without_machine_notes():
    for line in ("first", *{NOTES!r}, "last"):
        os.write(2, line.encode() + b"\\n")
    print("from Python", file=sys.stderr)
    {{then}}
print("afterwards", file=sys.stderr)
"""


def stderr_of(then: str) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, "-c", SAY.format(then=then)], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.splitlines()


def test_notes_about_the_machine_are_left_out_and_nothing_else() -> None:
    assert stderr_of("pass") == (0, ["first", "last", "from Python", "afterwards"])


def test_what_is_said_before_a_failure_is_kept() -> None:
    status, lines = stderr_of("raise ImportError('no such library')")
    assert status == 1
    assert lines[:3] == ["first", "last", "from Python"]
    assert lines[-1] == "ImportError: no such library"
    # an abort in C++ leaves no time to say more
    status, lines = stderr_of("sys.stderr.flush(); os.abort()")
    assert status < 0
    assert lines == ["first", "last", "from Python"]


@pytest.mark.parametrize(("script", "option"), OUTPUTS)
def test_a_command_refuses_at_once_to_replace_what_is_no_regular_file(script: str, option: str, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    for path, what in ((tmp_path, "a folder"), (link, "a symbolic link"), (Path("/dev/null"), "a device or a socket")):
        command = [sys.executable, SCRIPTS / f"{script}.py", option, path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert f"error: argument {option}: {path}: is {what}; give the name of a new file" in done.stderr
    assert list(tmp_path.iterdir()) == [link]
