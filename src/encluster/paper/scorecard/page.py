"""The scorecard as pages: Markdown, and HTML that needs nothing but itself."""

import html
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from encluster.paper.published import PUBLISHED
from encluster.paper.scorecard.comparison import counts
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.formatting import with_error
from encluster.paper.scorecard.sentences import READ, nearest_alternative
from encluster.paper.scorecard.verdicts import RULE

HEADINGS = ("Quantity", "Where", "Paper", "Ours", "Difference", "Verdict", "What differs")
ALTERNATIVE_HEADINGS = (
    "Decision",
    "Reading",
    "Mean N_cluster",
    "N_cluster mapping",
    "near 100",
    "M_gas [%]",
    "Y_X [%]",
    "M_WL [%]",
)
ALTERNATIVE_COLUMNS = ("mean_n", "mapping", "mapping_near_100", "proxy_m_gas", "proxy_yx", "proxy_m_wl")
ABOUT_ALTERNATIVES = (
    "Where the text can be read in more than one way, each alternative is run on statistics that need no "
    "network: the mean "
    "number of clusters; the scatter of sigma8 predicted from it, on the testing set and on those of its catalogs "
    "that have 90-110 clusters; and the scatter of mass proxies, each catalog's own offset removed."
)
TITLE = "Scorecard: the paper's numbers and ours"


def markdown(card: pd.DataFrame, alternatives: pd.DataFrame, facts: Facts) -> str:
    """Return the scorecard as Markdown."""
    results, inputs = _split(card)
    lines = [f"# {TITLE}", "", facts.made_with, "", f"{_summary(card)} {RULE}", ""]
    lines += [
        *_markdown_table(HEADINGS, _rows(results)),
        "",
        "## Alternative interpretations of the text",
        "",
        ABOUT_ALTERNATIVES,
        "",
    ]
    lines += [*_markdown_table(ALTERNATIVE_HEADINGS, _alternative_rows(alternatives)), ""]
    lines += [f"* {said}" for said in _nearest(alternatives)]
    return "\n".join([*lines, "", "## Inputs", "", *_markdown_table(HEADINGS, _rows(inputs)), ""])


def page(card: pd.DataFrame, alternatives: pd.DataFrame, facts: Facts) -> str:
    """Return the scorecard as one HTML page."""
    results, inputs = _split(card)
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{TITLE}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{TITLE}</h1>",
            f'<p class="made">{pretty(facts.made_with)}</p>',
            f"<p>{pretty(_summary(card))}</p>",
            _html_table(HEADINGS, _rows(results), verdict=HEADINGS.index("Verdict")),
            f'<p class="note">{pretty(RULE)}</p>',
            "<h2>Alternative interpretations of the text</h2>",
            f"<p>{pretty(ABOUT_ALTERNATIVES)}</p>",
            _html_table(ALTERNATIVE_HEADINGS, _alternative_rows(alternatives)),
            f"<ul>{''.join(f'<li>{pretty(said)}</li>' for said in _nearest(alternatives))}</ul>",
            "<h2>Inputs</h2>",
            _html_table(HEADINGS, _rows(inputs), verdict=HEADINGS.index("Verdict")),
            "</main>\n</body>\n</html>\n",
        ]
    )


def pretty(text: str) -> str:
    """Return plain text as HTML, with the field's symbols."""
    text = html.escape(text, quote=False)
    for pattern, replacement in _SYMBOLS:
        text = re.sub(pattern, replacement, text)
    return text


_SYMBOLS = (
    (r"\bDelta sigma8\b", "\N{GREEK CAPITAL LETTER DELTA}sigma8"),
    (r"sigma8\b", "\N{GREEK SMALL LETTER SIGMA}<sub>8</sub>"),
    (r"\bsigma_WL\b", "\N{GREEK SMALL LETTER SIGMA}<sub>WL</sub>"),
    (r"\b(\d)( ?)sigma\b", "\\1\\2\N{GREEK SMALL LETTER SIGMA}"),
    (r"\bOmega_", "\N{GREEK CAPITAL LETTER OMEGA}_"),
    (r"\bgamma\b", "\N{GREEK SMALL LETTER GAMMA}"),
    (r"\b10\^([\d.]+\d)", r"10<sup>\1</sup>"),
    (r"\bM\^A\b", "M<sup>A</sup>"),
    (r"\bcm2\b", "cm<sup>2</sup>"),
    (r"\bMsun\b", "M<sub>\N{CIRCLED DOT OPERATOR}</sub>"),
    (r"\b(R|M)500\b", r"\1<sub>500</sub>"),
    (r"\b([A-Za-z]|\N{GREEK CAPITAL LETTER OMEGA})_(cluster|break|min|gas|obs|WL|X|m|b|s|ref)\b", r"\1<sub>\2</sub>"),
    (r"\bX0\b", "X<sub>0</sub>"),
    (r"\blog10\b", "log<sub>10</sub>"),
    (r"(?<=\d) ± (?=\d)", "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}"),
    (r"(?<=\d) (\+[\d.]+) -(?=\d)", "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}\N{MINUS SIGN}"),
    (r"(?<=\d) (?=(%|dex|million|keV|R<)(?!\w))", "\N{NO-BREAK SPACE}"),
    (r"(?<![\w.])-(?=\d)", "\N{MINUS SIGN}"),
    (r"(?<=\d)-(?=\d)", "\N{EN DASH}"),
)


