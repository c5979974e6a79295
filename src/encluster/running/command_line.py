"""Functions that the commands in workflow/scripts share: argument parsers, and errors as one line on stderr."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from encluster.files import require_replaceable
from encluster.settings import MOST_SEED


def parser(
    description: str | None,
    *,
    example: str,
    inputs: tuple[str, ...] = (),
    config: bool = True,
    seed: bool = False,
    folder: str = "",
) -> argparse.ArgumentParser:
    """Return the parser of a command with these input files, a configuration (``--config``) and one ``--output``.

    Parameters
    ----------
    description : str or None
        The command's docstring.
    example : str
        Arguments of a call that works after `make`; ``--help`` shows them.
    inputs : tuple of str, optional
        Names of the options that take an input file.
    config : bool, optional
        Whether the command reads the configuration.
    seed : bool, optional
        Whether ``--seed`` may replace the configuration's seed, as for another realization of the simulation.
    folder : str, optional
        Content of the output folder; empty if ``--output`` is a file.

    Returns
    -------
    argparse.ArgumentParser
        The parser.
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
    if seed:
        made.add_argument(
            "--seed", type=within(int, 0, MOST_SEED), help="seed of the data; default: the configuration's"
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
        Arguments of a call that works after `make`; ``--help`` shows them.

    Returns
    -------
    argparse.ArgumentParser
        The parser.
    """
    return argparse.ArgumentParser(
        description=description,
        epilog=f"Example, after `make`:\n  python workflow/scripts/{Path(sys.argv[0]).name} {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def output(text: str) -> Path:
    """Return the path of a file to make; used as the `type` of a command's argument.

    Parameters
    ----------
    text : str
        The argument that the user gave.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    argparse.ArgumentTypeError
        If the path exists and is not a regular file.
    """
    try:
        return require_replaceable(Path(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def within(kind: type[int] | type[float], low: float, high: float) -> Callable[[str], Any]:
    """Return a converter for an option: a number with limits.

    Parameters
    ----------
    kind : type
        Either int or float.
    low, high : float
        The limits; both are allowed values.

    Returns
    -------
    Callable
        A function for ``add_argument(type=...)``; it raises `argparse.ArgumentTypeError` for any other text.
    """

    def convert(text: str) -> Any:
        words = "a whole number" if kind is int else "a number"
        try:
            value = kind(text)
        except ValueError:
            value = kind(low) - 1
        if not low <= value <= high:  # true for NaN too
            raise argparse.ArgumentTypeError(f"{text!r}: must be {words} in {low} ... {high}")
        return value

    return convert


THREADS = within(int, 1, 1024)
CHUNK = within(int, 0, 999)


def run(main: Callable[[], None]) -> None:
    """Run a command; a ValueError or OSError prints one line on stderr and exits with status 1.

    Parameters
    ----------
    main : Callable
        The command, without arguments.
    """
    try:
        main()
    except (ValueError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)
