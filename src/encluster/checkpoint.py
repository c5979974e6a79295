"""Checkpoints of a training: one .npz file without pickles, replaced whole."""

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from encluster import storage


@dataclass(kw_only=True)
class Progress:
    """How far a training has come.

    Parameters
    ----------
    history : a row per finished epoch
    best : trainable variables of the epoch selected so far
    best_epoch : that epoch, 0 before there is one
    best_mse : its validation error
    """

    history: list[tuple[float, ...]] = field(default_factory=list)
    best: list[np.ndarray] = field(default_factory=list)
    best_epoch: int = 0
    best_mse: float = float("inf")


def save_checkpoint(path: Path, key: str, progress: Progress, state: Sequence[np.ndarray]) -> None:
    """Write progress and the state of all variables; `key` says what they belong to."""
    arrays = {f"best_{k:03d}": value for k, value in enumerate(progress.best)}
    arrays |= {f"state_{k:03d}": value for k, value in enumerate(state)}
    with storage.replacing(path) as temporary:
        np.savez(
            temporary,
            allow_pickle=False,
            key=_digest(key),
            history=np.array(progress.history, np.float64),
            selected=np.array([progress.best_epoch, progress.best_mse], np.float64),
            **arrays,
        )


def load_checkpoint(path: Path, key: str) -> tuple[Progress, list[np.ndarray]]:
    """Return progress and state.

    Raises
    ------
    ValueError : the file is damaged, or belongs to another input, configuration or backend
    """
    storage.require_file(path)
    try:
        # opened here, because np.load leaves a damaged file open
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in sorted(file.files)}
        if str(arrays["key"]) != _digest(key):
            raise ValueError("it belongs to another input, configuration or backend")
        epoch, mse = arrays["selected"]
        progress = Progress(
            history=[tuple(row) for row in arrays["history"].tolist()],
            best=[value for name, value in arrays.items() if name.startswith("best_")],
            best_epoch=int(epoch),
            best_mse=float(mse),
        )
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path}: this checkpoint cannot be used ({error})") from error
    return progress, [value for name, value in arrays.items() if name.startswith("state_")]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
