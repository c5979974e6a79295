"""The script for GPUs at reduced size, with the repository, Keras, JAX, pydantic, PyYAML and what these bring."""

import csv
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encluster.cosmology import Cosmology, mass_function
from encluster.running.configuration import Configuration
from encluster.training.recipes import training_spec
from harness import command, overlay

pytest.importorskip("jax")
ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks/gpu_training.py"
MISSING = ("astropy", "colossus", "jsonschema", "matplotlib", "pandas", "snakemake", "tensorflow")
RUN = f"""
import runpy, sys
sys.modules.update(dict.fromkeys({MISSING}))
runpy.run_path({str(SCRIPT)!r}, run_name="__main__")
"""
TINY = ("--network", "tiny", "--catalogs", "60", "--precision", "float32")


def _run(*options: str) -> str:
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", RUN, *TINY, *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open() as stream:
        return list(csv.DictReader(stream))


def test_it_stops_resumes_and_writes_what_figures_read(tmp_path: Path) -> None:
    options = [
        "--epochs",
        "3",
        "--checkpoint",
        str(tmp_path / "checkpoint"),
        "--output",
        str(tmp_path / "out/models/standard"),
    ]
    options += ["--table", str(tmp_path / "table.csv")]
    said = _run(*options, "--minutes", "0")
    assert "stopped after epoch 1 of 3" in said
    assert not (tmp_path / "out").exists()
    said = _run(*options)
    assert "resuming after epoch 1" in said
    for name in ("catalogs per second: ", "share of products: ", "memory gb: ", "minutes per 5000 epochs: "):
        assert name in said
    assert [row["epoch"] for row in _rows(tmp_path / "out/models/standard/history.csv")] == ["1", "2", "3"]
    predictions = _rows(tmp_path / "out/models/standard/predictions.csv")
    assert [row["split"] for row in predictions] == ["validation"] * 6 + ["testing"] * 6
    provenance = json.loads((tmp_path / "out/models/standard/provenance.json").read_text())
    assert provenance["resumed_from_epoch"] == 1
    assert provenance["delta_sigma8"]["n"] == 6
    assert "polynomial in place of COLOSSUS" in provenance["features"]["made_from"]
    assert len(provenance["commit"]) in (7, 40)
    assert not list((tmp_path / "checkpoint").iterdir())
    assert not (tmp_path / "table.csv").exists(), "a demonstration is no measurement"
    for target in ("fig07", "fig08"):
        config = overlay(tmp_path / "reference.yaml", results=str(tmp_path / "out"), models={"standard": {"seeds": 1}})
        done = command("reduce", "--config", config, "--target", target, "--output", tmp_path / f"{target}.csv")
        assert done.returncode == 0, done.stderr
        assert _rows(tmp_path / f"{target}.csv")


def test_seeds_side_by_side_in_batches_of_equal_numbers(tmp_path: Path) -> None:
    options = ("--variant", "prescriptive", "--batches", "identical", "--epochs", "1", "--seeds", "2")
    said = _run(*options, "--output", str(tmp_path))
    assert "seed 2: epoch 1 selected" in said
    assert [(row["seed"], row["epoch"]) for row in _rows(tmp_path / "history.csv")] == [("1", "1"), ("2", "1")]
    provenance = json.loads((tmp_path / "provenance.json").read_text())
    assert [own["seed"] for own in provenance["seeds"]] == [1, 2]
    assert provenance["features"]["variant"] == "prescriptive"


@pytest.fixture(scope="module")
def bare_mocks() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "benchmarks/bare_mocks.py"))


@pytest.mark.parametrize("variant", ["standard", "prescriptive"])
def test_its_training_is_that_of_the_configuration(variant: str) -> None:
    code = f"import sys; sys.argv = ['x', '--variant', {variant!r}, '--precision', 'float32']; import json, runpy; "
    code += f"s = runpy.run_path({str(SCRIPT)!r}); print(json.dumps(s['_settings'](s['_arguments']())))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours, theirs = training_spec(json.loads(done.stdout)), Configuration().training_of(variant)
    assert ours.architecture == theirs.architecture
    assert {**ours.as_dict()["training"], "threads": 8} == theirs.as_dict()["training"]


def test_the_polynomial_is_the_mass_function(bare_mocks: dict[str, Any]) -> None:
    colossus = bare_mocks["_Colossus"]()
    log_m = np.arange(13.6, 15.9, 0.01)
    compared = 0
    for sigma8 in (0.70, 0.78, 0.809, 0.86, 0.92):
        expected = mass_function(Cosmology(sigma8=sigma8), log_m, 0.07)
        colossus.setCosmology("", {"sigma8": sigma8}, persistence="")
        found = colossus.massFunction(10**log_m, 0.07) * np.log(10)
        there = 352.0**3 * 0.01 * expected > 0.01
        np.testing.assert_allclose(found[there], expected[there], rtol=0.0065)
        compared += there.sum()
        assert 352.0**3 * 0.01 * found[~there].sum() < 0.1
    assert compared > 600
