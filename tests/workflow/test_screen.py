"""What a run says on the screen, with the logger of profiles/default."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness import ROOT, copied, snakemake
from snakemake_logger_plugin_encluster import _Events

ASKED = ("--cores", "1", "--logger", "encluster", "--configfile", "config/tiny.yaml", "--")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("screen"))


def test_it_is_the_default() -> None:
    assert "logger: encluster" in (ROOT / "profiles/default/config.yaml").read_text()


def test_a_line_for_each_finished_job(folder: Path) -> None:
    done = snakemake(folder, *ASKED, "tab02")
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    finished = re.findall(r"^✓ ([\w ]+): (\S+)( and \d+ more)? \(\d+ s\)$", said, re.MULTILINE)
    assert finished == [
        ("make_halos", "results/tiny/halos/halos.ecsv", ""),
        ("fit_scaling", "results/tiny/halos/scaling.json", ""),
        ("reduce tab02", "results/tiny/tab02.csv", " and 1 more"),
        ("draw_table tab02", "results/tiny/tab02.md", " and 2 more"),
    ]
    assert "4 jobs on 1 core" in said
    for noise in ("Select jobs", "Execute 1 jobs", "Assuming unrestricted", "cuInit"):
        assert noise not in said


def test_a_failed_job_shows_the_last_line_of_its_log(folder: Path) -> None:
    (folder / "results/tiny/fig03.csv").mkdir(parents=True)
    done = snakemake(folder, *ASKED, "results/tiny/tab02.csv", "fig03")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert (
        "✗ draw_figure fig03: error: results/tiny/fig03.csv: not a file\n  log: results/tiny/logs/draw/fig03.log\n"
        in said
    )
    for noise in ("RuleException", "CalledProcessError", "Cannot restore", "set -euo pipefail"):
        assert noise not in said


def events(console: Console) -> _Events:
    made = object.__new__(_Events)
    made.console, made.jobs_info = console, {}
    return made


def test_the_last_line_of_each_running_training(tmp_path: Path) -> None:
    console = Console(file=io.StringIO(), width=100)
    shown = events(console)
    log = tmp_path / "train.log"
    log.write_text("Training the network\nepoch 3/30: validation MSE 0.02, 9 s left\n\n")
    job: dict[str, Any] = {"wildcards": {"model": "no_wl"}, "begun": 0.0, "log": [str(log)]}
    shown.jobs_info = {1: {**job, "rule": "train"}, 2: {**job, "rule": "interpret"}, 3: {"rule": "train", "log": []}}
    console.print(shown)
    assert console.file.getvalue().strip() == "train no_wl: epoch 3/30: validation MSE 0.02, 9 s left"
