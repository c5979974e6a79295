"""The scorecard as pages."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from docutils.core import publish_parts

from encluster.paper.alternatives import ALTERNATIVES
from encluster.paper.published import PUBLISHED
from encluster.paper.published_value import APART
from encluster.paper.scorecard.comparison import compare, counts, csv
from encluster.paper.scorecard.formatting import with_error, with_scatter
from encluster.paper.scorecard.measured import Measured
from encluster.paper.scorecard.page import headlines, markdown, page
from encluster.paper.sections import TITLES, section_of
from encluster.paper.typesetting import html, plain
from encluster.paper.typesetting import markdown as text_in_markdown
from scorecards import FACTS, alternatives, of_paper, with_errors


@pytest.mark.parametrize(
    ("value", "plus", "minus", "text"),
    [
        (np.inf, 0, 0, "n/a"),
        (np.inf, np.inf, np.inf, "n/a"),
        (2.0, np.inf, 0.1, "2"),
        (0.0212, 0.00088, 0.00088, "0.02120 ± 0.00088"),
        (0.0197166, 0.0006547, 0.0006547, "0.01972 ± 0.00065"),
        (0.391, 0.0141, 0.0082, "0.3910 +0.0141 \u22120.0082"),
        (119.98, 0.645, 0.645, "119.98 ± 0.65"),
        (1.0, 0.0996, 0.0996, "1.00 ± 0.10"),
        (1234.0, 98.7, 98.7, "1234 ± 99"),
        (10_472_834, 0, 0, "10,472,834"),
        (0.0663325, 0, 0, "0.06633"),
        (-0.0017, 0.0001, 0.0001, "\u22120.00170 ± 0.00010"),
    ],
)
def test_numbers_are_rounded_to_two_digits_of_the_error(value: float, plus: float, minus: float, text: str) -> None:
    assert plain(with_error(value, plus, minus)) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (Measured(0.0198, 0.0006, 0.0006, 0.0004, 3), "", "0.01980 ± 0.00060 ± 0.00040 (3 seeds)"),
        # two digits of the largest error, and at least one of the others
        (Measured(0.4712, 0.00062, 0.00062, 0.29, 2), "%", "0.47 ± 0.0006 ± 0.29 % (2 seeds)"),
        (Measured(0.391, 0.014, 0.008, 0.05, 3), "", "0.391 +0.014 \u22120.008 ± 0.050 (3 seeds)"),
        (Measured(14.3, 0.0, 0.0, 0.1, 5), "dex", "14.30 ± 0.10 dex (5 seeds)"),
        (Measured(3688.0, 0.0, 0.0, 0.0, 3), "", "3,688 ± 0 (3 seeds)"),
        (Measured(0.0198, 0.0006, 0.0006, np.nan, 1), "", "0.01980 ± 0.00060"),
        (Measured(9.04, 0.088, 0.088), "%", "9.040 ± 0.088 %"),
    ],
)
def test_a_number_has_its_statistical_error_and_its_scatter(number: Measured, unit: str, text: str) -> None:
    assert plain(with_scatter(number, unit)).replace("\N{NO-BREAK SPACE}", " ") == text


# of results, and of what is apart
SECTIONS = [
    *{section_of(paper.where) for paper in PUBLISHED.values() if paper.basis not in APART},
    *{section_of(paper.where) for paper in PUBLISHED.values() if paper.basis in APART},
]


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


def unseen_numbers() -> pd.DataFrame:
    """The paper's numbers, and three on unseen clusters, one of which has no twin on the test catalogs."""
    values = {"unseen_delta_sigma8_no_wl": 0.027, "unseen_bias_no_wl": -0.008, "unseen_share": 0.6}
    table = of_paper(**values).set_index("name")
    table.loc["unseen_share", "meaning"] = "share of a_b"
    return with_errors(table.reset_index(), unseen_bias_no_wl=(0.0012, 0.0005, 3))


