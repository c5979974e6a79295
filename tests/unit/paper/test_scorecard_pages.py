"""The scorecard as pages, and the numbers as macros."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from docutils.core import publish_parts

import factories as examples
from encluster.paper import numbers as reduction
from encluster.paper.alternatives import ALTERNATIVES
from encluster.paper.published import INPUTS, PUBLISHED
from encluster.paper.scorecard.comparison import compare, counts, csv
from encluster.paper.scorecard.formatting import with_error
from encluster.paper.scorecard.macros import PREFIX, macro_name, macros
from encluster.paper.scorecard.page import headlines, markdown, page
from encluster.paper.sections import TITLES, section_of
from encluster.paper.typesetting import plain
from scorecards import FACTS, alternatives, of_paper


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


# of results and of inputs
SECTIONS = [
    *{section_of(paper.where) for paper in PUBLISHED.values() if paper.basis != "input"},
    *{section_of(paper.where) for paper in INPUTS.values()},
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


def test_the_page_is_well_formed_and_needs_nothing_but_itself() -> None:
    card = compare(of_paper(delta_sigma8_no_wl=0.05), FACTS, alternatives=alternatives())
    text = page(card, alternatives(), FACTS)
    checker = _Checker()
    checker.feed(text)
    assert checker.open == []
    assert checker.seen.count("table") == 3
    assert checker.seen.count("tr") == len(PUBLISHED) + len(ALTERNATIVES) + 1 + 3 + len(SECTIONS)
    assert {name for name, _ in checker.attributes} <= {
        "lang",
        "charset",
        "name",
        "content",
        "class",
        "scope",
        "colspan",
    }
    assert not re.search(r"https?:|//|url\(|@import|<script", text)
    assert 'class="not-reproduced"' in text
    assert "surrogate halos" in text
    assert "0.0297" in text


def test_the_page_escapes_what_it_is_given() -> None:
    facts = replace(FACTS, source="<b>&")
    card = compare(of_paper(delta_sigma8_no_wl=0.05), facts)
    assert "<b>&" not in page(card, alternatives(), facts)
    assert "&lt;b&gt;&amp;" in page(card, alternatives(), facts)


def test_no_sigma_of_a_no() -> None:
    card = compare(of_paper(audit_standard=0), FACTS)
    (line,) = (line for line in markdown(card, alternatives(), FACTS).splitlines() if "passes the audit" in line)
    assert line.startswith("| the Standard model passes the audit | section 5.3 | yes | no |  | not reproduced |")


def test_the_tables_in_markdown_have_as_many_cells_as_headings() -> None:
    text = markdown(compare(of_paper(), FACTS), alternatives(), FACTS)
    cells = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert cells == {8, 9}
    assert text.count("\n|") == len(PUBLISHED) + len(ALTERNATIVES) + 1 + 2 * (1 + len(SECTIONS))
    assert FACTS.made_with in text


def test_the_page_begins_with_the_headline_numbers() -> None:
    card = compare(of_paper(delta_sigma8_standard=0.0227, delta_sigma8_no_wl=0.05), FACTS)
    text = page(card, alternatives(), FACTS)
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
    assert sections[:6] == list(TITLES)
    unmeasured = compare(of_paper(delta_sigma8_standard=np.nan), FACTS)
    for made in (page, markdown):
        assert "not measured" in made(unmeasured, alternatives(), FACTS).partition("Results")[0]


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
    shown.feed(page(card, alternatives(), FACTS))
    assert not re.search(r"\$|\\[a-z]|sigma|_|\^", shown.text)
    assert r"$M_\mathrm{gas}$" in markdown(card, alternatives(), FACTS)


class _Shown(HTMLParser):
    """The text that a reader sees."""

    text, inside = "", True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag != "style"

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""


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
    assert r"\newcommand{\encDeltaSigmaEightNoWl}{\ensuremath{0.0200 \pm 0.0010}} % Δσ8, No WL" in text
    assert r"\newcommand{\encNParameters}{\ensuremath{10{,}472{,}834}}" in text
    assert r"\newcommand{\encSource}{surrogate}" in text


def test_macros_of_odd_numbers() -> None:
    table = pd.DataFrame(
        {
            "name": ["tiny", "skew", "unknown", "over nothing"],
            "value": [1.5e-7, 0.391, np.nan, np.inf],
            "plus": [0, 0.014, 0, 0],
            "minus": [0, 0.011, 0, np.nan],
            "unit": "",
            "meaning": "",
            "figure": "",
        }
    )
    text = macros(table, FACTS)
    assert r"\ensuremath{1.5 \times 10^{-7}}" in text
    assert r"\ensuremath{0.391^{+0.014}_{-0.011}}" in text
    assert r"\encUnknown}{\ensuremath{\mathrm{n/a}}}" in text
    assert r"\encOverNothing}{\ensuremath{\mathrm{n/a}}}" in text


def test_two_numbers_cannot_share_a_macro() -> None:
    table = of_paper().iloc[:2].assign(name=["m_500", "m500"], unit="", meaning="", figure="")
    with pytest.raises(ValueError, match=r"'m500' would have the macro \\encMFiveZeroZero, which another number has"):
        macros(table, FACTS)
    assert macro_name("m500") == "encMFiveZeroZero"


def test_the_report_opens_with_the_headline_numbers() -> None:
    numbers = of_paper()
    card = compare(numbers, FACTS, alternatives=alternatives())
    shown = publish_parts(headlines(card, FACTS), writer="html", settings_overrides={"halt_level": 2})["body"]
    assert shown.count("<tr") == 7
    assert "0.0212" in shown
    assert "prescriptive" in shown
    assert f"{counts(card)['reproduced']} reproduced" in shown
