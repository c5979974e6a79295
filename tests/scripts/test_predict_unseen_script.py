"""Predictions for other mock catalogs as a command, with a network whose input is scaled as in its training."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from column_networks import write_mocks, write_model
from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.network.inputs import build_features
from encluster.network.split import TESTING
from harness import command, failed

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


def test_testing_catalogs_are_predicted_with_the_scaling_of_the_training(tmp_path: Path) -> None:
    from encluster.network.model import load_model, predict

    trained, other = (write_mocks(tmp_path / f"{seed}.h5", n_catalogs=60, seed=seed) for seed in (0, 1))
    models = [write_model(tmp_path / name, trained, column) for name, column in (("standard", 0), ("standard_2", 7))]
    output = tmp_path / "predictions.csv"
    done = command("predict_unseen", "--models", *models, "--mocks", other, "--threads", 1, "--output", output)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(output)
    assert table["network"].unique().tolist() == ["standard", "standard_2"]
    assert set(table["source"]) == {"made up"}
    own = build_features(ClusterCatalogs.read(trained, "mocks"), seed=5, fractions=(0.4, 0.1, 0.5))
    features = build_features(ClusterCatalogs.read(other, "mocks"), **own.recipe)
    catalogs = features.indices(TESTING)
    for path in models:
        rows = table[table["network"] == path.parent.name]
        assert rows["catalog"].tolist() == catalogs.tolist()
        np.testing.assert_array_equal(rows["n_clusters"], features.n_clusters[catalogs])
        np.testing.assert_allclose(rows["sigma8_true"], features.sigma8[catalogs])
        expected = predict(load_model(path), features, catalogs)
        np.testing.assert_allclose(rows["sigma8_predicted"], expected, rtol=1e-5)
    # the scaling of the other mocks is another
    assert build_features(ClusterCatalogs.read(other, "mocks"), seed=5).scaling != features.scaling


def test_a_network_without_its_provenance_is_an_error(tmp_path: Path) -> None:
    mocks = write_mocks(tmp_path / "mocks.h5", n_catalogs=60)
    model = write_model(tmp_path / "standard", mocks, 0)
    provenance = model.parent / "provenance.json"
    arguments = ("--models", model, "--mocks", mocks, "--output", tmp_path / "out.csv")
    files.write_json(provenance, {"features": {"variant": "standard"}})
    done = command("predict_unseen", *arguments)
    failed(done, f"error: {provenance}: features.seed is missing; train the network again with this version\n")
    provenance.unlink()
    done = command("predict_unseen", *arguments)
    failed(done, f"error: {provenance}: no such file; the file of the training must be beside the network\n")
