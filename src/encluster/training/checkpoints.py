"""Checkpoints of a training: one file of plain arrays, replaced atomically, that identifies its training."""

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from encluster import files

FILE = "checkpoint.npz"  # in the folder of a training


@dataclass(kw_only=True)
class Progress:
    """Progress of the training of one model.

    Parameters
    ----------
    history : list of tuple of float
        A row for each finished epoch.
    best_epoch : int
        The epoch selected so far; 0 before the first selection.
    best_mse : float
        Validation error of this epoch.
    """

    history: list[tuple[float, ...]] = field(default_factory=list)
    best_epoch: int = 0
    best_mse: float = float("inf")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """All data that a training needs to continue, with one entry for each of its models.

    Parameters
    ----------
    progress : sequence of Progress
        Progress of each model.
    state : sequence of sequences of arrays
        All variables: weights, dropout generators, optimizer.
    kept : sequence of sequences of arrays
        Trainable variables of the epoch selected so far.
    """

    progress: Sequence[Progress]
    state: Sequence[Sequence[np.ndarray]]
    kept: Sequence[Sequence[np.ndarray]]


def save_checkpoint(folder: Path, key: str, checkpoint: Checkpoint) -> None:
    """Write a checkpoint and replace any earlier one.

    Parameters
    ----------
    folder : Path
        Folder of this training.
    key : str
        Identity of the training: backend, input, seeds and recipe.
    checkpoint : Checkpoint
        Data to write.

    Raises
    ------
    ValueError
        If the file cannot be written; an earlier checkpoint is then unchanged.
    """
    arrays = {"belongs_to": np.array(_digest(key))}
    for k, own in enumerate(checkpoint.progress):
        arrays[f"history {k}"] = np.array(own.history, np.float64)
        arrays[f"selected {k}"] = np.array([own.best_epoch, own.best_mse], np.float64)
        for name, values in (("state", checkpoint.state[k]), ("kept", checkpoint.kept[k])):
            arrays |= {f"{name} {k} {i}": value for i, value in enumerate(values)}
    with files.replacing(folder / FILE) as temporary:
        np.savez(temporary, allow_pickle=False, **arrays)


def load_checkpoint(folder: Path, key: str) -> Checkpoint | None:
    """Return the checkpoint of a training.

    Parameters
    ----------
    folder : Path
        Folder of this training.
    key : str
        Identity of the training, as in `save_checkpoint`.

    Returns
    -------
    Checkpoint or None
        None if there is no checkpoint.

    Raises
    ------
    ValueError
        If the checkpoint is damaged, or belongs to another input, configuration or backend.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        # opened here, because np.load leaves a damaged file open
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            if str(file["belongs_to"]) != _digest(key):
                raise ValueError("it belongs to another input, configuration or backend")
            return _checkpoint(file)
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path}: this checkpoint cannot be used ({error})") from error


def remove_checkpoint(folder: Path) -> None:
    """Remove the checkpoint of a finished training.

    Parameters
    ----------
    folder : Path
        Folder of this training.
    """
    (folder / FILE).unlink(missing_ok=True)


def _checkpoint(arrays: Mapping[str, np.ndarray]) -> Checkpoint:
    progress: list[Progress] = []
    lists: dict[str, list[list[np.ndarray]]] = {"state": [], "kept": []}
    while (k := len(progress)) < 1 or f"history {k}" in arrays:
        epoch, mse = arrays[f"selected {k}"]
        history = [tuple(row) for row in arrays[f"history {k}"].tolist()]
        progress.append(Progress(history=history, best_epoch=int(epoch), best_mse=float(mse)))
        for name, found in lists.items():
            number = sum(own.rpartition(" ")[0] == f"{name} {k}" for own in arrays)
            found.append([arrays[f"{name} {k} {i}"] for i in range(number)])
    return Checkpoint(progress=progress, **lists)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
