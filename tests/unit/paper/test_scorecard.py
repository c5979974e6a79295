"""The comparison with the paper: which numbers count, and the sentence on each difference."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import factories as examples
from encluster.halos.scaling import TABLE2
from encluster.interpretation.mass_proxies import proxy_scatter
from encluster.paper import numbers as reduction
from encluster.paper.alternatives import ALTERNATIVES
from encluster.paper.published import PUBLISHED
from encluster.paper.published_value import APART
from encluster.paper.scorecard.comparison import compare, counts
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.page import markdown, page
from encluster.paper.scorecard.sentences import CAUSES, nearest, nearest_alternative
from encluster.paper.typesetting import plain
from encluster.running.code_dependencies import modules_behind
from scorecards import FACTS, alternatives, of_paper, with_errors


def test_what_is_not_reproduced_stays_and_is_counted() -> None:
    table = of_paper(delta_sigma8_no_wl=0.05)
    card = compare(table[table["name"] != "proxy_scatter_yx"], FACTS)
    assert list(card["name"]) == list(PUBLISHED)
    found = counts(card)
    assert list(found) == ["reproduced", "not reproduced", "too uncertain", "not comparable", "not measured"]
    assert sum(found.values()) == sum(paper.basis not in APART for paper in PUBLISHED.values())
    assert found["not measured"] == 1
    row = card.set_index("name").loc["delta_sigma8_no_wl"]
    assert row["verdict"] == "not reproduced"
    assert row["sigma"] == pytest.approx((0.05 - 0.0297) / 0.0013)
    assert card.set_index("name").loc["proxy_scatter_yx", "sentence"] == "This run has not measured it."


def test_what_is_apart_is_compared_and_counted_nowhere() -> None:
    apart = {name: paper for name, paper in PUBLISHED.items() if paper.basis in APART}
    assert {"n_parameters", "matrix_width", "fraction_training", "best_epoch", "m_gas_scatter"} <= set(apart)
    # 0.0650 of the mapping stands in the paper twice, and counts once
    assert "delta_sigma8_n_cluster_mapping_near_100" in apart
    beside = {name: {"above": 0.1, "below": -0.1}.get(paper.rule, 0) for name, paper in apart.items()}
    right, wrong = (
        compare(of_paper(**{name: paper.value + change * beside[name] + add for name, paper in apart.items()}), FACTS)
        for change, add in ((1, 0), (0, 90))
    )
    assert counts(right) == counts(wrong)
    seen = wrong.set_index("name").loc[list(apart)]
    assert set(seen["verdict"]) <= {"not as published", "as published", "not comparable"}
    assert (seen["verdict"] == "not as published").sum() > len(apart) / 2
    assert seen.loc["m_gas_scatter", "difference"] == pytest.approx(90)
    assert seen.loc["m_gas_scatter", "sigma"] > 1000
    assert set(right.set_index("name").loc[list(apart), "verdict"]) == {"as published", "not comparable"}


def test_conditions_are_printed_on_passes_too_and_are_of_this_run() -> None:
    table = of_paper(saliency_radius=0.5, m_gas_std=0.123)
    errors = {"delta_sigma8_array_of_ones": (0.001, np.nan, 1), "delta_sigma8_no_wl": (0.001, 0.0, 3)}
    card = compare(with_errors(table, **errors), replace(FACTS, encoder_dropout=0.0)).set_index("name")
    conditions = card["condition"].map(plain)
    assert card.loc["saliency_ratio_gamma", "verdict"] == "reproduced"
    assert conditions["saliency_ratio_gamma"] == (
        "at 0.5 R500; the paper states no radius; the paper's errors taken as spreads over clusters"
    )
    assert card.loc["delta_sigma8_array_of_ones", "verdict"] == "reproduced"
    assert conditions["delta_sigma8_array_of_ones"] == "without the encoder's dropout; one seed"
    assert conditions["delta_sigma8_no_wl"] == "without the encoder's dropout"
    assert "19 %" in conditions["lx_log_x0"]
    assert "the standard deviation is 0.123 dex" in conditions["m_gas_scatter"]
    assert conditions["delta_sigma8_standard"] == ""
    # what is not measured has none
    unmeasured = compare(table[table["name"] != "saliency_ratio_gamma"], FACTS).set_index("name")
    assert unmeasured.loc["saliency_ratio_gamma", ["verdict", "condition"]].tolist() == ["not measured", ""]
    with_dropout = compare(table, replace(FACTS, encoder_dropout=0.25)).set_index("name")["condition"]
    assert with_dropout["delta_sigma8_no_wl"] == "encoder dropout of 0.25"
    assert "one seed" not in " ".join(with_dropout)


def test_a_verdict_that_is_too_uncertain_says_which_error_is_too_large() -> None:
    errors = {"delta_sigma8_standard": (0.0005, 0.01, 3), "delta_sigma8_no_wl": (0.01, 0.0005, 3)}
    errors |= {"delta_sigma8_shuffled": (0.0005, 0.0003, 3), "proxy_scatter_yx": (3.0, np.nan, 0)}
    card = compare(with_errors(of_paper(), **errors), FACTS).set_index("name")
    seeds = "Networks of different seeds differ by more than the claim allows."
    statistical = "The statistical error is larger than the claim allows."
    for name, verdict, said in (
        ("delta_sigma8_standard", "too uncertain", seeds),
        ("delta_sigma8_no_wl", "too uncertain", statistical),
        ("proxy_scatter_yx", "too uncertain", statistical),
        ("delta_sigma8_shuffled", "reproduced", ""),
    ):
        assert (card.loc[name, "verdict"], card.loc[name, "sentence"]) == (verdict, said)
    assert card.loc["delta_sigma8_standard", ["ours_plus", "ours_scatter", "networks"]].tolist() == [0.0005, 0.01, 3]


def test_one_network_without_an_error_shows_nothing() -> None:
    """For example the radius of the largest saliency of one network."""
    for networks, verdict in ((0, "reproduced"), (1, "too uncertain"), (3, "reproduced")):
        errors = {"saliency_peak_radius": (0.0, 0.0, networks), "audit_standard": (0.0, 0.0, networks)}
        card = compare(with_errors(of_paper(), **errors), FACTS).set_index("name")
        assert card.loc["saliency_peak_radius", "verdict"] == verdict
        # a yes has no error
        assert card.loc["audit_standard", "verdict"] == "reproduced"
    card = compare(with_errors(of_paper(), saliency_peak_radius=(0.01, np.nan, 1)), FACTS).set_index("name")
    assert card.loc["saliency_peak_radius", "verdict"] == "reproduced"


def test_what_a_network_that_has_learned_nothing_shows_is_too_uncertain() -> None:
    sound = compare(of_paper(explained_standard=0.9, explained_no_wl=0.8), FACTS).set_index("name")
    assert "too uncertain" not in set(sound["verdict"])
    table = of_paper(explained_standard=0.1, explained_no_wl=0.8)
    card = compare(with_errors(table, explained_standard=(0.06, 0.001, 3)), FACTS).set_index("name")
    changed = card.index[card["verdict"] != sound["verdict"]]
    resting = [name for name, paper in PUBLISHED.items() if "standard" in paper.models and paper.basis == "network"]
    comparable = [name for name in resting if PUBLISHED[name].rule != "none" and name != "delta_sigma8_standard"]
    assert list(changed) == comparable
    assert len(changed) > 15
    assert set(card.loc[changed, "verdict"]) == {"too uncertain"}
    (said,) = set(card.loc[changed, "sentence"])
    assert plain(said) == (
        "The network 'standard' has learned nothing: it explains 0.100 ± 0.060 ± 0.001 (3\u00a0seeds) of the "
        "variance of \u03c38 over the test catalogs."
    )
    # the scatter itself says how much the network has learned
    assert card.loc["delta_sigma8_standard", "verdict"] == "reproduced"
    # 0.1 is more than nothing by 2 sigma
    little = compare(with_errors(table, explained_standard=(0.04, 0.001, 3)), FACTS).set_index("name")
    pd.testing.assert_series_equal(little["verdict"], sound["verdict"])


@pytest.mark.parametrize(
    "facts",
    [FACTS, replace(FACTS, source="magneticum", photons="simput", architecture="paper", recipe="paper", epochs=5000)],
)
def test_each_difference_has_one_true_sentence(facts: Facts) -> None:
    everything_else = of_paper(**{name: paper.value + 100 for name, paper in PUBLISHED.items() if name != "box"})
    everything_else = with_errors(everything_else, best_epoch=(0.0, 20.0, 3))
    card = compare(everything_else, facts, alternatives=alternatives()).set_index("name")
    assert card.loc["box", "sentence"] == ""
    for name, row in card.drop(index="box").iterrows():
        if row["verdict"] not in ("reproduced", "as published"):
            assert row["sentence"].endswith("."), name
            assert not re.search(r"[{}]|nan|<[a-z]", plain(row["sentence"])), name
    network = card.loc["delta_sigma8_no_wl", "sentence"]
    assert network == (
        "The network differs: compact size, modern recipe, trained on the surrogate halos."
        if facts == FACTS
        else "The network and the recipe are the paper's, but the seed differs: 5,000 epochs on the halo list "
        "'magneticum'."
    )
    # which is true whether the recipe or the configuration says so
    assert card.loc["n_epochs", "sentence"].startswith("This run uses another value")
    # a cause quotes this run's own number
    assert r"ours is $3788 \pm 20$ (3" in card.loc["best_epoch", "sentence"]
    surrogate = "surrogate" in " ".join(card["sentence"])
    assert surrogate == (facts.source == "surrogate")


MODELS = ("standard", "shuffled", "no_wl", "array_of_ones", "prescriptive")


@pytest.mark.parametrize("model", MODELS)
def test_what_rests_on_a_network_that_predicts_a_constant_is_not_measured(model: str) -> None:
    sound = compare(of_paper(**{f"predicts_constant_{name}": 0 for name in MODELS}), FACTS)
    pd.testing.assert_frame_equal(sound, compare(of_paper(), FACTS))
    made = {f"predicts_constant_{name}": float(name == model) for name in MODELS}
    card = compare(of_paper(**made), FACTS)
    resting = np.array([model in paper.models for paper in PUBLISHED.values()])
    assert resting.sum() >= {"standard": 28, "no_wl": 4, "prescriptive": 3}.get(model, 1)
    assert set(card.loc[resting, "verdict"]) == {"not measured"}
    assert set(card.loc[resting, "sentence"]) == {f"The network {model!r} predicts a constant."}
    assert card.loc[resting, "ours"].isna().all()
    pd.testing.assert_frame_equal(card[~resting], sound[~resting])
    counted = resting & ~card["basis"].isin(APART)
    assert counts(card)["not measured"] == counts(sound)["not measured"] + counted.sum()
    for page_of in (markdown, page):
        assert "predicts a constant" in page_of(card, of_paper(), alternatives(), FACTS)


def test_two_constant_networks_are_both_named() -> None:
    card = compare(of_paper(predicts_constant_standard=1, predicts_constant_no_wl=1), FACTS).set_index("name")
    said = card.loc["leave_one_out_no_wl_over_standard", "sentence"]
    assert said == "The networks 'standard' and 'no_wl' predict a constant."


def test_numbers_say_which_networks_predict_a_constant() -> None:
    given = examples.inputs()
    for row in ("standard", "prescriptive"):
        given["provenance"][row] = {row: given["provenance"][row][row] | {"predicts_constant": True}}
    table = reduction.measured_numbers(**given)
    found = table[table["name"].str.startswith("predicts_constant_")].set_index("name")["value"]
    assert found.to_dict() == {
        f"predicts_constant_{name}": float(name in ("standard", "prescriptive")) for name in MODELS
    }
    card = compare(table, FACTS).set_index("name")
    assert card.loc["delta_sigma8_standard", "verdict"] == "not measured"
    assert card.loc["delta_sigma8_shuffled", "verdict"] != "not measured"


def test_a_network_whose_removals_do_the_same_without_lensing_is_no_success() -> None:
    """Both change by -0.002, within the stability of 0.003, which is no reason to call that of No WL weak."""
    table = reduction.measured_numbers(**examples.inputs())
    # equal changes of all clusters have no error, and one network without error shows nothing
    table = table.assign(plus=np.maximum(table["plus"], 1e-4), minus=np.maximum(table["minus"], 1e-4))
    card = compare(table, FACTS).set_index("name")
    assert card.loc["leave_one_out_high_mass", "verdict"] == "reproduced"
    assert card.loc["leave_one_out_no_wl_over_standard", "verdict"] == "not reproduced"
    weak = examples.interpretation(1)
    predicted = weak.catalog("sigma8_predicted")[weak.owner]
    as_wide = 0.002 * np.random.default_rng(1).normal(size=len(predicted))  # to no side
    weak = weak.with_columns(sigma8_one_out=predicted + as_wide)
    given = examples.inputs()
    given["interpretation"]["no_wl"] = {"no_wl": weak}
    table = reduction.measured_numbers(**given)
    card = compare(table, FACTS).set_index("name")
    assert card.loc["leave_one_out_no_wl_over_standard", "verdict"] == "reproduced"


@pytest.mark.parametrize("spread", [0.2, 0.26, 0.3])
def test_table_2_leaves_9_percent_even_to_anticorrelated_residuals(spread: float) -> None:
    """What the sentence on Y_X says; `spread` of log M, of which the fitted line depends a little."""
    rng = np.random.default_rng(0)
    log_m, residual = rng.normal(0, spread, 40_000), rng.normal(0, 1, 40_000)
    log_m_gas = TABLE2["m_gas"].slope * log_m + TABLE2["m_gas"].std * residual
    log_t = TABLE2["temperature"].slope * log_m - TABLE2["temperature"].std * residual
    owner = np.arange(40_000) // 100
    assert 100 * proxy_scatter(log_m, log_m_gas + log_t, owner).scatter == pytest.approx(9.0, abs=0.2)
    # the closed form of a line fitted to masses
    b, s = TABLE2["m_gas"].slope, TABLE2["m_gas"].std
    expected = np.log(10) * spread * s / np.hypot(b * spread, s)
    assert proxy_scatter(log_m, log_m_gas, owner).scatter == pytest.approx(expected, rel=0.02)
    assert "about 9 %" in CAUSES["proxy_scatter_yx"]


def test_the_scorecard_does_not_hang_on_what_comes_before_it() -> None:
    root = Path(__file__).parents[3]
    behind = modules_behind(root / "workflow/scripts/make_scorecard.py", library=root / "src/encluster")
    assert {path.name for path in behind} >= {"sentences.py", "published.py", "scorecard.html", "style.css"}
    assert not {path.stem for path in behind} & {"alternative_statistics", "cosmology", "mocks", "survey", "features"}


def test_facts_come_from_the_run_and_must_belong_together() -> None:
    provenance = examples.provenance(0.02)
    table = of_paper().assign(source="surrogate", photons="simulate")
    assert Facts.of_run(provenance, table) == FACTS
    assert "not Magneticum" in FACTS.made_with
    assert "compact network (292,322 parameters), 30 epochs with the modern recipe" in FACTS.made_with
    with pytest.raises(ValueError, match="trained on 'surrogate' halos, the numbers come from 'magneticum' halos"):
        Facts.of_run(provenance, table.assign(source="magneticum"))


def test_the_nearest_alternative_is_named() -> None:
    paper = PUBLISHED["proxy_scatter_m_gas"]
    other = nearest_alternative("proxy_scatter_m_gas", paper, alternatives(proxy_m_gas=16.0, proxy_m_gas_err=0.1))
    assert other == (
        "No alternative interpretation reproduces it; "
        rf"the nearest is $16.00 \pm 0.10$ % with '{ALTERNATIVES[2].name}' (D3)."
    )
    found = nearest_alternative("proxy_scatter_m_gas", paper, alternatives(proxy_m_gas=17.9, proxy_m_gas_err=0.1))
    assert found.startswith("An alternative interpretation reproduces it: $17.90")
    # one that is nearer by less than its error is not told from what is configured
    same = nearest_alternative("proxy_scatter_m_gas", paper, alternatives(proxy_m_gas=8.91, proxy_m_gas_err=0.1))
    assert "with 'as configured'" in same


def test_one_alternative_that_gives_it_is_enough() -> None:
    paper = PUBLISHED["proxy_scatter_m_gas"]
    # the first lies within the error of the nearest, and does not give it itself
    table = alternatives(proxy_m_gas=17.9, proxy_m_gas_err=0.5)
    table.loc[0, ["proxy_m_gas", "proxy_m_gas_err"]] = 17.5, 0.01
    assert nearest_alternative("proxy_scatter_m_gas", paper, table) == (
        rf"An alternative interpretation reproduces it: $17.90 \pm 0.50$ % with '{ALTERNATIVES[2].name}' (D3)."
    )
    # the nearest does not, and one that is further off does
    table = alternatives(proxy_m_gas=17.7, proxy_m_gas_err=0.02)
    table.loc[3, ["proxy_m_gas", "proxy_m_gas_err"]] = 17.4, 0.5
    said = nearest_alternative("proxy_scatter_m_gas", paper, table)
    assert said == (
        rf"An alternative interpretation reproduces it: $17.40 \pm 0.50$ % with '{ALTERNATIVES[3].name}' (D4)."
    )


def test_nearest_is_the_first_that_no_error_tells_from_the_best() -> None:
    table = pd.DataFrame({"x": [1.0, 2.0, 2.9, 3.05, np.nan], "x_err": [0.1, 0.1, 0.1, 0.1, np.nan]})
    found = {value: nearest(table, "x", value) for value in (0.0, 2.1, 3.04)}
    assert {value: row["x"] for value, row in found.items() if row is not None} == {0.0: 1.0, 2.1: 2.0, 3.04: 3.05}
    close = table.assign(x_err=0.2)
    assert nearest(close, "x", 3.04)["x"] == 2.9  # type: ignore[index]
    assert nearest(table.assign(x=np.nan), "x", 1.0) is None