def test_the_page_is_well_formed_and_needs_nothing_but_itself() -> None:
    card = compare(of_paper(delta_sigma8_no_wl=0.05), FACTS, alternatives=alternatives())
    text = page(card, unseen_numbers(), alternatives(), FACTS)
    checker = _Checker()
    checker.feed(text)
    assert checker.open == []
    assert checker.seen.count("table") == 4
    causes = checker.attributes.count(("class", "causes"))
    assert causes > 1
    rows = len(PUBLISHED) + len(ALTERNATIVES) + 1 + 3
    assert checker.seen.count("tr") == rows + checker.seen.count("table") + len(SECTIONS) + causes
    assert {name for name, _ in checker.attributes} <= {
        *("lang", "charset", "name", "content", "class", "scope", "colspan", "start", "id", "href")
    }
    links = {value for name, value in checker.attributes if name == "href"}
    assert links == {f"#{value}" for name, value in checker.attributes if name == "id"}
    assert not re.search(r"https?:|//|url\(|@import|<script", text)
    assert 'class="not-reproduced"' in text
    assert "surrogate halos" in text
    assert "0.0297" in text


def test_an_explanation_that_rows_share_stands_once() -> None:
    uncertain = of_paper().assign(plus=1e9, minus=1e9)
    card = compare(uncertain, FACTS, alternatives=alternatives())
    shared = card["sentence"].value_counts()
    assert shared.max() > 30
    for made in (page, markdown):
        shown = made(card, of_paper(), alternatives(), FACTS)
        for said in shared.index[shared.index != ""]:
            assert shown.count(html(said) if made is page else text_in_markdown(said)) == 1, said
    lines = [line for line in markdown(card, of_paper(), alternatives(), FACTS).splitlines() if line.startswith("|")]
    assert sum(line.endswith("| 1 |") for line in lines) == shared.max()
    # in the order of the page
    listed = re.findall(r"^(\d+)\. ", markdown(card, of_paper(), alternatives(), FACTS), re.MULTILINE)
    assert listed == [str(number) for number in range(1, len(shared.drop("", errors="ignore")) + 1)]


def test_each_section_says_how_many_of_its_results_have_each_verdict() -> None:
    wrong = of_paper(proxy_scatter_yx=50.0, terse_wl_over_mass=0.5, n_parameters=1.0)
    card = compare(with_errors(wrong, proxy_scatter_terse=(8.0, np.nan, 0)), FACTS)
    results, _, apart = markdown(card, of_paper(), alternatives(), FACTS).partition("## By construction")
    lines = results.splitlines()
    first = {line: lines[number + 2] for number, line in enumerate(lines) if line.startswith("### ")}
    summaries = list(first.values())
    assert len(summaries) == len({section_of(p.where) for p in PUBLISHED.values() if p.basis not in APART})
    total = dict.fromkeys(counts(card), 0)
    for line in summaries:
        for number, verdict in re.findall(r"(\d+) ([a-z ]+)", line):
            total[verdict] += int(number)
    assert total == counts(card)
    assert "too uncertain" in first["### Section 5: interpretation of the network"]
    assert not re.search(r"^\d+ [a-z]", apart, re.MULTILINE)


def test_the_rules_are_at_the_end() -> None:
    card = compare(of_paper(), FACTS)
    for made, fold in ((page, "<details>\n<summary>Rules</summary>"), (markdown, "## Rules")):
        before, _, after = made(card, of_paper(), alternatives(), FACTS).partition(fold)
        assert "Student" in after
        assert "Student" not in before
        assert "<table" not in after
        assert "\n|" not in after


def test_numbers_on_unseen_clusters_stand_beside_those_on_the_test_catalogs() -> None:
    card = compare(of_paper(), FACTS)
    text = markdown(card, unseen_numbers(), alternatives(), FACTS)
    part = text.partition("## Beyond the paper")[2].partition("## By construction")[0]
    assert [line for line in part.splitlines() if line.startswith("|")][2:] == [
        r"| $\Delta\sigma_8$, No WL | 0.027 | 0.0297 |",
        "| mean error of $\\sigma_8$, No WL | \u22120.0080 ± 0.0012 ± 0.0005 (3\u00a0seeds) |  |",
        r"| share of a\_b | 0.6 |  |",
    ]
    assert "Beyond the paper" in page(card, unseen_numbers(), alternatives(), FACTS)
    for made in (page, markdown):
        assert "Beyond the paper" not in made(card, of_paper(), alternatives(), FACTS)


def test_the_page_escapes_what_it_is_given() -> None:
    facts = replace(FACTS, source="<b>&")
    card = compare(of_paper(delta_sigma8_no_wl=0.05), facts)
    assert "<b>&" not in page(card, of_paper(), alternatives(), facts)
    assert "&lt;b&gt;&amp;" in page(card, of_paper(), alternatives(), facts)


