"""Earlier results stay until new ones replace them, whether a run fails, is killed, or another goes on beside it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness import COLUMNS, TINY, checksums, copied, edited, good, jobs, snakemake

FAIL = "\nraise ValueError('on purpose')\n"
SLEEP = "\nimport time\ntime.sleep({})\n"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the workflow in which Figure 1 and Table 2 were made from a list of sixty clusters."""
    folder = copied(tmp_path_factory.mktemp("finished"))
    good().to_csv(folder / "list.csv", index=False)
    (folder / "list.yaml").write_text(
        f"halos: {{source: table, path: list.csv, columns: {COLUMNS}}}\nxray: {{chunks: 2}}"
    )
    done = run(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(checksums(folder)) == 12
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """Return a copy of it, with files of the user's among the results."""
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-a", finished, copy], check=True)
    for name in ("thesis.tex", "halos/notes.txt", ".hidden", "halos/.scaling.json.partial-notes"):
        (copy / TINY / name).write_text(f"the user's {name}")
    return copy


def arguments(*given: str, targets: tuple[str, ...] = ("fig01", "tab02")) -> list[str]:
    return ["--cores", "1", "--configfile", "config/tiny.yaml", "list.yaml", *given, "--", *targets]


def run(folder: Path, *given: str, targets: tuple[str, ...] = ("fig01", "tab02")) -> subprocess.CompletedProcess[str]:
    return snakemake(folder, *arguments(*given, targets=targets))


def planned(folder: Path) -> set[str]:
    done = run(folder, "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    return set(jobs(done.stdout + done.stderr))


def start(folder: Path, *given: str, mark: str, targets: tuple[str, ...] = ("fig01", "tab02")) -> subprocess.Popen[str]:
    """Start a run and wait until a job has left its mark."""
    command = [sys.executable, "-m", "snakemake", *arguments(*given, targets=targets)]
    process = subprocess.Popen(
        command, cwd=folder, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    for _ in range(600):
        if (folder / TINY / mark).exists():
            return process
        time.sleep(0.1)
    process.kill()
    raise AssertionError(f"no job left {mark}: {process.communicate()[0]}")


def test_a_failed_job_leaves_the_earlier_results_and_is_repeated(folder: Path) -> None:
    before = checksums(folder)
    script = folder / "workflow/scripts/fit_scaling.py"
    good_code = edited(script, FAIL)
    failed = run(folder)
    said = failed.stdout + failed.stderr
    assert failed.returncode != 0
    assert "ValueError: on purpose" in said
    assert "what a failed job should have replaced counts as out of date" in said
    assert checksums(folder) == before
    # Snakemake has recorded the failed job as done with this code; it must not be taken for done
    assert {"fit_scaling", "reduce tab02", "draw tab02"} <= planned(folder)
    assert run(folder).returncode != 0
    assert "fit_scaling" in planned(folder)
    script.write_text(good_code)
    repaired = run(folder)
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert planned(folder) == set()
    assert checksums(folder) == before


def test_a_killed_run_leaves_the_earlier_results_and_is_repeated(folder: Path) -> None:
    before = checksums(folder)
    script = folder / "workflow/scripts/fit_scaling.py"
    good_code = edited(script, SLEEP.format(300))
    process = start(folder, mark="halos/.scaling.json.attempt")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert checksums(folder) == before
    # what the user deletes now does not come back
    (folder / TINY / "halos/notes.txt").unlink()
    del before[f"{TINY}/halos/notes.txt"]
    script.write_text(good_code)
    assert snakemake(folder, *arguments("--unlock")).returncode == 0
    assert "fit_scaling" in planned(folder)
    assert checksums(folder) == before  # a plan brings nothing back and removes nothing
    repaired = run(folder)
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert checksums(folder) == before
    assert planned(folder) == set()
    assert [path for path in (folder / ".snakemake/backups").rglob("*") if path.is_file()] == []


def test_a_killed_job_is_a_failed_one(folder: Path) -> None:
    """The command alone is killed, as where memory is short; all files of a table stand together."""
    before = checksums(folder)
    killed = "import os\nimport signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    edited(folder / "paper_figures/tab02.py", killed, function="draw")
    assert run(folder).returncode != 0
    assert checksums(folder) == before
    assert planned(folder) == {"draw tab02"}


def test_two_runs_on_other_targets_do_each_other_no_harm(folder: Path) -> None:
    before = checksums(folder)
    edited(folder / "paper_figures/tab02.py", SLEEP.format(12) + FAIL, function="draw")
    edited(folder / "paper_figures/fig01.py", "plt.rcParams['lines.linewidth'] = 3\n", function="draw")
    slow = start(folder, mark=".tab02.md.attempt", targets=("tab02",))
    quick = run(folder, targets=("fig01",))
    assert quick.returncode == 0, quick.stdout + quick.stderr
    assert slow.poll() is None
    said, _ = slow.communicate()
    assert slow.returncode != 0, said
    after = checksums(folder)
    assert {name for name in before if after[name] != before[name]} == {f"{TINY}/fig01.pdf", f"{TINY}/fig01.png"}
    assert after.keys() == before.keys()
    assert planned(folder) == {"draw tab02"}


def test_a_job_that_succeeds_at_a_second_attempt_is_done(folder: Path) -> None:
    """The cluster's profile tries again; the next run must not take that for a job that did not finish."""
    tried = "from pathlib import Path\ntried = Path('tried').exists()\nPath('tried').touch()\n"
    once = f"{tried}if not tried:\n    raise OSError('once')\n"
    edited(folder / "paper_figures/tab02.py", once, function="draw")
    done = run(folder, "--retries", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "tried").exists()
    assert planned(folder) == set()
