"""Earlier results survive a run that fails, and are not taken for new ones."""

from pathlib import Path

import pytest

from encluster import keeping


@pytest.fixture
def results(tmp_path: Path) -> Path:
    for name in ("fig01.csv", "mocks/mocks.h5", "logs/x.log", "checkpoints/standard/checkpoint.npz"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_what_a_failed_run_deleted_is_given_back_as_out_of_date(results: Path) -> None:
    keeping.keep(results)
    (results / "mocks/mocks.h5").unlink()
    (results / "fig01.csv").unlink()
    (results / "fig01.csv").write_text("made anew before the failure")
    assert keeping.restore(results) == [results / "mocks/mocks.h5"]
    assert (results / "mocks/mocks.h5").read_text() == "mocks/mocks.h5"
    assert (results / "mocks/mocks.h5").stat().st_mtime == 1
    assert (results / "fig01.csv").read_text() == "made anew before the failure"
    assert not (results / ".kept").exists()


def test_what_a_killed_run_deleted_is_not_lost_to_the_next_one(results: Path) -> None:
    keeping.keep(results)
    (results / "fig01.csv").unlink()  # and here the machine goes down
    keeping.keep(results)
    (results / "fig01.csv").unlink()
    assert keeping.restore(results) == [results / "fig01.csv"]
    assert (results / "fig01.csv").read_text() == "fig01.csv"


def test_a_file_system_without_links_gets_copies(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refuse)
    keeping.keep(results)
    (results / "fig01.csv").unlink()
    assert keeping.restore(results) == [results / "fig01.csv"]


def test_logs_and_checkpoints_stay_out_of_it(results: Path) -> None:
    keeping.keep(results)
    kept = {str(path.relative_to(results / ".kept")) for path in (results / ".kept").rglob("*") if path.is_file()}
    assert kept == {"fig01.csv", "mocks/mocks.h5"}
    keeping.forget(results)
    assert not (results / ".kept").exists()