def test_no_sigma_of_a_no() -> None:
    card = compare(of_paper(audit_standard=0), FACTS)
    text = markdown(card, of_paper(), alternatives(), FACTS)
    (line,) = (line for line in text.splitlines() if "passes the audit" in line)
    assert line.startswith("| the Standard model passes the audit | section 5.3 | yes | no |  | not reproduced |")


def test_a_yes_of_some_seeds() -> None:
    card = compare(with_errors(of_paper(audit_standard=2 / 3), audit_standard=(0.0, 0.6, 3)), FACTS)
    text = markdown(card, of_paper(), alternatives(), FACTS)
    assert "| yes | yes for 2 of 3\u00a0seeds |  | too uncertain |" in text


def test_the_tables_in_markdown_have_as_many_cells_as_headings() -> None:
    text = markdown(compare(of_paper(), FACTS), of_paper(), alternatives(), FACTS)
    cells = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    # nine numbers of each alternative, with its decision and its name
    assert cells == {9, 12}
    assert text.count("\n|") == len(PUBLISHED) + len(ALTERNATIVES) + 1 + 2 * (1 + len(SECTIONS))
    assert FACTS.made_with in text
    # of which a table of an earlier run has fewer
    few = alternatives().drop(columns=["break_lx", "break_lx_err"])
    assert "median $L_X$ |" not in markdown(compare(of_paper(), FACTS), of_paper(), few, FACTS)


def test_the_page_begins_with_the_headline_numbers() -> None:
    card = compare(of_paper(delta_sigma8_standard=0.0227, delta_sigma8_no_wl=0.05), FACTS)
    text = page(card, of_paper(), alternatives(), FACTS)
    headline, _, table = text.partition("<table>")
    found = counts(card)
    assert found["reproduced"] > found["not reproduced"] > 0
    assert "<b>0.0227</b> \u0394<i>\u03c3</i><sub>8</sub>" in headline
    assert "<b>0.0212\u00a0±\u00a00.0009</b>" in headline
    for verdict, number in found.items():
        assert f"<b>{number}</b> {verdict}</p>" in headline
    for fact in ("surrogate halos", "compact network", "30 epochs"):
        assert fact in headline
    sections = re.findall(r'<th class="section"[^>]*>((?:Section|Appendix) \w)', table)
    results = {section_of(p.where) for p in PUBLISHED.values() if p.basis not in APART}
    assert sections[: len(results)] == [section for section in TITLES if section in results]
    unmeasured = compare(of_paper(delta_sigma8_standard=np.nan), FACTS)
    for made in (page, markdown):
        assert "not measured" in made(unmeasured, of_paper(), alternatives(), FACTS).partition("Results")[0]


def test_formulas_are_typeset_in_the_pages_and_plain_in_the_csv() -> None:
    card = compare(of_paper(proxy_scatter_m_gas=9.0), FACTS, alternatives=alternatives())
    table = pd.read_csv(io.StringIO(csv(card, FACTS))).set_index("name")
    assert "$" not in csv(card, FACTS)
    assert table.loc["delta_sigma8_no_wl", "quantity"] == "Δσ8, No WL"
    assert table.loc["log_m_limit", "unit"] == "h⁻¹ Msun"
    pd.testing.assert_frame_equal(
        table.select_dtypes("number").reset_index(drop=True), card.select_dtypes("number").reset_index(drop=True)
    )
    shown = _Shown()
    shown.feed(page(card, of_paper(unseen_bias_no_wl=-0.01), alternatives(), FACTS))
    assert not re.search(r"\$|\\[a-z]|sigma|_|\^", shown.text)
    assert r"$M_\mathrm{gas}$" in markdown(card, of_paper(), alternatives(), FACTS)


class _Shown(HTMLParser):
    """The text that a reader sees."""

    text, inside = "", True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag != "style"

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""


def test_the_report_opens_with_the_headline_numbers() -> None:
    numbers = unseen_numbers()
    card = compare(numbers, FACTS, alternatives=alternatives())
    shown = publish_parts(headlines(card, numbers, FACTS), writer="html", settings_overrides={"halt_level": 2})["body"]
    assert shown.count("<tr") == 7 + 4
    assert "0.0212" in shown
    assert "prescriptive" in shown
    assert f"{counts(card)['reproduced']} reproduced" in shown
    assert "Section 5: interpretation of the network: " in shown
    assert "unseen clusters" in shown
    without = headlines(card, of_paper(), FACTS)
    assert "unseen" not in without
    publish_parts(without, writer="html", settings_overrides={"halt_level": 2})
