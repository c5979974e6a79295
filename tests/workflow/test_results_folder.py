"""The folder of results: copies of it are up to date, and results of another configuration stay as they are."""

import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from encluster.running.configuration import Configuration
from harness import TINY, checksums, command, jobs, snakemake

Tiny = tuple[Path, subprocess.CompletedProcess[str]]


def call(folder: Path, *given: str, overlays: tuple[str, ...] = (), target: str = "all") -> str:
    """Return what a run with config/tiny.yaml says; with ``-n``, a plan."""
    done = snakemake(folder, *given, "--configfile", "config/tiny.yaml", *overlays, "--", target)
    if "-n" in given:
        assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def dates(folder: Path) -> dict[str, int]:
    made = [path for path in (folder / "results").rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in made}


@pytest.fixture
def copy(tiny: Tiny, tmp_path: Path) -> Path:
    """Return a copy of the folder in which everything was made, with the dates and with what Snakemake knows."""
    subprocess.run(["cp", "-a", tiny[0], tmp_path / "copy"], check=True)
    return tmp_path / "copy"


def test_a_copied_results_folder_is_up_to_date(copy: Path) -> None:
    subprocess.run(["cp", "-r", copy / TINY, copy / "results/other"], check=True)
    assert jobs(call(copy, "-n", "--config", "results=results/other")) == {}
    assert jobs(call(copy, "-n")) == {}


def test_a_project_copied_with_new_dates_is_up_to_date(copy: Path) -> None:
    shutil.rmtree(copy / ".snakemake")
    paths = [path for path in copy.rglob("*") if path.is_file()]
    random.Random(4).shuffle(paths)
    for k, path in enumerate(paths):
        os.utime(path, ns=(10**18 + k * 10**9,) * 2)
    assert jobs(call(copy, "-n")) == {}
    # without the notes, the same dates make it train again
    for k, path in enumerate(paths):
        os.utime(path, ns=(10**18 + k * 10**9,) * 2)
    (copy / TINY / ".dates.json").unlink()
    assert "train" in jobs(call(copy, "-n"))


def test_a_result_that_was_changed_by_hand_is_not_taken_for_the_old_one(copy: Path) -> None:
    scaling = copy / TINY / "halos/scaling.json"
    scaling.write_text(scaling.read_text().replace('"surrogate"', '"surrogat3"'))
    assert {"make_mocks", "reduce tab02"} <= jobs(call(copy, "-n")).keys()


def test_a_copy_under_another_configuration_is_noted(copy: Path) -> None:
    subprocess.run(["cp", "-r", copy / TINY, copy / "results/other"], check=True)
    said = call(copy, "-n", "--config", "results=results/other", "seed=5")
    assert "note: results/other was made with another configuration: seed = 5 (was 2021)\n" in said


