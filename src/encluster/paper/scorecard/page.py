"""The scorecard as pages: Markdown, and HTML that needs no other file."""

from typing import Any

import numpy as np
import pandas as pd

from encluster.paper.published import DELTA_SIGMA8, PUBLISHED
from encluster.paper.published_value import DELTA_S8, M_GAS, N_CLUSTER
from encluster.paper.scorecard.comparison import counts
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.formatting import with_error
from encluster.paper.scorecard.sentences import READ, alternative_name, nearest_alternative
from encluster.paper.scorecard.verdicts import RULE
from encluster.paper.sections import TITLES, section_of
from encluster.paper.typesetting import Table, render

HEADINGS = ("Quantity", "Where", "Paper", "This run", "Difference", "Verdict", "What differs")
# the columns of alternatives.csv that are shown
_SHOWN = {
    "mean_n": f"mean {N_CLUSTER}",
    "mapping": f"{N_CLUSTER} mapping",
    "mapping_near_100": "near 100",
    "proxy_m_gas": f"{M_GAS} [%]",
    "proxy_yx": "$Y_X$ [%]",
    "proxy_m_wl": r"$M_\mathrm{WL}$ [%]",
}
ABOUT_ALTERNATIVES = (
    "The paper's text allows more than one interpretation. This table compares them by statistics that need no "
    rf"network: the mean number of clusters; the scatter of $\sigma_8$ predicted from {N_CLUSTER}, for all testing "
    "catalogs and for those with 90--110 clusters; and the scatter of mass proxies, with each catalog's own offset "
    "removed."
)


def markdown(card: pd.DataFrame, alternatives: pd.DataFrame, facts: Facts) -> str:
    """Return the scorecard as Markdown.

    Parameters
    ----------
    card : pd.DataFrame
        What `encluster.paper.scorecard.comparison.compare` returns.
    alternatives : pd.DataFrame
        What `encluster.paper.alternative_statistics.compare_alternatives` returns.
    facts : Facts
        What made our numbers.

    Returns
    -------
    str
        The content of scorecard.md.
    """
    return render("scorecard.md", **_content(card, alternatives, facts))


def page(card: pd.DataFrame, alternatives: pd.DataFrame, facts: Facts) -> str:
    """Return the scorecard as one HTML page.

    Parameters
    ----------
    card, alternatives, facts : pd.DataFrame, pd.DataFrame, Facts
        As `markdown` takes them.

    Returns
    -------
    str
        The content of scorecard.html.
    """
    return render("scorecard.html", **_content(card, alternatives, facts))


def headlines(card: pd.DataFrame, facts: Facts) -> str:
    """Return the headline numbers as reStructuredText, with which the report of Snakemake opens.

    Parameters
    ----------
    card, facts : pd.DataFrame, Facts
        As `markdown` takes them.

    Returns
    -------
    str
        The content of headlines.rst.
    """
    rows = card.set_index("name")
    names = [f"delta_sigma8_{case}" for case in (*DELTA_SIGMA8, "prescriptive")]
    compared = [(PUBLISHED[name].quantity, _as_printed(name), _as_measured(rows.loc[name])) for name in names]
    return render("headlines.rst", rows=compared, counts=counts(card), made_with=facts.made_with)


def _content(card: pd.DataFrame, alternatives: pd.DataFrame, facts: Facts) -> dict[str, Any]:
    """Return what the templates show."""
    inputs = card["basis"] == "input"
    standard = card.set_index("name").loc["delta_sigma8_standard"]
    return {
        "label": "Scorecard",
        "made_with": facts.made_with,
        "headline": f"{DELTA_S8} of the Standard catalogs",
        "ours": _as_measured(standard),
        "paper": _as_printed("delta_sigma8_standard"),
        "counts": counts(card),
        "rule": RULE,
        "results": _sections(card[~inputs]),
        "inputs": _sections(card[inputs]),
        "about_alternatives": ABOUT_ALTERNATIVES,
        "alternatives": _alternatives(alternatives),
        "nearest": _nearest(alternatives),
    }


def _sections(card: pd.DataFrame) -> dict[str, Table]:
    """Return a table for each section of the paper, in the order of the paper."""
    sections = card["where"].map(section_of)
    tables = {}
    for section, title in TITLES.items():
        rows = [_cells(row) for row in card[sections == section].to_dict("records")]
        if rows:
            tables[f"{section}: {title}"] = Table.of(HEADINGS, rows, align=False)
    return tables


def _cells(row: Any) -> list[str]:
    sigma = rf"${row['sigma']:+.1f}\sigma$" if np.isfinite(row["sigma"]) and row["sigma"] else ""
    printed, measured = _as_printed(row["name"]), _as_measured(row)
    return [row["quantity"], row["where"], printed, measured, sigma, row["verdict"], row["sentence"]]


def _as_measured(row: Any) -> str:
    """Return a number of ours with its error and unit; empty if it is not measured."""
    if not np.isfinite(row["ours"]):
        return ""
    if row["words"] == "yes":
        return "yes" if row["ours"] == 1 else "no"
    return f"{with_error(row['ours'], row['ours_plus'], row['ours_minus'])} {row['unit']}".strip()


def _as_printed(name: str) -> str:
    """Return a number of the paper with the digits of the paper."""
    paper = PUBLISHED[name]
    if paper.words:
        return paper.words
    digits = paper.decimals
    text = f"{paper.value:,.{digits}f}".replace(",", "{,}")
    if paper.plus and paper.plus == paper.minus:
        text += rf" \pm {paper.plus:.{digits}f}"
    elif paper.plus:
        text += f"^{{+{paper.plus:.{digits}f}}}_{{-{paper.minus:.{digits}f}}}"
    sign = "at most " if paper.rule == "at most" else ""
    return f"{sign}${text}$ {paper.unit}".strip()


def _alternatives(alternatives: pd.DataFrame) -> Table:
    mapping, proxies = _as_printed("delta_sigma8_n_cluster_mapping"), ("proxy_scatter_m_gas", "proxy_scatter_yx")
    mean = f"{PUBLISHED['mean_n_clusters'].value:.0f}"
    rows = [["", "the paper", mean, mapping, mapping, *(f"{PUBLISHED[name].value}" for name in proxies), ""]]
    for row in alternatives.to_dict("records"):
        note = f" ({row['note']})" if isinstance(row["note"], str) and row["note"] else ""
        numbers = [
            with_error(row[name], row[f"{name}_err"], row[f"{name}_err"]) if np.isfinite(row[name]) else ""
            for name in _SHOWN
        ]
        decision = "" if row["is_default"] else row["decision"]
        rows.append([decision, alternative_name(row["reading"]) + note, *numbers])
    return Table.of(("Decision", "Alternative", *_SHOWN.values()), rows)


def _nearest(alternatives: pd.DataFrame) -> list[str]:
    said = []
    for name in READ:
        about = nearest_alternative(name, PUBLISHED[name], alternatives)
        if about:
            said.append(f"{PUBLISHED[name].quantity}, {_as_printed(name)} in the paper. {about}")
    return said
