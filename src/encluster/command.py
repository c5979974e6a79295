"""What the commands in workflow/scripts share: an error is one line on stderr, and exit status 1."""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from encluster.storage import require_replaceable

BACKENDS = ("tensorflow", "jax")
_CHANGES_NUMBERS = (
    "KERAS_BACKEND",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_CPU_DETERMINISTIC_OPS",
    "TF_DETERMINISTIC_OPS",
    "XLA_FLAGS",
    "TF_XLA_FLAGS",
    "JAX_ENABLE_X64",
    "JAX_PLATFORMS",
    "JAX_DEFAULT_MATMUL_PRECISION",
    "NVIDIA_TF32_OVERRIDE",
    "CUDA_VISIBLE_DEVICES",
    "OMP_NUM_THREADS",
)
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


def _spec(text: str) -> dict[str, Any]:
    try:
        spec = json.loads(text)
    except json.JSONDecodeError as error:
        raise argparse.ArgumentTypeError(f"not valid JSON ({error})") from error
    if not isinstance(spec, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return spec


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return an argparse type: a whole number in `low` ... `high`."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{value} must lie in {low} ... {high}")
        return value

    return read


count = whole_number(1, 1_000_000)
threads = whole_number(1, 1024)
seed = whole_number(0, 2**32 - 1)


def prepare_keras() -> None:
    """Choose the backend of Keras before it is imported: TensorFlow, unless the environment says KERAS_BACKEND=jax.

    Raises
    ------
    ValueError
        If KERAS_BACKEND names another backend, or one that is not installed.
    """
    # what TensorFlow says about its build concerns nobody who reads a log of training
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    name = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if name not in BACKENDS:
        raise ValueError(f"KERAS_BACKEND = {name!r} in the environment: must be one of {', '.join(BACKENDS)}, or unset")
    if importlib.util.find_spec(name) is None:
        raise ValueError(f"KERAS_BACKEND = {name!r} in the environment: the package {name} is not installed")
    os.environ["KERAS_BACKEND"] = name


def environment() -> dict[str, str]:
    """Return the variables of the environment that can change a number, for provenance."""
    return {name: os.environ[name] for name in _CHANGES_NUMBERS if name in os.environ}


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
