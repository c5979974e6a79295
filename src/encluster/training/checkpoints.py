"""Checkpoints of a training: a folder of pieces that are small enough to be moved, without pickles, replaced whole.

`FOLDER/epoch_00120/` holds `piece_000.npz`, `piece_001.npz` ... Each says which training and epoch it belongs to, and
how many there are. A new one is written beside the old one and gets its name when it is complete.
"""

import hashlib
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

# the largest single array of the paper's network has 8.4 MB; one that is larger gets a piece of its own
PIECE_BYTES = 15_000_000
_UNFINISHED = ".unfinished"


@dataclass(kw_only=True)
class Progress:
    """How far the training of one model has come.

    Parameters
    ----------
    history : a row per finished epoch
    best_epoch : the epoch selected so far, 0 before there is one
    best_mse : its validation error
    """

    history: list[tuple[float, ...]] = field(default_factory=list)
    best_epoch: int = 0
    best_mse: float = float("inf")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """All that a training needs to go on, with one entry for each of its models.

    Parameters
    ----------
    progress : how far it has come
    state : every variable
    kept : trainable variables of the epoch selected so far
    """

    progress: Sequence[Progress]
    state: Sequence[Sequence[np.ndarray]]
    kept: Sequence[Sequence[np.ndarray]]


def save_checkpoint(folder: Path, key: str, checkpoint: Checkpoint) -> None:
    """Write a checkpoint in place of any earlier one in `folder`; `key` says what it belongs to."""
    epoch = len(checkpoint.progress[0].history)
    place, unfinished = folder / f"epoch_{epoch:05d}", folder / _UNFINISHED
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(parents=True)
    pieces = list(_pieces(_arrays(checkpoint)))
    for k, piece in enumerate(pieces):
        header = {"belongs_to": np.array(f"{_digest(key)} epoch {epoch}"), "pieces": np.array(len(pieces))}
        np.savez(unfinished / f"piece_{k:03d}.npz", allow_pickle=False, **header, **piece)
    earlier = _complete(folder)
    if place in earlier:  # from a training that is not to be resumed
        shutil.rmtree(place)
    unfinished.rename(place)
    for old in earlier:
        shutil.rmtree(old, ignore_errors=True)


def load_checkpoint(folder: Path, key: str) -> Checkpoint | None:
    """Return the last checkpoint in `folder`, or None if there is none.

    Raises
    ------
    ValueError : it is damaged, or belongs to another input, configuration or backend
    """
    found = _complete(folder)
    if not found:
        return None
    try:
        return _checkpoint(_read(found[-1], _digest(key)))
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{found[-1]}: this checkpoint cannot be used ({error})") from error


def remove_checkpoint(folder: Path) -> None:
    """Remove what a finished training needs no more."""
    for place in [*_complete(folder), folder / _UNFINISHED]:
        shutil.rmtree(place, ignore_errors=True)


def _complete(folder: Path) -> list[Path]:
    return sorted(folder.glob("epoch_*"), key=lambda path: (len(path.name), path.name))


def _arrays(checkpoint: Checkpoint) -> dict[str, np.ndarray]:
    """Return all that there is as named arrays: what, which model, which array."""
    arrays = {}
    for k, own in enumerate(checkpoint.progress):
        arrays[f"history {k}"] = np.array(own.history, np.float64)
        arrays[f"selected {k}"] = np.array([own.best_epoch, own.best_mse], np.float64)
        arrays |= {f"state {k} {i}": value for i, value in enumerate(checkpoint.state[k])}
        arrays |= {f"kept {k} {i}": value for i, value in enumerate(checkpoint.kept[k])}
    return arrays


def _checkpoint(arrays: Mapping[str, np.ndarray]) -> Checkpoint:
    progress: list[Progress] = []
    while (k := len(progress)) < 1 or f"history {k}" in arrays:
        epoch, mse = arrays[f"selected {k}"]
        history = [tuple(row) for row in arrays[f"history {k}"].tolist()]
        progress.append(Progress(history=history, best_epoch=int(epoch), best_mse=float(mse)))
    lists: dict[str, list[list[np.ndarray]]] = {}
    for name in ("state", "kept"):
        lists[name] = [list(_in_order(arrays, f"{name} {k}")) for k in range(len(progress))]
    return Checkpoint(progress=progress, **lists)


def _in_order(arrays: Mapping[str, np.ndarray], name: str) -> Iterator[np.ndarray]:
    number = sum(key.rpartition(" ")[0] == name for key in arrays)
    return (arrays[f"{name} {i}"] for i in range(number))


def _pieces(arrays: Mapping[str, np.ndarray]) -> Iterator[dict[str, np.ndarray]]:
    piece: dict[str, np.ndarray] = {}
    for name, value in arrays.items():
        if piece and sum(v.nbytes for v in piece.values()) + value.nbytes > PIECE_BYTES:
            yield piece
            piece = {}
        piece[name] = value
    yield piece


def _read(place: Path, digest: str) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    pieces = sorted(place.glob("piece_*.npz"))
    for path in pieces:
        # opened here, because np.load leaves a damaged file open
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays |= {name: file[name] for name in file.files}
        if str(arrays["belongs_to"]) != f"{digest} epoch {int(place.name.partition('_')[2])}":
            raise ValueError("it belongs to another input, configuration or backend")
        if int(arrays["pieces"]) != len(pieces):
            raise ValueError(f"{len(pieces)} pieces of {int(arrays['pieces'])} are there")
    if not pieces:
        raise ValueError("no piece of it is there")
    return arrays


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
