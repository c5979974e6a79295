"""The scorecard: the rule, sentences, pages and macros."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import number_examples as examples
import numpy as np
import pandas as pd
import pytest

from encluster.published import INPUTS, NOT_MEASURED, PUBLISHED, Published
from encluster.readings import READINGS
from encluster.reductions import numbers as reduction
from encluster.scorecard.comparison import compare, counts
from encluster.scorecard.facts import Facts
from encluster.scorecard.formatting import with_error
from encluster.scorecard.macros import PREFIX, escaped, macro_name, macros
from encluster.scorecard.page import markdown, page, pretty
from encluster.scorecard.sentences import CAUSES, READ, nearest_reading
from encluster.scorecard.verdicts import judge

FACTS = Facts(
    source="surrogate", photons="simulate", architecture="compact", parameters=292_322, recipe="modern", epochs=30
)


def of_paper(**changes: float) -> pd.DataFrame:
    """The paper's own numbers in the place of ours, without errors, but for these."""
    values = {name: paper.value for name, paper in PUBLISHED.items()} | changes
    return pd.DataFrame({"name": values.keys(), "value": values.values(), "plus": 0.0, "minus": 0.0})


def readings(**changes: float) -> pd.DataFrame:
    """A row per reading; all alike but for the columns of the third."""
    row = {"mean_n": 120.0, "mapping": 0.036, "mapping_near_100": np.nan}
    row |= {"proxy_m_gas": 8.9, "proxy_yx": 5.7, "proxy_m_wl": 19.5}
    errors = {f"{name}_err": 0.01 * value for name, value in row.items()}
    rows = [
        {"decision": r.decision, "reading": r.name, "is_default": not r.decision, **row, **errors, "note": ""}
        for r in READINGS
    ]
    rows[2] |= changes
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("paper", "ours", "verdict", "sigma"),
    [
        # both have an error: 0.0015 over the root of 0.0009^2 + 0.0012^2
        (Published(0.0212, "", plus=0.0009, minus=0.0009, basis="network"), (0.0227, 0.0012), "reproduced", 1.0),
        (
            Published(0.0212, "", plus=0.0009, minus=0.0009, basis="network"),
            (0.0180, 0.0012),
            "not reproduced",
            -2.1333,
        ),
        # of asymmetric errors, the upper one faces a larger number
        (Published(0.2, "", plus=0.1, minus=0.01, basis="network"), (0.3, 0.0), "reproduced", 1.0),
        (Published(0.2, "", plus=0.1, minus=0.01, basis="network"), (0.1, 0.0), "not reproduced", -10.0),
        # 1.74 means 1.735-1.745, and half of that half width is one sigma
        (Published(1.74, "", decimals=2, basis="halos"), (1.745, 0.0), "reproduced", 2.0),
        (Published(1.74, "", decimals=2, basis="halos"), (1.746, 0.0), "not reproduced", 2.4),
        (Published(1.74, "", decimals=2, basis="halos"), (1.77, 0.02), "reproduced", 1.4884),
        (Published(10_472_834, "", basis="network"), (10_472_834, 0.0), "reproduced", 0.0),
        (Published(10_472_834, "", basis="network"), (10_472_835, 0.0), "not reproduced", 4.0),
        (Published(0.6, "", tolerance=0.13, basis="network"), (0.681, 0.0), "reproduced", 1.2462),
        (Published(0.6, "", tolerance=0.13, basis="network"), (0.464, 0.0), "not reproduced", -2.0923),
        (Published(2.5, "", rule="at most", basis="halos"), (2.5, 0.5), "reproduced", np.nan),
        (Published(2.5, "", rule="at most", basis="halos"), (2.51, 0.5), "not reproduced", np.nan),
        (Published(0, "", rule="below", basis="network"), (-0.3, 0.1), "reproduced", np.nan),
        (Published(0, "", rule="below", basis="network"), (-0.1, 0.1), "not reproduced", np.nan),
        (Published(0, "", rule="above", basis="network"), (0.3, 0.1), "reproduced", np.nan),
        (Published(0, "", rule="above", basis="network"), (0.1, 0.1), "not reproduced", np.nan),
        (Published(0.391, "", rule="none", basis="network"), (0.391, 0.0), "not comparable", np.nan),
        (Published(0.391, "", basis="network"), (np.nan, 0.0), "not measured", np.nan),
        (Published(0.226, "", decimals=3), (0.272, 0.0), "not as published", np.nan),
        (Published(0.046, "", decimals=3), (0.0456, 0.0), "as published", np.nan),
    ],
)
def test_the_rule(paper: Published, ours: tuple[float, float], verdict: str, sigma: float) -> None:
    value, error = ours
    found = judge(paper, value, error, error)
    assert found[0] == verdict
    assert found[2] == pytest.approx(sigma, rel=1e-3, nan_ok=True)


