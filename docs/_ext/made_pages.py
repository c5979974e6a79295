"""Write the parts of the reference that come from the code: a page for each package, and the help of the commands."""

import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import encluster

SCRIPTS = Path(__file__).parents[2] / "workflow/scripts"


def write_pages(app: Any) -> None:
    """Write all of them into reference/generated."""
    folder = Path(app.srcdir) / "reference/generated"
    folder.mkdir(exist_ok=True)
    for module in pkgutil.iter_modules(encluster.__path__, "encluster."):
        _write(folder / f"{module.name}.rst", _module_page(module.name))
    _write(folder / "commands.txt", "\n".join(map(_help, sorted(SCRIPTS.glob("*.py")))))


def _module_page(name: str) -> str:
    """Return what autodoc shall say of a package: one section for each of its modules."""
    inside = Path(encluster.__path__[0], *name.split(".")[1:])
    modules = [found.name for found in pkgutil.walk_packages([str(inside)], f"{name}.")]
    parts = [f"{name}\n{'=' * len(name)}\n\n.. automodule:: {name}\n   :members:\n"]
    parts += [f"{module}\n{'-' * len(module)}\n\n.. automodule:: {module}\n   :members:\n" for module in modules]
    return "\n".join(parts)


def _help(script: Path) -> str:
    """Return a section: name and help of a command."""
    done = subprocess.run(
        [sys.executable, script, "--help"],
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return f"## `{script.name}`\n\n```text\n{done.stdout.strip()}\n```\n"


def _write(path: Path, text: str) -> None:
    """Write a file, unless it has this text: Sphinx reads changed files again."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def setup(app: Any) -> dict[str, bool]:
    """Write the pages before Sphinx reads any."""
    app.connect("config-inited", lambda app, _: write_pages(app))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
