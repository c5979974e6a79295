"""Tables 1 to 4, the ensemble and the numbers, from inputs whose answer is known."""

import importlib
from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ensemble
import factories as examples
import measured_numbers
import tab01
import tab02
import tab03
import tab04
from encluster.catalogs import ClusterCatalogs
from encluster.halos.scaling import TABLE2
from encluster.interpretation.saliency_profiles import summarize
from encluster.network.architecture import PAPER, SIZES
from encluster.network.feature_set import FeatureSet
from encluster.paper import numbers, typesetting
from encluster.paper.published import DELTA_SIGMA8, N_PARAMETERS
from factories import configuration, of_pixels, scaling_relations

SCALING = scaling_relations(relations={name: replace(law, scatter=0.12) for name, law in TABLE2.items()})


def printed(target: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return what is made of the CSV, as the command makes it; check that every form of it can be written."""
    module = importlib.import_module(target)
    assert list(table) == list(module.COLUMNS)
    drawn = module.draw(pd.read_csv(StringIO(table.to_csv(index=False)), keep_default_na=False))
    assert drawn.map(lambda cell: isinstance(cell, str)).all(axis=None)
    for form in (".md", ".tex", ".html"):
        assert len(typesetting.table_text(drawn, form, caption=module.CAPTION, label=target)) > 300
    return drawn


def test_tab01_has_the_range_of_each_property() -> None:
    shells = np.arange(21.0).reshape(3, 7)
    clusters = {name: np.array([-1.0, 0.5, 3.0]) for name in tab01.MOCK_COLUMNS.values()}
    of_catalogs = {"sigma_wl": np.array([0.1, 0.3]), "log_m_break": np.array([14.1, 14.3])}
    columns = {**clusters, **of_catalogs, "log_m_gas_shell": shells, "gamma": -shells}
    mocks = ClusterCatalogs.of("mocks", columns, offset=np.array([0, 1, 3]))
    table = tab01.reduce(mocks)
    found = table.set_index("property")[["minimum", "median", "maximum"]].T.to_dict("list")
    assert found["N_cluster"] == [1, 1.5, 2]
    assert found["T"] == [-1, 0.5, 3]
    assert found["M_gas(r)"] == [0, 10, 20]
    assert found["gamma(r)"] == [-20, -10, 0]
    assert found["sigma_WL"] == pytest.approx([0.1, 0.2, 0.3])
    rows = printed("tab01", table).set_index("Property")
    assert rows.loc[r"$N_\mathrm{cluster}$", ["Minimum", "Maximum"]].tolist() == ["$1$", "$2$"]
    assert rows.loc["$T$", "Minimum"] == "$-1.00$"
    assert rows.loc[r"$M_\mathrm{gas}$", "Used as"] == r"scales $M_\mathrm{gas}(r)$"
    outside = rows.reset_index().replace(r"\$[^$]*\$", "", regex=True).to_string()
    assert not [sign for sign in ("_", "500", "Msun", "1e44") if sign in outside]


def test_tab02_prints_the_papers_convention() -> None:
    """With the paper's own relations as input, ours and the published columns agree, and are what Table 2 prints."""
    table = tab02.reduce(SCALING)
    data = table.set_index("item")
    assert data["slope"].to_dict() == pytest.approx({"lx": 1.74, "temperature": 0.61, "m_gas": 1.16})
    assert data["log_x0"].to_dict() == pytest.approx({"lx": -24.81, "temperature": -8.25, "m_gas": -3.32})
    assert data["log_x0"].to_dict() == pytest.approx(data["log_x0_published"].to_dict())
    assert data.loc["lx", "log_x0_pivot"] == pytest.approx(0.246)
    rows = printed("tab02", table).set_index(["Item", "From"])
    assert list(rows.index) == [(item, name) for item in tab02.SYMBOLS.values() for name in ("run", "paper")]
    assert rows.loc[("$L_X$", "run"), "Slope"] == rf"$1.740 \pm {data.loc['lx', 'slope_err']:.3f}$"
    assert rows.loc[("$L_X$", "paper"), r"$\log_{10} X_0$"] == "$-24.81$"
    assert rows.loc[("$T$", "paper"), "Scatter [dex]"] == "$0.03$"


@pytest.mark.parametrize(
    ("overlay", "row", "size", "pooling"),
    [("laptop", {}, "compact", "mean"), ("laptop", {"size": "tiny", "pooling": "max"}, "tiny", "max")],
)
def test_tab03_has_the_trained_network_below_that_of_the_paper(
    overlay: str, row: dict[str, str], size: str, pooling: str
) -> None:
    config = configuration(overlay, models={"standard": {"architecture": row}})
    table = tab03.reduce(config.only(*tab03.SETTINGS))
    assert list(table["network"].unique()) == ["paper", "trained"]
    networks = {name: layers.set_index("layer") for name, layers in table.groupby("network")}
    paper, trained = networks["paper"], networks["trained"]
    assert paper.index[-1] == trained.index[-1] == "total"
    assert paper["parameters"].iloc[-1] == paper["parameters"].iloc[:-1].sum() == N_PARAMETERS.value
    assert trained["parameters"].iloc[-1] == SIZES[size].n_parameters() == n_trained(config)
    assert trained.loc["repeated network", "filters"].tolist() == [*SIZES[size].encoder, 1]
    assert paper.loc["repeated network", "filters"].tolist() == [*PAPER.encoder, 1]
    assert f"2x1 {pooling} pooling" in trained.index
    assert "2x1 mean pooling" in paper.index


def n_trained(config: Any) -> int:
    """Return the parameters of the network that the workflow trains."""
    return config.training_of("standard").architecture.n_parameters()


def test_tab03_labels_each_network_with_its_total() -> None:
    config = configuration("tiny")
    rows = printed("tab03", tab03.reduce(config.only(*tab03.SETTINGS)))
    totals = rows[rows["Layer"].isin(tab03.TOTALS.values())]
    assert totals["Layer"].tolist() == list(tab03.TOTALS.values())
    assert totals["Parameters"].tolist() == ["10,472,834", f"{n_trained(config):,}"]
    assert totals.index[0] == 0
    assert rows["Layer"].value_counts()["2D input"] == 2
    assert rows.loc[1, "Output shape"] == r"$N_\mathrm{cluster} \times 15 \times 1$"
    assert rows.loc[2].tolist() == [
        "repeated network",
        "2048",
        r"$N_\mathrm{cluster} \times 1 \times 2048$",
        "leaky ReLU",
        "25%",
        "32,768",
    ]
    assert r"$4 \times 1$ convolution" in set(rows["Layer"])


def test_tab03_shows_equal_networks_twice() -> None:
    table = tab03.reduce(configuration().only(*tab03.SETTINGS)).drop(columns="network")
    half = len(table) // 2
    pd.testing.assert_frame_equal(table[:half], table[half:].reset_index(drop=True))


def features_of(sigma8: np.ndarray, split: np.ndarray, number: np.ndarray) -> FeatureSet:
    n = int(number.sum())
    return FeatureSet.made(
        matrix=np.zeros((n, 15), np.float32),
        supplementary=np.zeros((n, 2), np.float32),
        offset=np.concatenate([[0], np.cumsum(number)]),
        cluster=np.arange(n),
        sigma8=sigma8,
        label=sigma8.astype(np.float32),
        split=split,
        scaling={"sigma8": (0.7, 0.92)},
        source="surrogate",
    )


def table4(
    sigma8: np.ndarray, split: np.ndarray, number: np.ndarray, unseen: dict[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return Table 4 of networks whose errors on eight test catalogs are alternately too high and too low."""
    error = np.tile([1.0, -1.0], 4)

    def predictions(width: float, bias: float = 0.002) -> pd.DataFrame:
        testing = {"split": "testing", "sigma8_true": 0.8, "sigma8_predicted": 0.8 + bias + width * error}
        validation = pd.DataFrame({"split": ["validation"], "sigma8_true": [0.8], "sigma8_predicted": [5.0]})
        return pd.concat([pd.DataFrame(testing), validation])

    networks = {name: {name: predictions(width)} for name, width in WIDTHS.items()}
    networks["no_wl"] |= {"no_wl_2": predictions(0.04, 0.004)}
    offset = np.concatenate([[0], np.cumsum(number)])
    return tab04.reduce(
        unseen=unseen or {},
        mocks=ClusterCatalogs.of("mocks", {}, offset=offset),
        features=features_of(sigma8, split, number),
        **networks,
    )


WIDTHS = {"standard": 0.02, "shuffled": 0.025, "no_wl": 0.03, "array_of_ones": 0.06, "prescriptive": 0.002}
OF_EIGHT = np.sqrt(8 / 7)  # standard deviation of four errors of +1 and four of -1


def test_tab04_maps_the_number_of_clusters() -> None:
    """sigma8 is 0.70 + N / 1000 in the training set; test catalogs are off by known amounts."""
    training, testing = np.repeat(np.arange(65, 155, 10), 3), np.array([75, 95, 95, 105, 105, 125])
    off = np.array([0.3, 0.01, -0.01, 0.03, -0.03, 0.3])
    number = np.concatenate([training, testing])
    sigma8 = 0.7 + number / 1000
    sigma8[len(training) :] -= off
    split = np.repeat(np.array([0, 2], np.uint8), [len(training), len(testing)])
    data = table4(sigma8, split, number).set_index("case")
    assert list(data.index) == list(tab04.CASES)
    for case, published in DELTA_SIGMA8.items():
        assert data.loc[case, ["published", "published_err"]].tolist() == [published.value, published.plus]
    assert data.loc["standard", "delta_sigma8"] == pytest.approx(0.02 * OF_EIGHT)
    assert data.loc["no_wl", ["delta_sigma8", "bias"]].tolist() == pytest.approx([0.035 * OF_EIGHT, 0.003])
    assert data.loc["no_wl", ["scatter", "bias_scatter"]].tolist() == pytest.approx(
        [0.01 * OF_EIGHT / np.sqrt(2), 0.002 / np.sqrt(2)]
    )
    assert data["networks"].to_dict() == {**dict.fromkeys(data.index, 1), "no_wl": 2, **dict.fromkeys(MAPPINGS, 0)}
    whole, near = data.loc["n_cluster_mapping"], data.loc["n_cluster_mapping_near_100"]
    assert (whole["n"], near["n"]) == (6, 4)
    assert whole["delta_sigma8"] == pytest.approx(np.std(off, ddof=1))
    assert whole["bias"] == pytest.approx(0.1)
    assert near["delta_sigma8"] == pytest.approx(np.std([0.01, -0.01, 0.03, -0.03], ddof=1))
    assert near["bias"] == pytest.approx(0)
    assert 0 < near["error"] < near["delta_sigma8"]
    assert (data["realizations"] == 0).all()


MAPPINGS = ("n_cluster_mapping", "n_cluster_mapping_near_100")


@pytest.mark.parametrize("ending", ["", "_half_{}"])
def test_tab04_of_unseen_clusters(ending: str) -> None:
    """Biases of -0.01 and -0.03 in two realizations; of a list, networks of the halves stand for the networks."""
    number = np.repeat(np.arange(95, 155, 10), 3)
    split = np.tile(np.array([0, 0, 2], np.uint8), 6)
    realizations = {}
    for k, bias in ((1, -0.01), (2, -0.03)):
        columns = {"network": "no_wl" + ending.format(k), "variant": "no_wl", "n_clusters": number}
        columns |= {"sigma8_true": 0.7 + number / 1000}
        table = pd.DataFrame(columns)
        errors = bias + np.tile([0.02, -0.02], 9)
        tight = table.assign(network="prescriptive" + ending.format(k), variant="prescriptive")
        realizations[f"{k}/mocks"] = table.assign(sigma8_predicted=table["sigma8_true"] + errors)
        realizations[f"{k}/prescriptive"] = tight.assign(sigma8_predicted=table["sigma8_true"] + 0.001)
    data = table4(0.7 + number / 1000, split, number, realizations).set_index("case")
    assert data["realizations"].to_dict() == {
        **dict.fromkeys(("standard", "shuffled", "array_of_ones"), 0),
        **dict.fromkeys(("no_wl", "prescriptive", *MAPPINGS), 2),
    }
    of = data.loc["no_wl"]
    assert of["unseen_bias"] == pytest.approx(-0.02)
    assert of["unseen_bias_spread"] == pytest.approx(0.02 / np.sqrt(2))
    assert of["unseen_delta_sigma8"] == pytest.approx(0.02 * np.sqrt(18 / 17))
    assert of["unseen_delta_sigma8_spread"] == pytest.approx(0, abs=1e-12)
    assert data.loc["prescriptive", "unseen_bias"] == pytest.approx(0.001)
    # the mapping from the training catalogs holds here
    assert data.loc["n_cluster_mapping", "unseen_bias"] == pytest.approx(0, abs=1e-12)
    table = printed("tab04", data.reset_index()).set_index("Test case")
    assert table.loc["No WL", "Unseen bias"] == r"$-0.0200 \pm 0.0141$"
    assert table.loc["Standard", "Unseen bias"] == "-"


def test_tab04_of_a_tiny_run_is_printed() -> None:
    number = np.array([3, 4, 5, 6, 7, 8, 95])
    split = np.array([0, 0, 0, 0, 2, 2, 2], np.uint8)
    data = table4(np.linspace(0.7, 0.9, 7), split, number)
    assert np.isnan(data.set_index("case").loc["n_cluster_mapping_near_100", "delta_sigma8"])
    table = printed("tab04", data).set_index("Test case")
    delta = r"$\Delta\sigma_8$"
    assert table.loc["Standard", delta].startswith(r"$0.0214 \pm ")
    assert table.loc["Standard", f"{delta} (paper)"] == r"$0.0212 \pm 0.0009$"
    assert table.loc["Prescriptive", f"{delta} (paper)"] == "$0.0016$"
    assert table.loc["Standard", "Bias"] == r"$+0.0020 \pm 0.0076$"
    near = table.loc[r"$N_\mathrm{cluster}$ mapping, 90--109 clusters"]
    assert near[[delta, "Bias", "Networks"]].tolist() == ["-", "-", "0"]


def members() -> dict[str, Any]:
    """Two networks of a model, one that passes and one that predicts a constant, and one network of another."""
    saliency = 0.1 * np.arange(1, 16) * np.where(np.arange(45).reshape(3, 15) % 2, 1, -1)
    columns = {
        "sigma8_predicted": np.array([0.8, 0.8]),
        "log_m500c": np.array([13.7, 14.9, 14.3]),
        "saliency": of_pixels(saliency),
        "sigma8_one_out": np.array([0.801, 0.795, np.nan]),
    }
    found = ClusterCatalogs.of("interpretation", columns, offset=np.array([0, 2, 3]))
    inputs: dict[str, Any] = {"provenance": {}, "interpretation": {}, "audit": {}}
    for seed, name in ((1, "standard"), (2, "standard_2"), (1, "no_wl")):
        scatter = {"value": 0.02 + seed / 1000, "error": 0.001, "bias": -0.0004, "n": 2}
        about = {"seed": seed, "best_epoch": 7, "delta_sigma8": scatter, "predicts_constant": seed == 2}
        for kind, value in (("provenance", about), ("interpretation", found), ("audit", {"verdict": "PASS"})):
            inputs[kind][name] = value
    return inputs


def test_the_ensemble_has_a_row_per_network_and_the_scatter_over_seeds() -> None:
    given = members()
    table = ensemble.reduce(**given)
    data = table[table["row"] == "network"].set_index("model")
    expected = {"standard": 0.021, "standard_2": 0.022, "no_wl": 0.021}
    assert data["delta_sigma8"].to_dict() == pytest.approx(expected)
    assert data["verdict"].tolist() == ["PASS", "predicts a constant", "PASS"]
    assert data["one_out_low"].tolist() == pytest.approx([0.001] * 3)
    assert data["one_out_high"].tolist() == pytest.approx([-0.005] * 3)  # the one that left nothing is not counted
    summary = summarize(given["interpretation"]["standard"])
    assert data["gas_over_temperature"].iloc[0] == summary.m_gas.mean / summary.temperature.mean
    # no_wl has one seed
    over = table[table["row"] != "network"].set_index(["model", "row"])["delta_sigma8"]
    assert over["standard", "mean"] == pytest.approx(0.0215)
    assert over["standard", "standard deviation"] == pytest.approx(0.001 / np.sqrt(2))
    assert len(over) == 2
    rows = printed("ensemble", table)
    assert rows["Model"].tolist() == ["standard", "standard_2", "mean, standard", "no_wl"]
    row = rows.loc[1]
    assert row[["Model", "Seed", "Bias", "High mass"]].tolist() == ["standard_2", "2", "$-0.0004$", "$-0.00500$"]
    assert row[r"$\Delta\sigma_8$"] == r"$0.0220 \pm 0.0010$"
    mean = rows.loc[2]
    assert mean[["Seed", "Epoch", "Audit"]].tolist() == ["-", "-", "-"]
    assert mean[[r"$\Delta\sigma_8$", "Bias"]].tolist() == [r"$0.0215 \pm 0.0007$", r"$-0.0004 \pm 0.0000$"]


def test_an_ensemble_without_massive_clusters_is_printed() -> None:
    given = members()
    light = given["interpretation"]["standard"].with_columns(log_m500c=np.array([13.7, 13.8, 14.0]))
    rows = printed("ensemble", ensemble.reduce(**given | {"interpretation": dict.fromkeys(given["provenance"], light)}))
    assert rows.loc[0, ["Low mass", "High mass"]].tolist() == ["$-0.00200$", "-"]
    assert rows.loc[2, "High mass"] == "-"


def test_the_numbers_have_all_inputs_that_they_need() -> None:
    found = measured_numbers.reduce(
        **{
            f"{group}_{row}" if group in measured_numbers.GROUPS else row: item
            for group, items in examples.inputs().items()
            for row, item in (items.items() if group in (*measured_numbers.GROUPS, "tables") else [(group, items)])
        }
    )
    assert list(found) == list(measured_numbers.COLUMNS) == list(numbers.Number.__dataclass_fields__)
    assert len(found) > 150
