"""The audit as a command, with tiny networks whose terse value is known: one column of their input."""

import json
import subprocess
from pathlib import Path

import h5py
import pytest

from column_networks import write_mocks, write_model
from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.network.inputs import build_features, fingerprint
from harness import command

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

N_CATALOGS = 600
TEMPERATURE, GAS_MASS = 0, 7  # columns of the Standard matrix: mass is in both, sigma8 in the temperature alone


@pytest.fixture(scope="module")
def mocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mocks(tmp_path_factory.mktemp("mocks") / "mocks.h5")


@pytest.fixture(scope="module")
def sound(mocks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "sound", mocks, GAS_MASS)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return command("audit_model", "--threads", 1, *arguments)


def test_a_sound_network_passes_on_its_testing_catalogs(sound: Path, mocks: Path, tmp_path: Path) -> None:
    output = tmp_path / "audits/sound.json"
    done = run("--model", sound, "--mocks", mocks, "--output", output)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("PASS: ")
    assert done.stdout.count("\n") == 1
    content = json.loads(output.read_text())
    assert content["sentence"] == done.stdout.strip()
    assert content["sentence"].endswith(f"; testing catalogs of {mocks}")
    # not a word of TensorFlow about its build or the machine
    assert done.stderr == ""
    assert content["verdict"] == "PASS"
    # each input that the network reads beside the terse value
    assert list(content["supplementary"]) == ["log_lx", "log_m_wl"]
    assert content["n_tests"] == 6
    assert content["r_squared"] < content["max_r_squared"] == 0.1
    assert content["n_catalogs"] == N_CATALOGS / 2
    assert content["rho_mass"]["rho"] > 0.9
    assert (content["model"], content["mocks"]) == (str(sound), str(mocks))
    assert (content["source"], content["variant"], content["catalogs"]) == ("made up", "standard", "testing")
    # the rows are those of the testing set: their masses, in their order
    catalogs = ClusterCatalogs.read(mocks, "mocks")
    recipe = json.loads((sound.parent / "provenance.json").read_text())["features"]
    assert recipe.pop("mocks") == fingerprint(catalogs)
    features = build_features(catalogs, **recipe)
    assert content["n_clusters"] == features.n_clusters[features.indices(2)].sum()


def test_a_leak_is_found_in_mocks_that_the_network_has_never_seen(mocks: Path, tmp_path: Path) -> None:
    model = write_model(tmp_path / "leaking", mocks, TEMPERATURE)
    new = write_mocks(tmp_path / "new.h5", n_catalogs=120, seed=8)
    done = run("--model", model, "--mocks", new, "--catalogs", "all", "--output", tmp_path / "leaking.json")
    # a verdict, whichever it is, is no error
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("FAIL: overspecialized (terse value); ")
    content = json.loads((tmp_path / "leaking.json").read_text())
    assert content["n_catalogs"] == 120
    assert content["leak"] > 0.2
    assert (content["verdict"], content["reason"], content["leaking"]) == ("FAIL", "overspecialized", ["terse value"])


def test_a_leak_by_a_supplementary_input_is_found(sound: Path, mocks: Path, tmp_path: Path) -> None:
    catalogs = ClusterCatalogs.read(write_mocks(tmp_path / "new.h5", n_catalogs=150, seed=8), "mocks")
    leaking = catalogs["log_m_wl"] + 1.5 * (catalogs.catalog("sigma8")[catalogs.owner] - 0.8)
    catalogs.with_columns(log_m_wl=leaking).write(tmp_path / "leaking.h5")
    done = run("--model", sound, "--mocks", tmp_path / "leaking.h5", "--catalogs", "all")
    assert done.stdout.startswith("FAIL: overspecialized (log_m_wl); "), done.stderr


def test_too_few_catalogs_are_undecided_and_the_numbers_null(sound: Path, tmp_path: Path) -> None:
    few = write_mocks(tmp_path / "few.h5", n_catalogs=12)
    done = run("--model", sound, "--mocks", few, "--catalogs", "all", "--output", tmp_path / "few.json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("UNDECIDED: too few catalogs: 12 catalogs with ")

    def no_json(name: str) -> None:
        raise AssertionError(name)

    content = json.loads((tmp_path / "few.json").read_text(), parse_constant=no_json)
    assert (content["verdict"], content["leak"], content["rho_mass"]["low"]) == ("UNDECIDED", None, None)
    assert content["supplementary"]["log_lx"]["r_squared"] is None
    assert content["max_leak"] == 0.02


def test_a_network_beside_a_strange_provenance_is_an_error(sound: Path, mocks: Path, tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_bytes(sound.read_bytes())
    provenance = json.loads((sound.parent / "provenance.json").read_text())
    provenance["features"]["variant"] = "prescriptive"
    files.write_json(tmp_path / "provenance.json", provenance)
    done = run("--model", tmp_path / "model.keras", "--mocks", mocks)
    assert done.returncode == 1
    assert "reads 15 numbers per cluster, but the variant 'prescriptive'" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: ")


def test_what_is_missing_is_said_before_the_network_is_loaded(sound: Path, mocks: Path, tmp_path: Path) -> None:
    def error(*arguments: object) -> str:
        done = run(*arguments)
        assert done.returncode == 1
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1
        assert not done.stdout
        return done.stderr

    alone = tmp_path / "model.keras"
    alone.write_bytes(sound.read_bytes())
    assert "provenance.json: no such file" in error("--model", alone, "--mocks", mocks)
    (tmp_path / "provenance.json").write_text("{}")
    assert "features.variant is missing" in error("--model", alone, "--mocks", mocks)
    assert "nowhere.keras: no such file" in error("--model", tmp_path / "nowhere.keras", "--mocks", mocks)
    # as an older version left it
    old = json.loads((sound.parent / "provenance.json").read_text())
    del old["features"]["mocks"]
    files.write_json(tmp_path / "provenance.json", old)
    assert "features.mocks is missing; train the network again" in error("--model", alone, "--mocks", mocks)
    few = write_mocks(tmp_path / "few.h5", n_catalogs=12)
    assert "few.h5: not the mocks that" in error("--model", sound, "--mocks", few)
    assert "use --catalogs testing" in error("--model", sound, "--mocks", mocks, "--catalogs", "all")
    same = write_mocks(tmp_path / "same.h5", one_sigma8=True)
    assert "all 600 catalogs have sigma8 = 0.8" in error("--model", sound, "--mocks", same, "--catalogs", "all")
    with h5py.File(few, "a") as file:
        del file["clusters/log_m500c"]
    assert "'clusters/log_m500c' is missing" in error("--model", sound, "--mocks", few)
