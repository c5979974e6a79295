"""The command that tests explanations, and the figures of its tables, with tiny networks."""

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fig_explanations
import fig_shapley
from encluster.interpretation.leave_one_out import leave_one_out
from encluster.network.architecture import TINY
from encluster.network.feature_set import FeatureSet
from encluster.network.inputs import build_features
from encluster.network.model import build, predict
from factories import made_up_mocks
from harness import command, drawn

# Keras reads TensorFlow's variables in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

CHANGES = {"all layers from the output", "one layer", "permuted labels", "other seed"}


def features() -> FeatureSet:
    return build_features(made_up_mocks(), seed=1, fractions=(0.6, 0.2, 0.2))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explanations")
    made_up_mocks().write(folder / "mocks.h5")
    features().write(folder / "features.h5")
    for seed in (4, 5, 6, 7):
        build(TINY, seed=seed).save(folder / f"{seed}.keras")
    return folder


def run(folder: Path, output: Path, *more: object, mocks: str = "mocks.h5") -> subprocess.CompletedProcess[str]:
    given = ["--model", folder / "4.keras", "--features", folder / "features.h5", "--mocks", folder / mocks]
    few = ["--draws", 2, "--catalogs", 3, "--shapley-catalogs", 2, "--permutations", 4, "--threads", 1]
    results = ["--output", output / "explanations.csv", "--shapley", output / "shapley.csv"]
    return command("check_explanations", *given, *few, *results, *more)


@pytest.fixture(scope="module")
def tables(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    output = tmp_path_factory.mktemp("tables")
    others = ["--permuted", folder / "5.keras", "--seeds-of", folder / "6.keras", folder / "7.keras"]
    done = run(folder, output, *others)
    assert done.returncode == 0, done.stderr
    assert "2 draws of random weights, 3 testing catalogs" in done.stdout
    return pd.read_csv(output / "explanations.csv"), pd.read_csv(output / "shapley.csv")


def test_every_change_of_every_method_is_in_the_table(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    table = tables[0]
    for _, part in table.groupby(["method", "values"]):
        assert set(part["change"]) == CHANGES
    assert table.groupby("change")["n"].unique().str[0].to_dict() == {
        "all layers from the output": 2,
        "one layer": 2,
        "permuted labels": 1,
        "other seed": 2,
    }
    assert table["similarity"].between(-1, 1).all()
    assert table["error"].isna().sum() == (table["change"] == "permuted labels").sum()


def test_the_shapley_table_has_leave_one_out_as_its_last_term(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    table, made, model = tables[1], features(), build(TINY, seed=4)
    catalogs = table["catalog"].unique()
    assert len(catalogs) == 2
    assert (made.split[catalogs] == 2).all()
    whole = predict(model, made, catalogs)
    expected = np.repeat(whole, made.n_clusters[catalogs]) - leave_one_out(model, made, catalogs)
    np.testing.assert_allclose(table["last_term"], expected, atol=1e-7)
    np.testing.assert_array_equal(table["cluster"], made.cluster[made.rows(catalogs)])
    np.testing.assert_allclose(table["log_m500c"], made_up_mocks()["log_m500c"][table["cluster"]], rtol=1e-6)
    sums = table.groupby("catalog", sort=False)[["shapley"]].sum()["shapley"]
    np.testing.assert_allclose(sums, whole - made.sigma8[made.split == 0].mean(), atol=1e-6)


def test_the_tables_are_drawn(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    without = tables[0][tables[0]["change"].str.contains("layer")]
    table = fig_explanations.reduce({"standard": tables[0], "no_wl": without})
    assert list(table) == list(fig_explanations.COLUMNS)
    figure = drawn(fig_explanations.draw, table)
    assert len(figure.axes) == 6
    assert [axes.get_title() for axes in figure.axes[:3]] == ["Saliency", "Integrated gradients", "Leave one out"]
    assert {text.get_text() for text in figure.legends[0].get_texts()} == (CHANGES - {"other seed"}) | {"other seeds"}
    # the band of the seeds, and the diamond, only where there are such networks
    assert [len(axes.patches) for axes in figure.axes] == [1, 1, 1, 0, 0, 0]
    assert [len(axes.containers) for axes in figure.axes] == [3, 3, 3, 2, 2, 2]

    shapley = fig_shapley.reduce(tables[1])
    assert list(shapley) == list(fig_shapley.COLUMNS)
    left, right, _ = drawn(fig_shapley.draw, shapley).axes
    offsets = np.asarray(left.collections[0].get_offsets())
    relative = shapley["shapley"] - shapley.groupby("catalog")["shapley"].transform("mean")
    np.testing.assert_allclose(offsets[:, 1], 1e3 * relative)
    assert "rank correlation" in right.get_title()


def test_mocks_of_other_catalogs_are_one_line(folder: Path, tmp_path: Path) -> None:
    made_up_mocks(1).write(folder / "other.h5")
    done = run(folder, tmp_path, mocks="other.h5")
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert said.startswith("error: ")
    assert "was made from other mock catalogs" in said
    assert not list(tmp_path.iterdir())