def test_the_papers_own_numbers_are_reproduced_and_a_wrong_one_is_not() -> None:
    card = compare(of_paper(), FACTS).set_index("name")
    within = [name for name, paper in PUBLISHED.items() if paper.rule in ("within", "at most")]
    assert set(card.loc[within, "verdict"]) == {"reproduced", "as published"}
    assert len(within) > 80
    for name in within:
        paper = PUBLISHED[name]
        wrong = compare(of_paper(**{name: paper.value + 3 * max(paper.plus, paper.leeway)}), FACTS).set_index("name")
        changed = wrong.index[wrong["verdict"] != card["verdict"]]
        assert list(changed) == [name]
        assert wrong.loc[name, "verdict"].startswith("not ")
        assert wrong.loc[name, "difference"] > 0


def test_directions_need_two_sigma() -> None:
    directed = {name: paper for name, paper in PUBLISHED.items() if paper.rule in ("below", "above")}
    assert len(directed) > 5
    right = {name: p.value + (-1 if p.rule == "below" else 1) * 0.1 for name, p in directed.items()}
    wrong = {name: p.value - (-1 if p.rule == "below" else 1) * 0.1 for name, p in directed.items()}
    names = list(directed)
    assert set(compare(of_paper(**right), FACTS).set_index("name").loc[names, "verdict"]) == {"reproduced"}
    assert set(compare(of_paper(**wrong), FACTS).set_index("name").loc[names, "verdict"]) == {"not reproduced"}


def test_what_is_not_reproduced_stays_and_is_counted() -> None:
    table = of_paper(delta_sigma8_no_wl=0.05)
    card = compare(table[table["name"] != "proxy_scatter_yx"], FACTS)
    assert list(card["name"]) == list(PUBLISHED)
    found = counts(card)
    assert sum(found.values()) == len(PUBLISHED) - len(INPUTS)
    assert found["not measured"] == 1
    row = card.set_index("name").loc["delta_sigma8_no_wl"]
    assert row["verdict"] == "not reproduced"
    assert row["sigma"] == pytest.approx((0.05 - 0.0297) / 0.0013)
    assert card.set_index("name").loc["proxy_scatter_yx", "sentence"] == "This run has not measured it."


@pytest.mark.parametrize(
    "facts",
    [FACTS, replace(FACTS, source="magneticum", photons="simput", architecture="paper", recipe="paper", epochs=5000)],
)
def test_each_difference_has_one_true_sentence(facts: Facts) -> None:
    everything_else = of_paper(**{name: paper.value + 100 for name, paper in PUBLISHED.items() if name != "box"})
    card = compare(everything_else, facts, readings=readings()).set_index("name")
    assert card.loc["box", "sentence"] == ""
    for name, row in card.drop(index="box").iterrows():
        if row["verdict"] not in ("reproduced", "as published"):
            assert row["sentence"].endswith("."), name
            assert not re.search(r"[{}]|nan", row["sentence"]), name
    network = card.loc["delta_sigma8_no_wl", "sentence"]
    assert network == f"Another network: {facts.architecture} size, {facts.recipe} recipe, trained on {facts.halos}."
    # a cause quotes this run's own number
    assert "100" in card.loc["best_epoch", "sentence"]
    surrogate = "surrogate" in " ".join(card["sentence"])
    assert surrogate == (facts.source == "surrogate")


