"""The command that trains: its four outputs, and what it does with bad input."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from encluster.files import sha256
from encluster.network.inputs import TESTING, TRAINING, FeatureSet
from encluster.training.recipes import spec_from_settings

SCRIPT = Path(__file__).parents[2] / "workflow/scripts/train.py"
OUTPUTS = {
    "model": "model.keras",
    "history": "history.csv",
    "predictions": "predictions.csv",
    "provenance": "provenance.json",
}
SPEC = {"seed": 1, "architecture": {"size": "tiny"}, "training": {"recipe": "modern", "epochs": 2, "threads": 1}}


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


def _run(features: Path, folder: Path, spec: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--features", str(features), "--checkpoint", str(folder / "checkpoint")]
    command += ["--spec", spec if isinstance(spec, str) else json.dumps(spec)]
    for name, file in OUTPUTS.items():
        command += [f"--{name}", str(folder / file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open() as stream:
        return list(csv.DictReader(stream))


def test_the_four_outputs(features: Path, tmp_path: Path) -> None:
    done = _run(features, tmp_path, SPEC)
    assert done.returncode == 0, done.stderr
    assert "Training the tiny network" in done.stdout
    assert "epoch 2/2" in done.stdout
    assert "Delta sigma8 = " in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*OUTPUTS.values(), "checkpoint"])
    assert not list((tmp_path / "checkpoint").iterdir()), "a finished training needs no checkpoint"

    rows = _rows(tmp_path / "history.csv")
    assert list(rows[0]) == ["epoch", "train_mse", "validation_mse", "train_mae", "learning_rate", "seconds"]
    assert [row["epoch"] for row in rows] == ["1", "2"]
    predictions = _rows(tmp_path / "predictions.csv")
    assert list(predictions[0]) == ["catalog", "split", "sigma8_true", "sigma8_predicted"]
    assert [row["split"] for row in predictions] == ["validation"] * 10 + ["testing"] * 10
    testing = [row for row in predictions if row["split"] == "testing"]
    split = FeatureSet.read(features, "features").split
    assert all(split[int(row["catalog"])] == 2 for row in testing)

    provenance = json.loads((tmp_path / "provenance.json").read_text())
    errors = [float(row["sigma8_predicted"]) - float(row["sigma8_true"]) for row in testing]
    assert provenance["delta_sigma8"]["value"] == pytest.approx(np.std(errors, ddof=1))
    assert provenance["delta_sigma8"]["error"] > 0
    spread = [np.std([float(row[name]) for row in testing]) for name in ("sigma8_predicted", "sigma8_true")]
    assert provenance["predicts_constant"] is bool(spread[0] < 0.01 * spread[1])
    assert ("the network predicts a constant" in done.stdout) is provenance["predicts_constant"]
    assert provenance["input"]["sha256"] == sha256(features)
    assert provenance["source"] == "made up"
    assert provenance["best_epoch"] == 1 + np.argmin([float(row["validation_mse"]) for row in rows])
    assert provenance["spec"] == json.loads(json.dumps(spec_from_settings(SPEC).as_dict()))
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
    done = _run(path, tmp_path, SPEC)
    assert done.returncode == 0, done.stderr
    provenance = json.loads((tmp_path / "provenance.json").read_text())
    assert provenance["predicts_constant"] is True
    lines = [line for line in done.stdout.splitlines() if "predicts a constant" in line]
    assert lines == [done.stdout.splitlines()[-1]]
    assert "vary by less than 1% of what their sigma8 does" in lines[0]
    # its scatter is that of the labels
    true = given.sigma8[given.indices(TESTING)]
    assert provenance["delta_sigma8"]["value"] == pytest.approx(np.std(true, ddof=1), rel=1e-3)


def test_a_testing_set_of_one_is_refused_before_the_training(features: Path, tmp_path: Path) -> None:
    given = FeatureSet.read(features, "features")
    split = given.split.copy()
    split[given.indices(TESTING)[1:]] = TRAINING
    path = tmp_path / "one.h5"
    given.with_columns(split=split).write(path)
    done = _run(path, tmp_path, SPEC)
    assert done.returncode == 1
    assert done.stderr == f"error: {path}: the testing set has 1 of 40 catalogs; Delta sigma8 needs 2\n"
    assert "Training" not in done.stdout


def test_networks_of_several_seeds(features: Path, tmp_path: Path) -> None:
    seeds = [1, 7]
    command = [sys.executable, str(SCRIPT), "--features", str(features), "--checkpoint", str(tmp_path / "checkpoint")]
    command += ["--spec", json.dumps(SPEC), "--seeds", *map(str, seeds)]
    for name, file in OUTPUTS.items():
        command += [f"--{name}", *(str(tmp_path / str(seed) / file) for seed in seeds)]
    for seed in seeds:
        (tmp_path / str(seed)).mkdir()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "epoch 2/2, mean of 2 seeds" in done.stdout
    found = [json.loads((tmp_path / str(seed) / "provenance.json").read_text()) for seed in seeds]
    assert [own["seed"] for own in found] == [own["spec"]["seed"] for own in found] == seeds
    assert [own["seeds_together"] for own in found] == [2, 2]
    assert found[0]["delta_sigma8"] != found[1]["delta_sigma8"]
    for seed in seeds:
        assert sorted(path.name for path in (tmp_path / str(seed)).iterdir()) == sorted(OUTPUTS.values())
    # one training less, and its outputs are one too many
    done = subprocess.run([*command, "--seeds", "1"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "error: --model: 2 files for 1 seeds\n"


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
        done = _run(features, tmp_path / folder, SPEC, HOME=home, KERAS_BACKEND=backend, **x64)
        assert done.returncode == 0, done.stderr
        # nor does Keras write one
        assert (tmp_path / folder / ".keras/keras.json").exists() is bool(content)
    plain, *others = (_rows(tmp_path / folder / "predictions.csv") for folder in ("plain", "odd", "wrong"))
    assert len({row["sigma8_predicted"] for row in plain}) > 10
    assert others == [plain, plain]
    losses = [
        [row["train_mse"] for row in _rows(tmp_path / name / "history.csv")] for name in ("plain", "odd", "wrong")
    ]
    assert losses == losses[:1] * 3


@pytest.mark.parametrize("backend", ["torch", "nonsense"])
def test_another_backend_is_one_line(features: Path, tmp_path: Path, backend: str) -> None:
    done = _run(features, tmp_path, SPEC, KERAS_BACKEND=backend)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: KERAS_BACKEND = '{backend}': must be tensorflow or jax")
    assert done.stderr.count("\n") == 1


def test_variables_that_change_numbers_are_written_down(features: Path, tmp_path: Path) -> None:
    done = _run(features, tmp_path, SPEC, TF_ENABLE_ONEDNN_OPTS="0", KERAS_BACKEND="tensorflow")
    assert done.returncode == 0, done.stderr
    provenance = json.loads((tmp_path / "provenance.json").read_text())
    assert provenance["environment"]["TF_ENABLE_ONEDNN_OPTS"] == "0"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({**SPEC, "training": {"recipe": "modrn"}}, "training.recipe = 'modrn': must be one of paper, modern"),
        ({**SPEC, "architecture": "large"}, "architecture.size = 'large': must be one of paper, compact, tiny"),
        ("{", "--spec: not valid JSON"),
        ("[]", "--spec: must be a JSON object"),
    ],
)
def test_a_bad_spec_is_one_line_and_loses_nothing(features: Path, tmp_path: Path, spec: object, message: str) -> None:
    for file in OUTPUTS.values():
        (tmp_path / file).write_text("an earlier result")
    done = _run(features, tmp_path, spec)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1
    assert all((tmp_path / file).read_text() == "an earlier result" for file in OUTPUTS.values())


def test_truncated_features_are_one_line(features: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.h5"
    broken.write_bytes(features.read_bytes()[:5000])
    done = _run(broken, tmp_path, SPEC)
    assert done.returncode == 1
    assert "broken.h5" in done.stderr
    assert done.stderr.count("\n") == 1
