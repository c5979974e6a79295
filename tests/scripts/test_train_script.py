"""The command that trains: its four outputs, and what it does with bad input."""

import csv
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from encluster.files import sha256
from encluster.network.feature_set import FeatureSet
from encluster.network.split import TESTING, TRAINING
from encluster.running.configuration import Configuration
from harness import ROOT, SCRIPTS, command, failed, overlay

OUTPUTS = ("model.keras", "history.csv", "predictions.csv", "provenance.json")
SETTINGS = {
    "architecture": {"size": "tiny"},
    "training": {"recipe": "modern", "epochs": 2, "threads": 1},
    "models": {"prescriptive": {"training": {"learning_rate": 0.001}}},
    "ensemble": {"models": ["standard"], "seeds": 2},
}


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("features") / "standard.h5"
    rng = np.random.default_rng(0)
    sizes = rng.integers(5, 30, 40)
    label = rng.random(40).astype(np.float32)
    made = FeatureSet.made(
        matrix=rng.random((sizes.sum(), 15)).astype(np.float32),
        supplementary=rng.random((sizes.sum(), 2)).astype(np.float32),
        offset=np.concatenate([[0], np.cumsum(sizes)]),
        sigma8=0.7 + 0.22 * label.astype(np.float64),
        label=label,
        split=np.array([0, 0, 1, 2] * 10, np.uint8),
        cluster=np.arange(sizes.sum()),
        scaling={"sigma8": (0.70, 0.92)},
        source="made up",
    )
    made.write(path)
    return path


def _arguments(features: Path, folder: Path, settings: object) -> list[object]:
    """Return the options of a training whose files are made in FOLDER/standard."""
    config = folder / "mine.yaml"
    if isinstance(settings, dict):
        overlay(config, **settings)
    else:
        config.write_text(str(settings))
    given = ["--config", config, "--model", "standard", "--features", features]
    return [*given, "--checkpoint", folder / "checkpoint", "--output", folder]


def _run(
    features: Path, folder: Path, settings: object = SETTINGS, **environment: str
) -> subprocess.CompletedProcess[str]:
    return command("train", *_arguments(features, folder, settings), **environment)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open() as stream:
        return list(csv.DictReader(stream))


