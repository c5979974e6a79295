"""The results folder: its allowed names, and the configuration that made its content."""

import os
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from encluster.files import write_text
from encluster.running.configuration import Configuration
from encluster.training.duration import duration

CONFIG_FILE = "config.yaml"
# settings that do not change the content of a result
_NEUTRAL = ("results", "overwrite")
# sections in which each row makes its own results: a new row leaves earlier results unchanged
_ROWS = ("mock_sets", "models", "ensemble")

# folders of the project: results inside them would mix with tracked files
_PROJECT_FOLDERS = (
    ".ci",
    ".git",
    ".github",
    ".snakemake",
    ".venv",
    "benchmarks",
    "config",
    "docs",
    "envs",
    "paper_figures",
    "profiles",
    "rules",
    "src",
    "tests",
    "workflow",
)


def results_folder(text: str, project: Path) -> str:
    """Return the results folder in a form that Snakemake, the shell and the commands accept.

    Parameters
    ----------
    text : str
        The setting `results`; a leading ``~`` is the home folder.
    project : Path
        Folder of the Snakefile.

    Returns
    -------
    str
        The path; relative if the folder is inside the working folder, absolute otherwise.

    Raises
    ------
    ValueError
        If the name has a character that is not allowed, or the folder has another purpose.
    """
    said = f"results = {text!r}"
    if not text.strip():
        raise ValueError(f"{said}: must be the name of a folder")
    try:
        folder = os.path.normpath(Path(text).expanduser() if text.startswith("~") else text)
    except RuntimeError:
        raise ValueError(f"{said}: there is no such home folder") from None
    if Path(folder).parts[:1] == ("..",):
        folder = os.path.normpath(Path.cwd() / folder)
    refused = sorted({character for character in text.removeprefix("~") + folder if not _allowed(character)})
    if refused:
        where = "" if folder == os.path.normpath(text) else f" ({folder})"
        raise ValueError(
            f"{said}{where}: {', '.join(map(repr, refused))} cannot be in the name of this folder; "
            "letters, digits, blanks and _ . / + @ - = can"
        )
    for part in Path(folder).parts:
        if part.startswith("-") or part != part.strip():
            raise ValueError(f"{said}: a name must not begin with '-', or begin or end with a blank; found {part!r}")
    here = Path(folder).resolve()
    for name, other in (("project", project), ("working", Path()), ("home", Path.home())):
        if other.resolve().is_relative_to(here):
            raise ValueError(f"{said}: is the {name} folder or holds it; give a folder for the results alone")
    for name in _PROJECT_FOLDERS:
        own = (project / name).resolve()
        if here.is_relative_to(own) or any(
            p.exists() and own.exists() and p.samefile(own) for p in [here, *here.parents]
        ):
            raise ValueError(
                f"{said}: belongs to the folder {name!r} of the project; give a folder for the results alone"
            )
    for path in [here, *here.parents]:
        if path.exists() and not path.is_dir():
            raise ValueError(f"{said}: {os.path.relpath(path)} is a file where a folder should be")
    return folder


def _allowed(character: str) -> bool:
    return character in "_./+@-= " or unicodedata.category(character)[0] in "LMN"


def write_configuration(folder: Path, config: Configuration) -> None:
    """Write the resolved configuration beside the results; every command reads it with ``--config``.

    Parameters
    ----------
    folder : Path
        The results folder.
    config : Configuration
        The configuration of the run.
    """
    head = "# The configuration of the results in this folder, with every key. Written by the run; do not edit it.\n"
    write_text(folder / CONFIG_FILE, head + yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False))


def differences(folder: Path, config: Configuration) -> list[str]:
    """Return the settings that differ from those that made the results of a folder.

    Parameters
    ----------
    folder : Path
        The results folder.
    config : Configuration
        The configuration of the new run.

    Returns
    -------
    list of str
        A line ``key = now (was before)`` for each setting that differs; empty if there are no results yet.
    """
    path = folder / CONFIG_FILE
    if not path.exists():
        return []
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        before = _flat(Configuration.of(found).model_dump(mode="json"))
    except (ValueError, TypeError, yaml.YAMLError, UnicodeDecodeError):
        return [f"{path} cannot be read"]
    now = _flat(config.model_dump(mode="json"))
    keys = [key for key in {**before, **now} if key.partition(".")[0] not in _NEUTRAL]
    return [
        f"{key} = {now.get(key, 'left out')} (was {before.get(key, 'left out')})"
        for key in keys
        if now.get(key) != before.get(key)
    ]


def _flat(item: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(item, Mapping):
        return {prefix: item}
    found: dict[str, Any] = {}
    for name, part in item.items():
        found |= _flat(part, f"{prefix}.{name}" if prefix else str(name))
    return found


def spoils(changed: Sequence[str]) -> bool:
    """Return whether results of a folder would no longer belong to its configuration.

    Parameters
    ----------
    changed : sequence of str
        The lines that `differences` returns.

    Returns
    -------
    bool
        False if only rows of `mock_sets`, `models` and `ensemble` differ.
    """
    return any(line.partition(".")[0] not in _ROWS for line in changed)


def refusal(folder: Path, changed: Sequence[str], *, replaced: int, seconds: float, target: str) -> str:
    """Return the message that stops a run which would replace results of another configuration.

    Parameters
    ----------
    folder : Path
        The results folder.
    changed : sequence of str
        The lines that `differences` returns; at least one.
    replaced : int
        Number of results that the run would make again.
    seconds : float
        Estimated time to make them [s].
    target : str
        Target of the run.

    Returns
    -------
    str
        One line with the three options of the user.
    """
    more = f" and {len(changed) - 1} more keys" if len(changed) > 1 else ""
    return (
        f"{folder} holds results of another configuration: {changed[0]}{more}. {replaced} of its results would be made"
        f" again, in about {duration(seconds)}. To use what is there:"
        f" snakemake --cores all --configfile {folder / CONFIG_FILE} -- {target}. To keep both, choose another folder:"
        f" --config results={folder}_2. To replace them: --config overwrite=true"
    )
