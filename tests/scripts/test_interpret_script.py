"""The command that looks into a network: what it writes, and what it says of files that do not belong together."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.leave_one_out import leave_one_out
from encluster.network.architecture import TINY
from encluster.network.feature_set import FeatureSet
from encluster.network.inputs import build_features
from encluster.network.model import build, predict, terse_values
from factories import RADII, made_up_mocks
from harness import command

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("interpret")
    mocks = made_up_mocks()
    mocks.write(folder / "mocks.h5")
    features_of(mocks).write(folder / "features.h5")
    (folder / "network").mkdir()
    build(TINY, seed=4).save(folder / "network/model.keras")
    return folder


def features_of(mocks: ClusterCatalogs) -> FeatureSet:
    return build_features(mocks, seed=1, fractions=(0.6, 0.2, 0.2))


def run(folder: Path, output: Path, features: Path | None = None) -> subprocess.CompletedProcess[str]:
    given = ["--model", folder / "network/model.keras", "--mocks", folder / "mocks.h5"]
    given += ["--features", features or folder / "features.h5"]
    return command("interpret", *given, "--threads", 1, "--output", output)


def test_a_row_for_each_cluster_of_the_testing_catalogs(folder: Path, tmp_path: Path) -> None:
    done = run(folder, tmp_path / "looked.h5")
    assert done.returncode == 0, done.stderr
    assert "4 testing catalogs" in done.stdout
    assert "leave one out" in done.stdout
    assert "integrated gradients" in done.stdout
    found = ClusterCatalogs.read(tmp_path / "looked.h5", "interpretation")
    assert {name: found.attributes[name] for name in ("source", "model", "variant")} == {
        "source": "made up",
        "model": "network",
        "variant": "standard",
    }
    mocks = made_up_mocks()
    features, model = features_of(mocks), build(TINY, seed=4)
    testing = features.indices(2)
    np.testing.assert_array_equal(found.catalog("catalog"), testing)
    np.testing.assert_array_equal(found.catalog("sigma8"), mocks.catalog("sigma8")[testing])
    np.testing.assert_allclose(found.catalog("sigma8_predicted"), predict(model, features, testing), rtol=1e-5)
    np.testing.assert_allclose(found["sigma8_one_out"], leave_one_out(model, features, testing), rtol=1e-5)
    assert found["saliency"].shape == (found.offset[-1], 15)
    gradients, baseline = found.clusters["integrated_gradients"], found.attributes["integrated_gradients_baseline"]
    assert gradients.quantities == features.clusters["matrix"].quantities
    np.testing.assert_array_equal(gradients.of("gamma").radii, RADII)
    training = features.select(features.indices(0)).matrix
    np.testing.assert_allclose(baseline, np.median(training, axis=0), rtol=1e-6)
    rise = found["terse"] - terse_values(model, baseline[None])
    missed = np.abs(gradients.values.sum(axis=1) - rise).max() / found["terse"].std()
    assert found.attributes["integrated_gradients_violation"] == pytest.approx(missed, rel=0.05, abs=1e-5)
    assert np.ptp(rise) > 0.01
    assert found.clusters["saliency"].quantities == features.clusters["matrix"].quantities
    np.testing.assert_array_equal(found.clusters["saliency"].of("gamma").radii, RADII)
    for place, catalog in enumerate(testing):
        theirs = slice(*mocks.offset[catalog : catalog + 2])
        own = slice(*found.offset[place : place + 2])
        order = np.argsort(mocks["log_lx"][theirs])
        for name in ("log_lx", "log_m500c", "log_m_wl", "log_m_gas", "log_temperature"):
            np.testing.assert_array_equal(found[name][own], mocks[name][theirs][order], name)
        np.testing.assert_array_equal(found["cluster"][own], np.arange(theirs.start, theirs.stop)[order])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (lambda f: f.with_columns(cluster=f.cluster + 1000), "row 0 is cluster 1"),
        (lambda f: f.with_columns(cluster=f.cluster[::-1]), "was made from other mock catalogs"),
        (lambda f: replace(f, attributes={**f.attributes, "source": "another"}), "was made from 'another'"),
        (lambda f: f.with_columns(matrix=f.matrix[:, :5]), "matrix has 5 columns"),
    ],
    ids=["cluster out of range", "cluster of another catalog", "source", "width"],
)
def test_files_that_do_not_belong_together_are_one_line(
    folder: Path, tmp_path: Path, changed: Callable[[FeatureSet], FeatureSet], message: str
) -> None:
    changed(features_of(made_up_mocks())).write(tmp_path / "features.h5")
    done = run(folder, tmp_path / "looked.h5", tmp_path / "features.h5")
    assert done.returncode == 1
    # TensorFlow may say something about its build before
    said = done.stderr.splitlines()[-1]
    assert said.startswith("error: ")
    assert message in said
    assert not (tmp_path / "looked.h5").exists()
