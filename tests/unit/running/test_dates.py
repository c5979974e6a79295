"""Dates of results survive a copy; those of changed files do not come back."""

import os
from pathlib import Path

import pytest

from encluster.running.dates import note_dates, restore_dates

DATE = 1_700_000_000_123_456_789


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return results that were made one after the other, and noted."""
    for k, name in enumerate(("halos.ecsv", "mocks/mocks.h5", "benchmarks/mocks.tsv", "logs/mocks.log", ".mark")):
        path = tmp_path / "results" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content {k}")
        os.utime(path, ns=(DATE + k, DATE + k))
    note_dates(tmp_path / "results")
    return tmp_path / "results"


def scattered(folder: Path) -> None:
    """Give all files new dates, the last file the oldest."""
    for k, path in enumerate(sorted(folder.rglob("*"), reverse=True)):
        os.utime(path, ns=(2 * DATE + k, 2 * DATE + k))


def dates(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns - DATE for path in folder.rglob("*") if path.is_file()}


def test_dates_come_back_to_the_nanosecond(folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "elsewhere")
    scattered(tmp_path / "elsewhere")
    assert restore_dates(tmp_path / "elsewhere") == 3
    found = dates(tmp_path / "elsewhere")
    assert (found["halos.ecsv"], found["mocks.h5"], found["mocks.tsv"]) == (0, 1, 2)
    assert found["mocks.log"] > 10**9  # no result
    assert found[".mark"] > 10**9
    assert restore_dates(tmp_path / "elsewhere") == 0


@pytest.mark.parametrize("content", ["content X", "content 0 and more"])
def test_a_changed_file_keeps_its_new_date(folder: Path, content: str) -> None:
    (folder / "halos.ecsv").write_text(content)
    scattered(folder)
    assert restore_dates(folder) == 2
    assert dates(folder)["halos.ecsv"] > 10**9


def test_a_result_that_is_made_again_is_noted_again(folder: Path) -> None:
    (folder / "halos.ecsv").write_text("content X")
    os.utime(folder / "halos.ecsv", ns=(DATE + 7, DATE + 7))
    (folder / "mocks/mocks.h5").unlink()
    note_dates(folder)
    scattered(folder)
    assert restore_dates(folder) == 2
    assert dates(folder)["halos.ecsv"] == 7


def test_results_inside_are_left_to_their_own_run(folder: Path) -> None:
    """The paper's results are in `results`, those of other configurations in folders below."""
    inner = folder / "laptop"
    (inner / "mocks").mkdir(parents=True)
    for name in ("config.yaml", "mocks/mocks.h5"):
        (inner / name).write_text("content")
    note_dates(folder)
    assert "laptop" not in (folder / ".dates.json").read_text()
    note_dates(inner)
    assert '"mocks/mocks.h5"' in (inner / ".dates.json").read_text()


@pytest.mark.parametrize("notes", [None, "", "{", "[]", '{"halos.ecsv": 3}', '{"halos.ecsv": [1, 2]}'])
def test_without_notes_dates_are_as_they_are(folder: Path, notes: str | None) -> None:
    (folder / ".dates.json").unlink()
    if notes is not None:
        (folder / ".dates.json").write_text(notes)
    before = dates(folder)
    assert restore_dates(folder) == 0
    assert dates(folder) == before


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    note_dates(tmp_path / "none")
    assert restore_dates(tmp_path / "none") == 0
    assert list(tmp_path.iterdir()) == []