def test_results_of_another_configuration_are_not_replaced(copy: Path) -> None:
    before, dated = checksums(copy), dates(copy)
    assert len(before) > 100
    said = call(copy, "--cores", "1", "--config", "seed=5")
    errors = [line for line in said.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1, said
    pattern = (
        r"error: results/tiny holds results of another configuration: seed = 5 \(was 2021\)\. (\d+) of its results"
        r" would be made again, in about [\d.]+ (s|min)\. To use what is there: snakemake --cores all --configfile"
        r" results/tiny/config\.yaml -- all\. To keep both, choose another folder: --config results=results/tiny_2\."
        r" To replace them: --config overwrite=true"
    )
    found = re.fullmatch(pattern, errors[0])
    assert found is not None, errors[0]
    assert 90 < int(found[1]) < 111
    assert "jobs on" not in said  # no banner
    assert "Finished jobid" not in said
    assert (checksums(copy), dates(copy)) == (before, dated)
    # each way out that it names
    with_what_is_there = snakemake(copy, "-n", "--configfile", f"{TINY}/config.yaml", "--", "all")
    assert jobs(with_what_is_there.stdout + with_what_is_there.stderr) == {}
    assert "train" in jobs(call(copy, "-n", "--config", "seed=5", "results=results/tiny_2"))
    (copy / "over.yaml").write_text("mocks: { neighbors: { window_dex: 0.2 } }")
    said = call(copy, "--cores", "1", overlays=("over.yaml",), target=f"{TINY}/fig03.csv")
    assert "mocks.neighbors.window_dex = 0.2 (was 0.1). 1 of its results" in said
    assert f"-- {TINY}/fig03.csv. To keep" in said
    said = call(copy, "--cores", "1", "--config", "overwrite=true", overlays=("over.yaml",), target=f"{TINY}/fig03.csv")
    assert "1 job on 1 core, about 2 s;" in said
    assert "1 of 1 steps (100%) done" in said
    assert checksums(copy)[f"{TINY}/fig03.csv"] != before[f"{TINY}/fig03.csv"]
    assert Configuration.read([copy / TINY / "config.yaml"]).mocks.neighbors.window_dex == 0.2


def test_what_is_only_added_is_allowed(copy: Path) -> None:
    for path in (copy / TINY).glob("fig03.*"):
        path.unlink()
    # the other results would no longer belong to config.yaml
    (copy / "over.yaml").write_text("mocks: { neighbors: { window_dex: 0.2 } }")
    before = checksums(copy)
    said = call(copy, "--cores", "1", overlays=("over.yaml",), target=f"{TINY}/fig03.csv")
    assert "mocks.neighbors.window_dex = 0.2 (was 0.1). 0 of its results would be made again" in said
    assert checksums(copy) == before
    (copy / "over.yaml").write_text("ensemble: { seeds: 11 }")
    said = call(copy, "--cores", "1", overlays=("over.yaml",), target=f"{TINY}/fig03.csv")
    assert "1 of 1 steps (100%) done" in said, said
    after = checksums(copy)
    assert after.keys() - before.keys() == {f"{TINY}/fig03.csv", f"{TINY}/fig03.columns.csv"}
    assert {name for name in before if after[name] != before[name]} == {f"{TINY}/config.yaml"}


def test_the_papers_run_does_not_touch_tiny_results(tiny: Tiny) -> None:
    folder, _ = tiny
    done = snakemake(folder, "-n", "--workflow-profile", "none", "--", "fig12")
    assert done.returncode == 0, done.stderr
    planned = jobs(done.stdout)
    assert (planned["draw fig12"], planned["observe"], planned["train"]) == (1, 32, 6)
    outputs = re.findall(r"^    output: (.*)$", done.stdout, re.MULTILINE)
    assert len(outputs) > 70
    assert [line for line in outputs if TINY in line] == []


def test_the_banner_names_what_is_trained_and_nothing_else(tiny: Tiny, copy: Path) -> None:
    _, done = tiny
    assert re.search(
        rf"^encluster: surrogate halos, 40 mock catalogs -> {TINY}; 110 jobs on 2 cores, about [\d.]+ (s|min);"
        r" all results take about \d+ MB\.$",
        done.stdout,
        re.MULTILINE,
    ), done.stdout
    models = "array_of_ones, no_wl, no_wl_2, prescriptive, shuffled, standard, standard_2"
    assert f"\n7 models to train: {models}. Training the tiny network (1,798 parameters) by the modern" in done.stdout
    (copy / TINY / "fig01.pdf").unlink()
    said = call(copy, "--cores", "1", target="fig01")
    assert f"-> {TINY}; 1 job on 1 core, about 2 s; all results take about" in said
    assert "to train" not in said
    assert "Training" not in said


def test_the_configuration_beside_the_results_is_the_whole_one(tiny: Tiny) -> None:
    folder, _ = tiny
    beside, given = folder / TINY / "config.yaml", folder / "config/tiny.yaml"
    assert len(beside.read_text().splitlines()) > 100
    assert len(given.read_text().splitlines()) < 30
    assert Configuration.read([beside]).model_dump() == Configuration.read([given]).model_dump()


@pytest.mark.parametrize("config", [f"{TINY}/config.yaml", "config/tiny.yaml"])
def test_a_command_run_by_hand_gives_the_same_bytes(tiny: Tiny, tmp_path: Path, config: str) -> None:
    results, output = tiny[0] / TINY, tmp_path / "made"
    halos = ("--config", tiny[0] / config, "--halos", results / "halos/halos.ecsv")
    profiles = ("--profiles", results / "xray/profiles.h5", "--scaling", results / "halos/scaling.json")
    for name, given, made in (
        ("fit_scaling", halos, "halos/scaling.json"),
        ("make_mocks", (*halos, *profiles, "--mocks", "smaller"), "mocks/smaller.h5"),
    ):
        done = command(name, *given, "--output", output)
        assert done.returncode == 0, done.stderr
        assert output.read_bytes() == (results / made).read_bytes(), made
