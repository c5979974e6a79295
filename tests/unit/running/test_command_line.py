"""What the commands share."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from encluster.running.command_line import THREADS, within

SCRIPTS = Path(__file__).parents[3] / "workflow/scripts"
# `train` makes a folder
COMMANDS = [path.stem for path in sorted(SCRIPTS.glob("*.py")) if path.stem not in ("document", "train")]


@pytest.mark.parametrize("script", COMMANDS)
def test_a_command_refuses_at_once_to_replace_what_is_no_regular_file(script: str, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    for path, what in ((tmp_path, "a folder"), (link, "a symbolic link"), (Path("/dev/null"), "a device or a socket")):
        command = [sys.executable, SCRIPTS / f"{script}.py", "--output", path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert f"error: argument --output: {path}: is {what}; give the name of a new file" in done.stderr
    assert list(tmp_path.iterdir()) == [link]


@pytest.mark.parametrize("text", ["-1", "0", "1000000000", "1e9", "1.5", "two", "", "nan", "inf", "--1"])
def test_a_number_of_threads_is_small_and_positive(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"must be a whole number in 1 ... 1024"):
        THREADS(text)


def test_options_at_their_limits() -> None:
    assert [THREADS(text) for text in ("1", "1024")] == [1, 1024]
    share = within(float, 0, 1)
    assert [share(text) for text in ("0", "1e-3", "1")] == [0.0, 0.001, 1.0]
    for text in ("nan", "-0.1", "1.1", "inf", "x"):
        with pytest.raises(argparse.ArgumentTypeError, match=r"must be a number in 0 ... 1"):
            share(text)


@pytest.mark.parametrize(
    ("script", "option", "values"),
    [
        ("interpret", "--threads", ("-1", "0", "1e9")),
        ("audit_model", "--threads", ("-1", "1000000000")),
        ("audit_model", "--seed", ("-1", "4294967296")),
        ("make_mocks", "--cores", ("-1", "0")),
        ("compare_alternatives", "--cores", ("-2",)),
        ("observe", "--chunk", ("-1",)),
        ("fit_profiles", "--chunk", ("-1", "x")),
        ("make_emission_table", "--redshift", ("-0.1", "nan")),
    ],
)
def test_no_option_takes_a_number_out_of_range(script: str, option: str, values: tuple[str, ...]) -> None:
    for value in values:
        command = [sys.executable, str(SCRIPTS / f"{script}.py"), f"{option}={value}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        last = done.stderr.splitlines()[-1]
        assert f"argument {option}: {value!r}: must be a" in last, done.stderr


def test_every_number_of_a_command_line_has_limits() -> None:
    for path in SCRIPTS.glob("*.py"):
        text = path.read_text()
        assert "type=int" not in text, path
        assert "type=float" not in text, path
