"""One hash over a command and the modules behind it, so that a change of the code makes its results again.

Snakemake compares the text of a rule, but does not follow imports.
"""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

# They check, report and place files. The values that they hand on are parameters of the jobs, which Snakemake compares.
LEFT_OUT = ("running", "training.duration")


def code_hash(*roots: Path, library: Path, data: Iterable[Path] = ()) -> str:
    """Return a hash of files, of all that they import and of their data.

    Parameters
    ----------
    *roots : Path
        Python files.
    library : Path
        The folder of the package ``encluster``.
    data : iterable of Path, optional
        Other files.

    Returns
    -------
    str
        Sixteen hexadecimal digits; another order of the files gives the same.
    """
    digest = hashlib.sha256()
    # by name and content, since several modules share a name and the place of the project must not matter
    for name, content in sorted(
        (p.name, _content(p)) for p in {*roots, *modules_behind(*roots, library=library), *data}
    ):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:16]


def modules_behind(*roots: Path, library: Path) -> list[Path]:
    """Return the modules that files import, of the library or beside them, with their data and templates; sorted.

    Parameters
    ----------
    *roots : Path
        Python files.
    library : Path
        The folder of the package ``encluster``.

    Returns
    -------
    list of Path
        Modules, and the files in the folders ``data`` and ``templates`` beside them.
    """
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        for module in _imported(waiting.pop(), library):
            if module not in found:
                found.add(module)
                waiting.append(module)
    folders = {module.parent / name for module in found for name in ("data", "templates")}
    return sorted(found | {path for folder in folders for path in folder.glob("*") if path.is_file()})


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


@cache
def _imported(path: Path, library: Path) -> tuple[Path, ...]:
    """Return the files that one file imports, with the packages that hold them."""
    names: set[str] = set()
    candidates = []
    for module, members in _statements(path):
        if module.split(".")[0] == library.name:
            names |= {module, *(f"{module}.{name}" for name in members)}
        elif "." not in module:
            candidates.append(path.with_name(f"{module}.py"))
    for name in names:
        parts = name.split(".")[1:]
        if any(parts[: len(other)] == other for other in (path.split(".") for path in LEFT_OUT)):
            continue
        packages = [library.joinpath(*parts[:k]) / "__init__.py" for k in range(1, len(parts) + 1)]
        candidates += [library.joinpath(*parts).with_suffix(".py"), *packages]
    return tuple(path for path in candidates if path.is_file())


def _statements(path: Path) -> list[tuple[str, list[str]]]:
    """Return what a file imports by ``from`` when it runs: modules and names."""
    tree = ast.parse(_content(path))
    # types change no number
    typing = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    left_out = {node for block in typing for node in ast.walk(block)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node not in left_out]
    return [(node.module, [name.name for name in node.names]) for node in found if node.module]