def test_the_four_outputs(features: Path, tmp_path: Path) -> None:
    done = _run(features, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Training the tiny network" in done.stdout
    assert "epoch 2/2" in done.stdout
    assert "Delta sigma8 = " in done.stdout
    made = tmp_path / "standard"
    assert sorted(path.name for path in made.iterdir()) == sorted(OUTPUTS)
    assert not list((tmp_path / "checkpoint").iterdir()), "a finished training needs no checkpoint"

    rows = _rows(made / "history.csv")
    assert list(rows[0]) == ["epoch", "train_mse", "validation_mse", "train_mae", "learning_rate", "seconds"]
    assert [row["epoch"] for row in rows] == ["1", "2"]
    predictions = _rows(made / "predictions.csv")
    assert list(predictions[0]) == ["catalog", "split", "sigma8_true", "sigma8_predicted"]
    assert [row["split"] for row in predictions] == ["validation"] * 10 + ["testing"] * 10
    testing = [row for row in predictions if row["split"] == "testing"]
    split = FeatureSet.read(features, "features").split
    assert all(split[int(row["catalog"])] == 2 for row in testing)

    provenance = json.loads((made / "provenance.json").read_text())
    errors = [float(row["sigma8_predicted"]) - float(row["sigma8_true"]) for row in testing]
    assert provenance["delta_sigma8"]["value"] == pytest.approx(np.std(errors, ddof=1))
    assert provenance["delta_sigma8"]["error"] > 0
    spread = [np.std([float(row[name]) for row in testing]) for name in ("sigma8_predicted", "sigma8_true")]
    assert provenance["predicts_constant"] is bool(spread[0] < 0.01 * spread[1])
    assert ("the network predicts a constant" in done.stdout) is provenance["predicts_constant"]
    assert provenance["input"]["sha256"] == sha256(features)
    assert provenance["source"] == "made up"
    assert provenance["best_epoch"] == 1 + np.argmin([float(row["validation_mse"]) for row in rows])
    spec = Configuration.read([tmp_path / "mine.yaml"]).training_of("standard")
    assert provenance["spec"] == json.loads(json.dumps(spec.as_dict()))
    for key in ("backend", "device", "seconds_wall", "seed", "versions", "parameters"):
        assert provenance[key], key


def test_a_network_that_predicts_a_constant_says_so(features: Path, tmp_path: Path) -> None:
    """Catalogs that differ in their label alone teach it nothing else."""
    given = FeatureSet.read(features, "features")
    alike = FeatureSet.made(
        matrix=np.full((120, 15), 0.5, np.float32),
        supplementary=np.full((120, 2), 0.5, np.float32),
        offset=np.arange(0, 121, 3),
        cluster=np.arange(120),
        **{name: given.catalog(name) for name in given.catalogs},
        scaling=given.scaling,
        source=given.source,
    )
    path = tmp_path / "alike.h5"
    alike.write(path)
    done = _run(path, tmp_path)
    assert done.returncode == 0, done.stderr
    provenance = json.loads((tmp_path / "standard/provenance.json").read_text())
    assert provenance["predicts_constant"] is True
    lines = [line for line in done.stdout.splitlines() if "predicts a constant" in line]
    assert lines == [done.stdout.splitlines()[-1]]
    assert "is below 1% of that of the true sigma8" in lines[0]
    # its scatter is that of the labels
    true = given.sigma8[given.indices(TESTING)]
    assert provenance["delta_sigma8"]["value"] == pytest.approx(np.std(true, ddof=1), rel=1e-3)


def test_a_testing_set_of_one_is_refused_before_the_training(features: Path, tmp_path: Path) -> None:
    given = FeatureSet.read(features, "features")
    split = given.split.copy()
    split[given.indices(TESTING)[1:]] = TRAINING
    path = tmp_path / "one.h5"
    given.with_columns(split=split).write(path)
    done = _run(path, tmp_path)
    failed(done, f"error: {path}: the testing set has 1 of 40 catalogs; Delta sigma8 needs 2\n")
    assert "Training" not in done.stdout


def test_networks_of_several_seeds(features: Path, tmp_path: Path) -> None:
    done = command("train", *_arguments(features, tmp_path, SETTINGS), "--together")
    assert done.returncode == 0, done.stderr
    assert "epoch 2/2, mean of 2 seeds" in done.stdout
    folders = [tmp_path / "standard", tmp_path / "standard_2"]
    found = [json.loads((folder / "provenance.json").read_text()) for folder in folders]
    assert [own["seed"] for own in found] == [own["spec"]["seed"] for own in found] == [1, 2]
    assert [own["seeds_together"] for own in found] == [2, 2]
    assert found[0]["delta_sigma8"] != found[1]["delta_sigma8"]
    for folder in folders:
        assert sorted(path.name for path in folder.iterdir()) == sorted(OUTPUTS)
    done = command("train", *_arguments(features, tmp_path, SETTINGS), "--model", "no_wl", "--together")
    failed(done, "error: --together: no_wl is not one of ensemble.models: standard\n")


LONG = {**SETTINGS, "training": {**SETTINGS["training"], "epochs": 300}}


def _command(features: Path, folder: Path, settings: object) -> list[str]:
    return [sys.executable, f"{SCRIPTS}/train.py", *map(str, _arguments(features, folder, settings))]


def _until(happened: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until a training is on its way."""
    while not happened():
        assert process.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.01)


def _assert_continues(features: Path, folder: Path, undisturbed: Path) -> None:
    """Run the same command again; its results are those of a training that nothing disturbed, bit by bit."""
    done = _run(features, folder, LONG)
    assert done.returncode == 0, done.stderr
    assert "resuming after epoch " in done.stdout
    ours, theirs = (_rows(path / "standard/history.csv") for path in (folder, undisturbed))
    for row in (*ours, *theirs):
        del row["seconds"]
    assert len(ours) == 300
    assert ours == theirs
    first, second = ((path / "standard/predictions.csv").read_bytes() for path in (folder, undisturbed))
    assert first == second
    assert not list((folder / "checkpoint").iterdir())


@pytest.fixture(scope="module")
def undisturbed(features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    done = _run(features, folder, LONG)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_loses_no_epoch(features: Path, tmp_path: Path, undisturbed: Path, number: signal.Signals) -> None:
    log = tmp_path / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(_command(features, tmp_path, LONG), stdout=stream, stderr=stream, text=True)
        _until(lambda: "epoch 5/" in log.read_text(), process)
        process.send_signal(number)
        assert process.wait(60) == 128 + number
    *_, before, last = log.read_text().splitlines()
    epoch = before.partition("/")[0].removeprefix("epoch ")
    assert last == f"stopped after epoch {epoch} of 300; run the same command to continue"
    assert "stopping after this epoch, with a checkpoint" in log.read_text()
    assert 5 <= int(epoch) < 300
    assert not (tmp_path / "standard").exists()
    _assert_continues(features, tmp_path, undisturbed)


def test_ctrl_c_in_a_terminal_loses_no_epoch(features: Path, tmp_path: Path, undisturbed: Path) -> None:
    """The terminal sends SIGINT to Snakemake, the shell and the training at once."""
    log = tmp_path / "log"
    shell = f"set -euo pipefail; {shlex.join(_command(features, tmp_path, LONG))} > {log} 2>&1"
    (tmp_path / "Snakefile").write_text(
        f"rule:\n    output: 'standard/model.keras'\n    shell: {shell.replace('{', '{{').replace('}', '}}')!r}\n"
    )
    call = [sys.executable, "-m", "snakemake", "--cores", "1"]
    process = subprocess.Popen(
        call, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    _until(lambda: log.exists() and "epoch 5/" in log.read_text(), process)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert "run the same command to continue" in log.read_text()
    _assert_continues(features, tmp_path, undisturbed)
    # so does the rule
    assert (ROOT / "rules/training.smk").read_text().count(" > {log:q} 2>&1") == 2


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_the_home_folder_changes_nothing(features: Path, tmp_path: Path, backend: str) -> None:
    """Neither keras.json, where Keras looks for it, nor a variable that makes numbers longer."""
    pytest.importorskip(backend)
    odd = {"floatx": "float64", "image_data_format": "channels_first", "epsilon": 0.1, "backend": "torch"}
    for folder, content in (("plain", None), ("odd", json.dumps(odd)), ("wrong", '{"floatx": "float128"}')):
        (tmp_path / folder / ".keras").mkdir(parents=True)
        if content:
            (tmp_path / folder / ".keras/keras.json").write_text(content)
        home = str(tmp_path / folder)
        x64 = {} if folder == "plain" else {"JAX_ENABLE_X64": "1", "KERAS_HOME": f"{home}/.keras"}
        done = _run(features, tmp_path / folder, HOME=home, KERAS_BACKEND=backend, **x64)
        assert done.returncode == 0, done.stderr
        # nor does Keras write one
        assert (tmp_path / folder / ".keras/keras.json").exists() is bool(content)
    plain, *others = (_rows(tmp_path / folder / "standard/predictions.csv") for folder in ("plain", "odd", "wrong"))
    assert len({row["sigma8_predicted"] for row in plain}) > 10
    assert others == [plain, plain]
    histories = [_rows(tmp_path / name / "standard/history.csv") for name in ("plain", "odd", "wrong")]
    losses = [[row["train_mse"] for row in rows] for rows in histories]
    assert losses == losses[:1] * 3


@pytest.mark.parametrize("backend", ["torch", "nonsense"])
def test_another_backend_is_one_line(features: Path, tmp_path: Path, backend: str) -> None:
    done = _run(features, tmp_path, KERAS_BACKEND=backend)
    failed(done, f"error: KERAS_BACKEND = '{backend}': must be tensorflow or jax")


def test_variables_that_change_numbers_are_written_down(features: Path, tmp_path: Path) -> None:
    done = _run(features, tmp_path, TF_ENABLE_ONEDNN_OPTS="0", KERAS_BACKEND="tensorflow")
    assert done.returncode == 0, done.stderr
    provenance = json.loads((tmp_path / "standard/provenance.json").read_text())
    assert provenance["environment"]["TF_ENABLE_ONEDNN_OPTS"] == "0"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"training": {"recipe": "modrn"}}, "training.recipe = 'modrn': must be one of paper, modern"),
        ({"architecture": {"size": "large"}}, "architecture.size = 'large': must be one of paper, compact, tiny"),
        ({"models": {"standard": {"training": {"epochs": 0}}}}, "models.standard: training.epochs = 0: must be at"),
        ("{", "not valid YAML"),
        ("[]", "must be a mapping of keys to values"),
    ],
)
def test_wrong_settings_are_one_line_and_lose_nothing(
    features: Path, tmp_path: Path, settings: object, message: str
) -> None:
    earlier = [tmp_path / "standard" / name for name in OUTPUTS]
    earlier[0].parent.mkdir()
    for path in earlier:
        path.write_text("an earlier result")
    failed(_run(features, tmp_path, settings), f"error: {tmp_path}/mine.yaml: {message}")
    assert all(path.read_text() == "an earlier result" for path in earlier)


def test_a_model_that_is_not_configured_is_named(features: Path, tmp_path: Path) -> None:
    done = command("train", *_arguments(features, tmp_path, SETTINGS), "--model", "fast")
    failed(done, "error: model 'fast' is not known; there are standard, shuffled, no_wl, array_of_ones, prescriptive")


def test_truncated_features_are_one_line(features: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.h5"
    broken.write_bytes(features.read_bytes()[:5000])
    failed(_run(broken, tmp_path), "broken.h5")
