"""What the commands in workflow/scripts share: an error is one line on stderr, and exit status 1."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def parser(description: str | None, *, inputs: tuple[str, ...] = (), spec: bool = True) -> argparse.ArgumentParser:
    """Return the parser of a command with these input files, a configuration (``--spec``) and one ``--output``.

    `description` is the command's docstring; ``--spec`` takes the JSON of the configuration keys that the step uses.
    """
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in inputs:
        made.add_argument(f"--{name}", type=Path, required=True)
    if spec:
        made.add_argument("--spec", type=_spec, required=True, help="JSON of the configuration keys of this step")
    made.add_argument("--output", type=Path, required=True)
    return made


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
