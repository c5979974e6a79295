"""Bad input stops the workflow with one line that says what is wrong, and leaves what was made before as it was."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from harness import COLUMNS, TINY, checksums, good, snakemake

Tiny = tuple[Path, subprocess.CompletedProcess[str]]


def with_value(column: str, value: float) -> Callable[[], pd.DataFrame]:
    def make() -> pd.DataFrame:
        table = good()
        table[column] = table[column].astype(float)
        table.loc[4, column] = value
        return table

    return make


def scaled(column: str, factor: float) -> Callable[[], pd.DataFrame]:
    return lambda: good().assign(**{column: good()[column] * factor})


CASES = {
    "not a number": (with_value("M", np.nan), "M", "row 5"),
    "negative": (with_value("T", -1.0), "T", "row 5"),
    "zero": (with_value("M", 0.0), "M", "row 5"),
    "unit off by 1e14": (scaled("M", 1e-14), "M", "1e14"),
    "too few": (lambda: good(49), "", "49 clusters"),
    "twice": (lambda: good().assign(id=[*range(59), 3]), "id", "both have the id 3"),
    "soft band": (scaled("L", 0.52), "", "soft band"),
    "a redshift that is not mapped": (lambda: good().assign(z=0.3), "z", "redshift: fixed"),
    "nothing light": (lambda: good(lightest=14.2), "", "survey.m_min is 10^13.60"),
    "another name": (lambda: good().rename(columns={"T": "Temp"}), "T", "Temp"),
}


def run(folder: Path, *settings: str) -> str:
    done = snakemake(folder, "--cores", "2", "--configfile", "config/tiny.yaml", "--config", *settings, "--", "all")
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize("case", CASES)
def test_a_bad_list_stops_before_anything_is_touched(tiny: Tiny, case: str, tmp_path: Path) -> None:
    folder, _ = tiny
    make, column, hint = CASES[case]
    path = tmp_path / "list.csv"
    make().to_csv(path, index=False)
    before = checksums(folder)
    said = run(folder, f"halos={{source: table, path: {path}, columns: {COLUMNS}}}")
    errors = [line for line in said.splitlines() if "error:" in line]
    assert len(errors) == 1, said
    _, named, what = errors[0].partition("list.csv")
    assert named or case == "nothing light"
    what = what or errors[0]
    assert f"column {column!r}" in what or not column
    assert hint in what
    assert checksums(folder) == before
    assert len(before) > 30


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00v\x00{'descr'"])
def test_an_empty_or_truncated_list_is_named(tiny: Tiny, content: bytes, tmp_path: Path) -> None:
    folder, _ = tiny
    path = tmp_path / "list.npy"
    path.write_bytes(content)
    before = checksums(folder)
    said = run(folder, f"halos={{source: magneticum, path: {path}}}")
    assert len(re.findall(r"error: .*list\.npy: ", said)) == 1, said
    assert checksums(folder) == before


def test_a_results_folder_that_cannot_be_written_is_named(tiny: Tiny) -> None:
    folder, _ = tiny
    (folder / "blocked").write_text("a file where a folder should be")
    assert "results = 'blocked/results': blocked is a file" in run(folder, "results=blocked/results")
    # the kernel's own folder refuses even root
    assert re.search(r"error: /proc/self/results: cannot be written", run(folder, "results=/proc/self/results"))


def test_a_damaged_result_is_named_by_the_job_that_reads_it(tiny: Tiny, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny[0], folder)
    mocks = folder / TINY / "mocks/mocks.h5"
    mocks.write_bytes(mocks.read_bytes()[:2000])
    before = checksums(folder)
    said = run(folder, "seed=2021")
    assert re.search(r"^error: results/tiny/mocks/mocks\.h5: .*(truncated|damaged)", said, re.MULTILINE), said
    assert "what a failed job should have replaced counts as out of date" in said
    assert checksums(folder) == before
    # the earlier result is not taken for the new one
    dry = snakemake(folder, "-n", "--configfile", "config/tiny.yaml", "--", "all")
    assert re.search(r"^build_features +4$", dry.stdout, re.MULTILINE), dry.stdout


def test_a_missing_photon_list_is_named_before_anything_is_touched(tiny: Tiny) -> None:
    folder, _ = tiny
    before = checksums(folder)
    said = run(folder, "xray={photons: simput, simput: {pattern: 'lists/{id}.fits'}}")
    assert re.search(r"error: lists/\d+\.fits: no such file", said), said
    assert checksums(folder) == before
