"""An ensemble trained by one process (`ensemble.together`), or by one for each seed."""

import re
from pathlib import Path

import pytest

from harness import snakemake

OUTPUTS = ("model.keras", "history.csv", "predictions.csv", "provenance.json")
FOUR = ["standard", "standard_2", "standard_3", "no_wl"]


def _dry(folder: Path, setting: str, *targets: str) -> str:
    """Plan targets; nested settings must come from a file, as --config makes them text."""
    (folder / "together.yaml").write_text(f"ensemble: {{{setting}}}\n")
    done = snakemake(folder, "-n", "-p", "--quiet", "host", "--configfile", "together.yaml", "--", *targets)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("together", "train", "train_together"), [("false", "4", None), ("true", "1", "1")], ids=["apart", "together"]
)
def test_one_job_or_one_for_each_seed(workflow: Path, together: str, train: str, train_together: str | None) -> None:
    models = [f"results/models/{name}/model.keras" for name in FOUR]
    said = _dry(workflow, f"seeds: 3, together: {together}", *models)
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", said, re.MULTILINE))
    assert (jobs["train"], jobs.get("train_together")) == (train, train_together)


def test_the_one_job_makes_the_files_that_many_would(workflow: Path) -> None:
    setting = "seeds: 3, together: true, models: [standard, no_wl]"
    said = _dry(workflow, setting, "results/models/no_wl_3/history.csv")
    command = next(line for line in said.splitlines() if "train.py" in line)
    assert "--model no_wl --together " in command
    assert command.count("--output results/models ") == 1
    made = [f"results/models/no_wl{k}/{file}" for k in ("", "_2", "_3") for file in OUTPUTS]
    outputs = re.search(r"rule train_together:.*?output: (.*?)\n", said.replace(" (update)", ""), re.DOTALL)
    assert outputs is not None
    assert sorted(outputs[1].split(", ")) == sorted(made)


def test_without_a_gpu_no_training_waits_for_one(workflow: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    rule = _dry(workflow, "together: false", "results/models/standard/model.keras").partition("\nrule train:")[2]
    assert "results/models/standard/model.keras" in rule
    assert "gpu=1" not in rule


def test_together_is_true_or_false(workflow: Path) -> None:
    done = snakemake(workflow, "-n", "--config", "ensemble={together: perhaps}", "--", "all")
    assert done.returncode != 0
    assert "ensemble.together = 'perhaps': must be of type boolean" in done.stdout + done.stderr
