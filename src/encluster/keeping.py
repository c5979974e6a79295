"""Earlier results survive a run that fails.

Snakemake deletes the outputs of a job before it starts it. Here a second name (a hard link) of each result is kept
while a run goes on. If the run fails, what is missing gets its own name back, with the date of 1970: whatever it was
made from is newer, so that the next run makes it again and never takes it for the new result.
"""

import os
import shutil
from pathlib import Path

_FOLDER = ".kept"


def keep(results: Path) -> None:
    """Give each file below `results` a second name; costs no space. Logs, benchmarks and checkpoints are left out.

    What a run that was cut off (killed, or the machine went down) had deleted is given back first.
    """
    restore(results)
    for path in _files(results):
        second = results / _FOLDER / path.relative_to(results)
        second.parent.mkdir(parents=True, exist_ok=True)
        _name(path, second)


def restore(results: Path) -> list[Path]:
    """Give back what is missing below `results`, dated 1970, and return it."""
    kept, restored = results / _FOLDER, []
    for second in sorted(path for path in kept.rglob("*") if path.is_file()):
        path = results / second.relative_to(kept)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _name(second, path)
            os.utime(path, (1, 1))
            restored.append(path)
    forget(results)
    return restored


def forget(results: Path) -> None:
    """Remove the second names."""
    shutil.rmtree(results / _FOLDER, ignore_errors=True)


def _name(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # some file systems have no hard links
        shutil.copy2(path, other)


def _files(results: Path) -> list[Path]:
    apart = {_FOLDER, "logs", "benchmarks", "checkpoints"}
    return [
        path
        for path in results.rglob("*")
        if path.is_file() and not path.is_symlink() and not apart & set(path.relative_to(results).parts)
    ]
