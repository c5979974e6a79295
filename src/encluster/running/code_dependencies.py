"""Which files of the library stand behind a command: what a workflow must watch to remake results when code changes."""

import ast
from functools import cache
from pathlib import Path

# they say and store things but change no number: an edit here must not train a network again
MUTE = {"types", "running", "training.duration"}


def modules_behind(*roots: Path, library: Path) -> list[Path]:
    """Return the modules that these files import, of the library or beside them, and their data; sorted.

    Parameters
    ----------
    roots : Python files
    library : the folder of the package ``encluster``
    """
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        for module in _imported(waiting.pop(), library):
            if module not in found:
                found.add(module)
                waiting.append(module)
    data = {path for module in found for path in module.parent.glob("data/*") if path.is_file()}
    return sorted(found | data)


def _imported(path: Path, library: Path) -> list[Path]:
    names: set[str] = set()
    candidates = []
    for module, members in _statements(path.read_text(encoding="utf-8")):
        if module.split(".")[0] == library.name:
            names |= {module, *(f"{module}.{name}" for name in members)}
        elif "." not in module:
            candidates.append(path.with_name(f"{module}.py"))
    for name in names:
        parts = name.split(".")[1:]
        if parts and not any(name.startswith(f"{library.name}.{mute}") for mute in MUTE):
            place = library.joinpath(*parts)
            candidates += [place.with_suffix(".py"), place / "__init__.py"]
    return [path for path in candidates if path.is_file()]


@cache
def _statements(source: str) -> list[tuple[str, list[str]]]:
    """Return what a source imports by ``from``: modules and names. Many rules stand on the same modules."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return [(node.module, [name.name for name in node.names]) for node in found if node.module]