def test_the_published_numbers_stand_in_the_paper(shared_data: Path) -> None:
    paper_text = shared_data.parent / "paper/paper.txt"
    if not paper_text.exists():
        pytest.skip("needs ../shared/paper, which is absent here")
    text = paper_text.read_text()
    sought = 0
    for name, paper in PUBLISHED.items():
        if paper.words or "ratio" in paper.where or name.endswith("_log_x0"):
            continue
        forms = {f"{paper.value:,.{paper.decimals}f}", f"{paper.value:.{paper.decimals}f}", f"{paper.value:g}"}
        # shares of one may stand as percentages, 0.5 as 1/2
        forms |= {f"{100 * paper.value:g}%", f"{100 * paper.value:g}\\%"} | ({"1/2"} if paper.value == 0.5 else set())
        found = any(re.search(rf"(?<![\d.]){re.escape(form)}(?!\d)", text) for form in forms)
        assert found, f"{name}: {forms}"
        for error in {paper.plus, paper.minus} - {0.0}:
            assert f"{error:.{paper.decimals}f}" in text, name
        sought += 1
    assert sought > 70


def test_causes_and_excuses_are_of_published_numbers() -> None:
    assert {*CAUSES, *READ, *NOT_MEASURED} <= set(PUBLISHED)


def test_facts_come_from_the_run_and_must_belong_together() -> None:
    provenance = examples.provenance(0.02)
    table = of_paper().assign(source="surrogate", photons="simulate")
    assert Facts.of_run(provenance, table) == FACTS
    assert "not Magneticum" in FACTS.made_with
    assert "compact network (292,322 parameters), 30 epochs by the modern recipe" in FACTS.made_with
    with pytest.raises(ValueError, match="trained on 'surrogate' halos, the numbers come from 'magneticum' halos"):
        Facts.of_run(provenance, table.assign(source="magneticum"))


def test_the_nearest_reading_is_named() -> None:
    paper = PUBLISHED["proxy_scatter_m_gas"]
    other = nearest_reading("proxy_scatter_m_gas", paper, readings(proxy_m_gas=16.0, proxy_m_gas_err=0.1))
    assert other == f"No reading of the text gives it; the nearest is 16.00 ± 0.10 % by '{READINGS[2].name}' (D3)."
    found = nearest_reading("proxy_scatter_m_gas", paper, readings(proxy_m_gas=17.9, proxy_m_gas_err=0.1))
    assert found.startswith("A reading of the text gives it: 17.90")
    # one that is nearer by less than its error is not told from what is configured
    same = nearest_reading("proxy_scatter_m_gas", paper, readings(proxy_m_gas=8.91, proxy_m_gas_err=0.1))
    assert "by 'as configured'" in same


@pytest.mark.parametrize(
    ("value", "plus", "minus", "text"),
    [
        (0.0212, 0.00088, 0.00088, "0.02120 ± 0.00088"),
        (0.0197166, 0.0006547, 0.0006547, "0.01972 ± 0.00065"),
        (0.391, 0.0141, 0.0082, "0.3910 +0.0141 -0.0082"),
        (119.98, 0.645, 0.645, "119.98 ± 0.65"),
        (1.0, 0.0996, 0.0996, "1.00 ± 0.10"),
        (1234.0, 98.7, 98.7, "1234 ± 99"),
        (10_472_834, 0, 0, "10,472,834"),
        (0.0663325, 0, 0, "0.06633"),
        (-0.0017, 0.0001, 0.0001, "-0.00170 ± 0.00010"),
    ],
)
def test_numbers_are_rounded_to_two_digits_of_the_error(value: float, plus: float, minus: float, text: str) -> None:
    assert with_error(value, plus, minus) == text


