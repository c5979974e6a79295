"""What the commands in workflow/scripts share: an error is one line on stderr, and exit status 1."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from encluster.files import require_replaceable


def parser(
    description: str | None,
    *,
    example: str,
    inputs: tuple[str, ...] = (),
    config: bool = True,
    folder: str = "",
) -> argparse.ArgumentParser:
    """Return the parser of a command with these input files, a configuration (``--config``) and one ``--output``.

    Parameters
    ----------
    description, example : str or None, str
        As in `plain_parser`.
    inputs : tuple of str, optional
        Names of the options that take an input file.
    config : bool, optional
        Whether the command reads the configuration.
    folder : str, optional
        What the folder holds that the command makes, where ``--output`` is a folder and no file.
    """
    made = plain_parser(description, example=example)
    for option in inputs:
        made.add_argument(f"--{option}", type=Path, required=True)
    if config:
        made.add_argument(
            "--config",
            type=Path,
            nargs="+",
            required=True,
            metavar="FILE",
            help="config.yaml beside the results, or overlays like config/laptop.yaml",
        )
    made.add_argument("--output", type=Path if folder else output, required=True, help=folder)
    return made


def plain_parser(description: str | None, *, example: str) -> argparse.ArgumentParser:
    """Return the parser of a command, without options.

    Parameters
    ----------
    description : str or None
        The command's docstring.
    example : str
        Arguments of a call that works after `make`; `--help` shows them.
    """
    return argparse.ArgumentParser(
        description=description,
        epilog=f"Example, after `make`:\n  python workflow/scripts/{Path(sys.argv[0]).name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


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
CHUNK = within(int, 0, 999)


def run(main: Callable[[], None]) -> None:
    """Run a command; a ValueError or OSError is said in one line on stderr, anything else shows its traceback."""
    try:
        main()
    except (ValueError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)
