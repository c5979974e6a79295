"""What the commands in workflow/scripts share: an error is one line on stderr, and exit status 1."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from encluster.storage import require_replaceable

# what TensorFlow says of the machine, whatever TF_CPP_MIN_LOG_LEVEL is: that it has no GPU, or a processor for oneDNN
_NO_NEWS = (
    "WARNING: All log messages before absl::InitializeLog()",
    "Could not find cuda drivers on your machine",
    "oneDNN custom operations are on",
)


def parser(description: str | None, *, inputs: tuple[str, ...] = (), spec: bool = True) -> argparse.ArgumentParser:
    """Return the parser of a command with these input files, a configuration (``--spec``) and one ``--output``.

    `description` is the command's docstring; ``--spec`` takes the JSON of the configuration keys that the step uses.
    """
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in inputs:
        made.add_argument(f"--{name}", type=Path, required=True)
    if spec:
        made.add_argument("--spec", type=_spec, required=True, help="JSON of the configuration keys of this step")
    made.add_argument("--output", type=output, required=True)
    return made


def output(text: str) -> Path:
    """Return the path of a file to make, as the `type` of a command's argument.

    Parameters
    ----------
    text : str
        What the user gave.

    Raises
    ------
    argparse.ArgumentTypeError
        If something other than a regular file is there.
    """
    try:
        return require_replaceable(Path(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def within(kind: type[int] | type[float], low: float, high: float) -> Callable[[str], Any]:
    """Return the type of an option that is a number in low ... high.

    Parameters
    ----------
    kind : type
        int or float.
    low, high : float
        Both are allowed.

    Returns
    -------
    Callable
        For ``add_argument(type=...)``.
    """

    def convert(text: str) -> Any:
        words = "a whole number" if kind is int else "a number"
        try:
            value = kind(text)
        except ValueError:
            value = kind(low) - 1
        if not low <= value <= high:  # also of a NaN
            raise argparse.ArgumentTypeError(f"{text!r}: must be {words} in {low} ... {high}")
        return value

    return convert


THREADS = within(int, 1, 1024)


def _spec(text: str) -> dict[str, Any]:
    try:
        spec = json.loads(text)
    except json.JSONDecodeError as error:
        raise argparse.ArgumentTypeError(f"not valid JSON ({error})") from error
    if not isinstance(spec, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return spec


def run(main: Callable[[], None]) -> None:
    """Run a command; a ValueError or OSError is said in one line on stderr, anything else shows its traceback."""
    try:
        main()
    except (ValueError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)


@contextmanager
def without_machine_notes() -> Iterator[None]:
    """Leave out TensorFlow's notes about the machine, around its first import; all else still reaches stderr.

    They come from C++ before its log can be set, so that file descriptor 2 itself leads through a filter for a while.
    The filter is a process of its own: what is said before a crash gets through.
    """
    sys.stderr.flush()
    stderr = os.dup(2)
    command = ["grep", "-avF", *(f"--regexp={note}" for note in _NO_NEWS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stderr) as grep:
        assert grep.stdin
        os.dup2(grep.stdin.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
