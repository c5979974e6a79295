"""What the file of a figure or table in paper_figures/ declares; read without running the file."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

_OF_MODELS = "{model}"
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
        Parameters of the file's `reduce`, and the files below the results folder that `reduce` reads. ``{model}`` in
        both stands for each model of the ensemble.
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

    def paths(self, ensemble: Sequence[str]) -> dict[str, str]:
        """Return `inputs`, with a row for each model of the ensemble in place of ``{model}``.

        Parameters
        ----------
        ensemble : sequence of str
            Names of models.
        """
        return {
            name.replace(_OF_MODELS, model): path.replace(_OF_MODELS, model)
            for name, path in self.inputs.items()
            for model in (ensemble if _OF_MODELS in name else [""])
        }
