"""Write the parts of the reference that come from the code: a page for each package, and the help of the commands."""

import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import encluster

SCRIPTS = Path(__file__).parents[2] / "workflow/scripts"


def write_pages(app: Any) -> None:
    """Write all of them into reference/generated."""
    folder = Path(app.srcdir) / "reference/generated"
    shutil.rmtree(folder, ignore_errors=True)  # with pages of modules that are no more
    folder.mkdir()
    for module in pkgutil.iter_modules(encluster.__path__, "encluster."):
        (folder / f"{module.name}.rst").write_text(_module_page(module.name))
    (folder / "commands.txt").write_text("\n".join(map(_help, sorted(SCRIPTS.glob("*.py")))))


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


def setup(app: Any) -> dict[str, bool]:
    """Write the pages before Sphinx reads any."""
    app.connect("config-inited", lambda app, _: write_pages(app))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
