"""One hash over a command and the modules behind it, so that a change of the code makes its results again.

Snakemake compares the text of a rule, but does not follow imports.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

# They check, report and place files. The values that they hand on are parameters of the jobs, which Snakemake compares.
LEFT_OUT = ("running", "training.duration")

Part = tuple[Path, str]  # a Python file, and the name of one of its functions


def code_hash(*roots: Path | Part, library: Path, data: Iterable[Path] = ()) -> str:
    """Return a hash of files, of all that they import and of their data.

    Parameters
    ----------
    *roots : Path or Part
        Python files. Of a `Part`, only the function counts, with all that the function uses of its own file.
    library : Path
        The folder of the package ``encluster``.
    data : iterable of Path, optional
        Other files.

    Returns
    -------
    str
        Sixteen hexadecimal digits; another order of the files gives the same.
    """
    whole = {root for root in roots if isinstance(root, Path)}
    parts = _parts(root for root in roots if not isinstance(root, Path))
    imported = {path for code in parts.values() for path in _imported(code, library)}
    behind = {*imported, *modules_behind(*whole, *imported, library=library)}
    contents = [(path.name, _content(path)) for path in {*whole, *behind, *data}]
    contents += [(f"{path.name}:{name}", code.encode()) for (path, name), code in parts.items()]
    digest = hashlib.sha256()
    # by name and content, since several modules share a name and the place of the project must not matter
    for name, content in sorted(contents):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:16]


def modules_behind(*roots: Path, library: Path) -> list[Path]:
    """Return the modules of the library that files import, with their data and templates; sorted.

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
        for module in _imported(_content(waiting.pop()).decode(), library):
            if module not in found:
                found.add(module)
                waiting.append(module)
    folders = {module.parent / name for module in found for name in ("data", "templates")}
    return sorted(found | {path for folder in folders for path in folder.glob("*") if path.is_file()})


def _parts(roots: Iterable[Part]) -> dict[Part, str]:
    """Return the code of functions: of each with all that it uses of its file, and of what it uses of files beside."""
    found: dict[Part, str] = {}
    waiting = list(roots)
    while waiting:
        path, name = waiting.pop()
        if (path, name) not in found:
            found[path, name] = code = _part(path, name)
            for module, members in _statements(code):
                beside = path.with_name(f"{module}.py")
                if "." not in module and beside.is_file():
                    waiting += [(beside, member) for member in members]
    return found


def _part(path: Path, name: str) -> str:
    """Return the code of a file that defines one name and what this uses, and its bare statements; in their order."""
    statements = _top_level(path)
    needed = {k for k, (_, defined, _) in enumerate(statements) if not defined}
    waiting = {name, *(used for k in needed for used in statements[k][2])}
    known: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        known.add(wanted)
        for k, (_, defined, used) in enumerate(statements):
            if wanted in defined:
                needed.add(k)
                waiting |= used - known
    return "\n".join(code for k, (code, _, _) in enumerate(statements) if k in needed)


@cache
def _top_level(path: Path) -> list[tuple[str, list[str], set[str]]]:
    """Return the statements of a file: the code, the names that it defines and those that it uses.

    Each imported name is a statement. A docstring and imports for the type checker are left out.
    """
    text = _content(path).decode()
    lines = text.splitlines()
    statements: list[tuple[str, list[str], set[str]]] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                code = ast.unparse(ast.ImportFrom(module=node.module, names=[alias], level=node.level))
                statements.append((code, [alias.asname or alias.name], set()))
        elif not _is_inert(node):
            first = min(part.lineno for part in (node, *getattr(node, "decorator_list", ())))
            used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            statements.append(("\n".join(lines[first - 1 : node.end_lineno]), _defined(node), used))
    return statements


def _is_inert(node: ast.stmt) -> bool:
    """Return whether a statement is a docstring, or holds imports for the type checker."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


def _defined(node: ast.stmt) -> list[str]:
    """Return the names that a statement at the top of a file defines."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Import():
            return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        case ast.Assign():
            return [used.id for target in node.targets for used in ast.walk(target) if isinstance(used, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


@cache
def _imported(code: str, library: Path) -> tuple[Path, ...]:
    """Return the files of the library that code imports, with the packages that hold them."""
    names: set[str] = set()
    candidates = []
    for module, members in _statements(code):
        if module.split(".")[0] == library.name:
            names |= {module, *(f"{module}.{name}" for name in members)}
    for name in names:
        parts = name.split(".")[1:]
        if any(parts[: len(other)] == other for other in (path.split(".") for path in LEFT_OUT)):
            continue
        packages = [library.joinpath(*parts[:k]) / "__init__.py" for k in range(1, len(parts) + 1)]
        candidates += [library.joinpath(*parts).with_suffix(".py"), *packages]
    return tuple(path for path in candidates if path.is_file())


@cache
def _statements(code: str) -> list[tuple[str, list[str]]]:
    """Return what code imports by ``from`` when it runs: modules and names."""
    found = _imports(node for node in ast.parse(code).body if not _is_inert(node))
    return [(node.module, [name.name for name in node.names]) for node in found if node.module]


def _imports(statements: Iterable[Any]) -> Iterator[ast.ImportFrom]:
    """Yield the imports by ``from`` among statements and inside them."""
    for node in statements:
        if isinstance(node, ast.ImportFrom):
            yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _imports(getattr(node, block, ()))
