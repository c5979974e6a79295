"""Tables 1 to 4, the ensemble and the numbers, from inputs whose answer is known."""

import importlib
import inspect
from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ensemble
import measured_numbers
import tab01
import tab02
import tab03
import tab04
from encluster.catalogs import ClusterCatalogs
from encluster.halos.scaling import PIVOT_LOG_M, TABLE2
from encluster.interpretation.counting import NEAR
from encluster.interpretation.saliency_profiles import HIGH_MASS, summarize
from encluster.network.architecture import PAPER, SIZES
from encluster.network.inputs import FeatureSet
from encluster.paper import numbers, typesetting
from encluster.paper.published import DELTA_SIGMA8, N_PARAMETERS, PUBLISHED
from factories import RADII, configuration, of_pixels, scaling_relations

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


def table4(sigma8: np.ndarray, split: np.ndarray, number: np.ndarray) -> pd.DataFrame:
    provenance = {
        name: {
            "seed": 1,
            "delta_sigma8": {"value": value, "error": 0.001, "bias": 0.002, "n": 497},
            "predicts_constant": name == "array_of_ones",
        }
        for name, value in (("standard", 0.02), ("shuffled", 0.025), ("no_wl", 0.03), ("array_of_ones", 0.06))
    }
    offset = np.concatenate([[0], np.cumsum(number)])
    return tab04.reduce(
        **{f"provenance_{name}": content for name, content in provenance.items()},
        mocks=ClusterCatalogs.of("mocks", {}, offset=offset),
        features=features_of(sigma8, split, number),
    )


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
    assert data.loc["no_wl", "delta_sigma8"] == 0.03
    assert data["predicts_constant"].dropna().to_dict() == {
        "standard": False,
        "shuffled": False,
        "no_wl": False,
        "array_of_ones": True,
    }
    whole, near = data.loc["n_cluster_mapping"], data.loc["n_cluster_mapping_near_100"]
    assert (whole["n"], near["n"]) == (6, 4)
    assert whole["delta_sigma8"] == pytest.approx(np.std(off, ddof=1))
    assert whole["bias"] == pytest.approx(0.1)
    assert near["delta_sigma8"] == pytest.approx(np.std([0.01, -0.01, 0.03, -0.03], ddof=1))
    assert near["bias"] == pytest.approx(0)
    assert 0 < near["error"] < near["delta_sigma8"]


def test_tab04_of_a_tiny_run_is_printed() -> None:
    number = np.array([3, 4, 5, 6, 7, 8, 95])
    split = np.array([0, 0, 0, 0, 2, 2, 2], np.uint8)
    data = table4(np.linspace(0.7, 0.9, 7), split, number)
    assert np.isnan(data.set_index("case").loc["n_cluster_mapping_near_100", "delta_sigma8"])
    table = printed("tab04", data).set_index("Test case")
    delta = r"$\Delta\sigma_8$"
    assert table.loc["Standard", delta] == r"$0.0200 \pm 0.0010$"
    assert table.loc["Standard", f"{delta} (paper)"] == r"$0.0212 \pm 0.0009$"
    assert table.loc["Standard", "Bias"] == r"$+0.0020 \pm 0.0009$"
    near = table.loc[r"$N_\mathrm{cluster}$ mapping, 90--109 clusters"]
    assert near[[delta, "Bias", "Catalogs"]].tolist() == ["-", "-", "1"]


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
    needed = {name for measure in numbers.MEASURES for name in inspect.signature(measure).parameters}
    assert set(measured_numbers.INPUTS) | {"settings"} == needed
    assert list(measured_numbers.COLUMNS) == list(numbers.Number.__dataclass_fields__)


def test_captions_state_the_values_of_the_code() -> None:
    assert rf"10^{{{PIVOT_LOG_M}}}\," in tab02.CAPTION
    assert f"{NEAR[0]} to {NEAR[1] - 1} clusters" in tab04.CAPTION
    assert f"{NEAR[0]}--{NEAR[1] - 1} clusters" in tab04.CASES["n_cluster_mapping_near_100"][0]
    assert "'{}'".format(PUBLISHED["mean_n_clusters"].words) in tab04.CAPTION
    assert rf"10^{{{HIGH_MASS}}}\," in ensemble.CAPTION
    assert rf"{RADII[5]:.3f}\,R_{{500}}" in ensemble.CAPTION
