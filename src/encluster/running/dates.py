"""Dates of results that survive a copy: Snakemake must not take a copied folder for outdated.

Snakemake compares dates. `cp -r`, an archive or a transfer gives files new dates in any order, and Snakemake would
make the results again. Therefore a run records date and checksum of every result, and the next run restores the dates.
"""

import json
import os
from pathlib import Path

from encluster.files import read_json, sha256, write_text
from encluster.running.results_folder import CONFIG_FILE

_NOTES = ".dates.json"
_NOT_RESULTS = ("logs", "checkpoints")  # Snakemake compares the dates of benchmarks too


def note_dates(folder: Path) -> None:
    """Record date, size and checksum of every result in a folder, except in results folders inside it.

    Parameters
    ----------
    folder : Path
        The results folder; nothing happens if it does not exist.
    """
    if not folder.is_dir():
        return
    known = _known(folder)
    others = {path.parent for path in folder.rglob(CONFIG_FILE)} - {folder}
    found: dict[str, list[int | str]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.partition("/")[0] in _NOT_RESULTS or path.name.startswith(".") or not path.is_file():
            continue
        if others & set(path.parents):
            continue
        status = path.stat()
        stamp = [status.st_mtime_ns, status.st_size]
        before = known.get(name, [])
        if status.st_size:
            found[name] = before if before[:2] == stamp else [*stamp, sha256(path)]
    write_text(folder / _NOTES, json.dumps(found, indent=0) + "\n")


def restore_dates(folder: Path) -> int:
    """Restore the dates that `note_dates` recorded, for results whose content has not changed.

    Parameters
    ----------
    folder : Path
        The results folder, or a copy of it.

    Returns
    -------
    int
        Number of files whose date was restored.
    """
    restored = 0
    for name, (date, size, checksum) in _known(folder).items():
        path = folder / name
        if not path.is_file() or path.stat().st_mtime_ns == date or path.stat().st_size != size:
            continue
        if sha256(path) == checksum:
            os.utime(path, ns=(date, date))
            restored += 1
    return restored


def _known(folder: Path) -> dict[str, list]:
    """Return the recorded dates; empty if the record is missing or damaged."""
    try:
        noted = read_json(folder / _NOTES)
    except ValueError:
        return {}
    right = isinstance(noted, dict) and all(isinstance(item, list) and len(item) == 3 for item in noted.values())
    return noted if right else {}
