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
    """Return the modules that files import, of the library or beside them, and the data beside these modules; sorted.

    Parameters
    ----------
    *roots : Path
        Python files.
    library : Path
        The folder of the package ``encluster``.
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
    """Return what a file imports by ``from``: modules and names."""
    found = [node for node in ast.walk(ast.parse(_content(path))) if isinstance(node, ast.ImportFrom)]
    return [(node.module, [name.name for name in node.names]) for node in found if node.module]