def _split(card: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return card[card["basis"] != "input"], card[card["basis"] == "input"]


def _summary(card: pd.DataFrame) -> str:
    found = counts(card)
    said = ", ".join(f"{number} {verdict}" for verdict, number in found.items())
    return f"Of {sum(found.values())} published results: {said}."


def _rows(card: pd.DataFrame) -> list[list[str]]:
    rows = []
    for row in card.to_dict("records"):
        paper = PUBLISHED[row["name"]]
        unit = f" {paper.unit}" if paper.unit else ""
        ours = with_error(row["ours"], row["ours_plus"], row["ours_minus"]) + unit if np.isfinite(row["ours"]) else ""
        if paper.words == "yes":
            ours = {"1": "yes", "0": "no"}.get(ours, ours)
        sigma = f"{row['sigma']:+.1f} sigma" if np.isfinite(row["sigma"]) and row["sigma"] else ""
        printed = _as_printed(row["name"])
        rows.append([row["quantity"], row["where"], printed, ours, sigma, row["verdict"], row["sentence"]])
    return rows


def _as_printed(name: str) -> str:
    """Return a number of the paper as the paper writes it."""
    paper = PUBLISHED[name]
    if paper.words:
        return paper.words
    digits = paper.decimals
    text = f"{paper.value:,.{digits}f}"
    if paper.plus and paper.plus == paper.minus:
        text += f" ± {paper.plus:.{digits}f}"
    elif paper.plus:
        text += f" +{paper.plus:.{digits}f} -{paper.minus:.{digits}f}"
    sign = "at most " if paper.rule == "at most" else ""
    return f"{sign}{text}{' ' + paper.unit if paper.unit else ''}"


def _alternative_rows(alternatives: pd.DataFrame) -> list[list[str]]:
    rows = []
    for row in alternatives.to_dict("records"):
        first = ["" if row["is_default"] else row["decision"], row["reading"]]
        if np.isfinite(row["mean_n"]):
            first += [
                with_error(row[name], row[f"{name}_err"], row[f"{name}_err"]) if np.isfinite(row[name]) else ""
                for name in ALTERNATIVE_COLUMNS
            ]
        else:
            first += [row["note"], *[""] * (len(ALTERNATIVE_COLUMNS) - 1)]
        rows.append([str(cell) for cell in first])
    published = [_as_printed(name) for name in ("mean_n_clusters", "delta_sigma8_n_cluster_mapping")]
    proxies = [f"{PUBLISHED[f'proxy_scatter_{name}'].value}" for name in ("m_gas", "yx")]
    return [["", "the paper", *published, published[1], *proxies, ""], *rows]


def _nearest(alternatives: pd.DataFrame) -> list[str]:
    said = []
    for name in READ:
        about = nearest_alternative(name, PUBLISHED[name], alternatives)
        if about:
            said.append(f"{PUBLISHED[name].quantity}, {_as_printed(name)} in the paper. {about}")
    return said


def _markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    head, *body = ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (headings, *rows))
    return [head, "|" + "---|" * len(headings), *body]


def _html_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, verdict: int | None = None) -> str:
    def line(cells: Sequence[str]) -> str:
        written = []
        for k, cell in enumerate(cells):
            kind = f' class="{cell.replace(" ", "-")}"' if k == verdict else ""
            written.append(f"<td{kind}>{pretty(cell)}</td>")
        return f"<tr>{''.join(written)}</tr>"

    head = "".join(f'<th scope="col">{pretty(name)}</th>' for name in headings)
    body = "\n".join(line(row) for row in rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


STYLE = """
body{margin:0;background:#fff;color:#222;font:16px/1.5 Georgia,"Times New Roman",serif}
main{max-width:84rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1{font-size:1.7rem;font-weight:normal;margin:0 0 .6rem}
h2{font-size:1.25rem;font-weight:normal;margin:2.6rem 0 .4rem}
p,li{max-width:56rem}
.made{font-style:italic;border-left:3px solid #440154;padding-left:.9rem}
.note{font-size:.85rem;color:#555}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.88rem;line-height:1.4;margin:.8rem 0;width:100%}
thead{border-top:2px solid #222;border-bottom:1px solid #222}
tbody{border-bottom:2px solid #222}
tbody tr+tr{border-top:1px solid #e4e4e4}
th,td{text-align:left;vertical-align:top;padding:.36rem .9rem .36rem 0;font-variant-numeric:lining-nums tabular-nums}
th{font-weight:normal;font-style:italic;white-space:nowrap}
td:last-child{padding-right:0}
sub,sup{font-size:.75em;line-height:0}
td[class]{white-space:nowrap}
td[class]::before{content:"";display:inline-block;width:.62em;height:.62em;border-radius:50%;margin-right:.45em;
background:#fff;border:1.5px solid #888}
td.reproduced::before,td.as-published::before{background:#21908c;border-color:#21908c}
td.not-reproduced::before,td.not-as-published::before{background:#e6a817;border-color:#440154}
td.not-comparable::before{background:#bbb;border-color:#888}
td.reproduced,td.as-published{color:#12605d}
td.not-reproduced,td.not-as-published{color:#440154;font-weight:bold}
td.not-comparable,td.not-measured{color:#555}
@media print{main{max-width:none;padding:0}body{font-size:11px}tr{break-inside:avoid}}
"""