class _Checker(HTMLParser):
    """Fails where a tag is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_needs_nothing_but_itself() -> None:
    card = compare(of_paper(delta_sigma8_no_wl=0.05), FACTS, readings=readings())
    text = page(card, readings(), FACTS)
    checker = _Checker()
    checker.feed(text)
    assert checker.open == []
    assert checker.seen.count("table") == 3
    assert checker.seen.count("tr") == len(PUBLISHED) + len(READINGS) + 1 + 3
    assert {name for name, _ in checker.attributes} <= {"lang", "charset", "name", "content", "class", "scope"}
    assert not re.search(r"https?:|//|url\(|@import|<script", text)
    assert 'class="not-reproduced"' in text
    assert "surrogate halos" in text
    assert "0.0297" in text


def test_the_page_escapes_what_it_is_given() -> None:
    facts = replace(FACTS, source="<b>&")
    card = compare(of_paper(delta_sigma8_no_wl=0.05), facts)
    assert "<b>&" not in page(card, readings(), facts)
    assert "&lt;b&gt;&amp;" in page(card, readings(), facts)


def test_symbols() -> None:
    assert pretty("Delta sigma8 above 10^14.2 Msun/h") == (
        "\u0394\u03c3<sub>8</sub> above 10<sup>14.2</sup> M<sub>\u2299</sub>/h"
    )
    assert pretty("L_X < M_gas") == "L<sub>X</sub> &lt; M<sub>gas</sub>"


def test_the_tables_in_markdown_have_as_many_cells_as_headings() -> None:
    text = markdown(compare(of_paper(), FACTS), readings(), FACTS)
    cells = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert cells == {8, 9}
    assert text.count("\n|") == len(PUBLISHED) + len(READINGS) + 1 + 6
    assert FACTS.made_with in text


def test_macros_are_valid_and_unique() -> None:
    table = reduction.reduce(**examples.inputs())
    lines = macros(table, FACTS).splitlines()
    assert len(lines) == len(table) + 4
    names = []
    for line in lines[1:]:
        found = re.fullmatch(r"\\newcommand\{\\([A-Za-z]+)\}\{(.*?)\}( % .*)?", line)
        assert found, line
        names.append(found.group(1))
        body = re.sub(r"\\[&%$#_{}]", "", found.group(2))
        depth = np.cumsum([{"{": 1, "}": -1}.get(character, 0) for character in body])
        assert depth[-1] == 0
        assert depth.min() >= 0
        assert not re.search(r"[&%$#]|nan", body), line
    assert len(set(names)) == len(names)
    assert all(name.startswith(PREFIX) for name in names)
    text = "\n".join(lines)
    assert r"\newcommand{\encDeltaSigmaEightNoWl}{\ensuremath{0.0200 \pm 0.0010}} % Delta sigma8, No WL" in text
    assert r"\newcommand{\encNParameters}{\ensuremath{10{,}472{,}834}}" in text
    assert r"\newcommand{\encSource}{surrogate}" in text


def test_macros_of_odd_numbers() -> None:
    table = pd.DataFrame(
        {
            "name": ["tiny", "skew", "unknown"],
            "value": [1.5e-7, 0.391, np.nan],
            "plus": [0, 0.014, 0],
            "minus": [0, 0.011, 0],
            "unit": "",
            "meaning": "",
            "figure": "",
        }
    )
    text = macros(table, FACTS)
    assert r"\ensuremath{1.5 \times 10^{-7}}" in text
    assert r"\ensuremath{0.391^{+0.014}_{-0.011}}" in text
    assert r"\encUnknown}{\ensuremath{\mathrm{n/a}}}" in text


def test_two_numbers_cannot_share_a_macro() -> None:
    table = of_paper().iloc[:2].assign(name=["m_500", "m500"], unit="", meaning="", figure="")
    with pytest.raises(ValueError, match=r"'m500' would take the macro \\encMFiveZeroZero, which there is already"):
        macros(table, FACTS)
    assert macro_name("m500") == "encMFiveZeroZero"
    assert escaped("50 % of a_b\\") == r"50 \% of a\_b\textbackslash{}"
