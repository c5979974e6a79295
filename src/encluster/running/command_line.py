"""What the commands in workflow/scripts share: an error is one line on stderr, and exit status 1."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from encluster.files import require_replaceable


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
