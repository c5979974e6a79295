"""What the file of a figure or table in paper_figures/ declares; read without running the file."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

_DECLARED = ("TITLE", "INPUTS", "COLUMNS", "CAPTION", "SETTINGS")


@dataclass(frozen=True, kw_only=True)
class FigureFile:
    """One file of paper_figures/: a figure, a table or a list of numbers.

    Parameters
    ----------
    name : str
        Target of the workflow, for example ``fig11``.
    title : str
        A few words, with TeX between dollar signs.
    inputs : Mapping of str to str
        Parameters of the file's `reduce`, and the files below the results folder that `reduce` reads. A placeholder,
        for example ``{standard}``, stands for several files; see
        `encluster.running.configuration.Configuration.placeholders`.
    columns : Mapping of str to tuple of str and str
        Unit and meaning of each column of the table that `reduce` returns.
    caption : str, optional
        Text with TeX between dollar signs; empty for what is not drawn.
    settings : tuple of str, optional
        Sections of the configuration that `reduce` reads.
    """

    name: str
    title: str
    inputs: Mapping[str, str]
    columns: Mapping[str, tuple[str, str]]
    caption: str = ""
    settings: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a file declares: TITLE, INPUTS, COLUMNS, and where it has them CAPTION and SETTINGS.

        Parameters
        ----------
        path : Path
            A Python file.

        Raises
        ------
        ValueError
            If a declaration is missing, or is not a literal.
        """
        declared: dict[str, Any] = {}
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                key = node.targets[0].id.lower()
                if node.targets[0].id in _DECLARED:
                    try:
                        declared[key] = ast.literal_eval(node.value)
                    except ValueError:
                        raise ValueError(f"{path}: {key.upper()} must be a literal") from None
        for key in ("title", "inputs", "columns"):
            if key not in declared:
                raise ValueError(f"{path}: declares no {key.upper()}")
        return cls(name=path.stem, **declared)

    @classmethod
    def read_all(cls, folder: Path) -> dict[str, Self]:
        """Return all files of a folder that declare INPUTS, by name; others hold what several figures share."""
        paths = (path for path in sorted(folder.glob("*.py")) if "\nINPUTS = " in path.read_text(encoding="utf-8"))
        return {path.stem: cls.read(path) for path in paths}

    def paths(self, placeholders: Mapping[str, Sequence[str]]) -> dict[str, str | dict[str, str]]:
        """Return `inputs`; one with a placeholder as a mapping from what stands for the placeholder to the path.

        Parameters
        ----------
        placeholders : Mapping of str to sequence of str
            What stands for each placeholder.

        Raises
        ------
        ValueError
            If a placeholder is not known.
        """
        found: dict[str, str | dict[str, str]] = {}
        for name, path in self.inputs.items():
            used = re.search(r"\{(\w+)\}", path)
            if used and used[1] not in placeholders:
                raise ValueError(f"{self.name}: {used[0]} is not known; there are {', '.join(placeholders)}")
            found[name] = {item: path.replace(used[0], item) for item in placeholders[used[1]]} if used else path
        return found

    def files(self, placeholders: Mapping[str, Sequence[str]]) -> list[str]:
        """Return all paths of `paths` in one list.

        Parameters
        ----------
        placeholders : Mapping of str to sequence of str
            What stands for each placeholder.
        """
        paths = self.paths(placeholders).values()
        return [path for item in paths for path in ([item] if isinstance(item, str) else item.values())]
