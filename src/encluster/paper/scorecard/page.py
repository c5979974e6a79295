"""The scorecard as pages: Markdown, and HTML that needs no other file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from encluster.paper.published import DELTA_SIGMA8, PUBLISHED
from encluster.paper.published_value import APART, DELTA_S8, M_GAS, N_CLUSTER, SIGMA8
from encluster.paper.scorecard.comparison import counts
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.formatting import with_error, with_scatter
from encluster.paper.scorecard.measured import Measured
from encluster.paper.scorecard.sentences import alternative_name
from encluster.paper.scorecard.unseen import ABOUT as ABOUT_UNSEEN
from encluster.paper.scorecard.unseen import unseen
from encluster.paper.scorecard.verdicts import RULES
from encluster.paper.sections import TITLES, section_of
from encluster.paper.typesetting import Table, render

HEADINGS = ("Quantity", "Where", "Paper", "This run", "Difference", "Verdict", "Condition", "Cause")
# the columns of alternatives.csv that are shown, if it has them, and the paper's number
_ALTERNATIVES = {
    "mean_n": (f"mean {N_CLUSTER}", "mean_n_clusters"),
    "mapping": (f"{N_CLUSTER} mapping", "delta_sigma8_n_cluster_mapping"),
    "mapping_near_100": ("near 100", "delta_sigma8_n_cluster_mapping"),
    "scatter_n_yx": (rf"{SIGMA8} scatter at given {N_CLUSTER}, $Y_X$", "sigma8_scatter_at_n_yx"),
    "break_yx": (r"$M_\mathrm{break}$ and median $Y_X$", ""),
    "break_lx": (r"$M_\mathrm{break}$ and median $L_X$", ""),
    "proxy_m_gas": (f"{M_GAS} [%]", "proxy_scatter_m_gas"),
    "proxy_yx": ("$Y_X$ [%]", "proxy_scatter_yx"),
    "proxy_m_wl": (r"$M_\mathrm{WL}$ [%]", ""),
}
ABOUT_ALTERNATIVES = (
    "The paper's text allows more than one interpretation. This table compares them by statistics that need no "
    rf"network: the mean number of clusters; the scatter of {SIGMA8} predicted from {N_CLUSTER}, for all testing "
    rf"catalogs and for those with 90--110 clusters; the scatter of {SIGMA8} at given {N_CLUSTER} and median $Y_X$; "
    r"rank correlations of $M_\mathrm{break}$ with the median $Y_X$ and $L_X$ of the catalogs, which are positive in "
    "Fig. 13; and the scatter of mass proxies, with each catalog's own offset removed."
)
ABOUT_APART = (
    "These are true by construction or were given to the simulation or to the network. They are compared, but they are "
    "no results and are counted nowhere."
)


@dataclass(frozen=True, kw_only=True)
class Section:
    """The rows of one section of the paper.

    Parameters
    ----------
    title : str
        The section.
    summary : str
        How many of its results have each verdict; empty where nothing is counted.
    table : Table
        A row per number.
    causes : dict of int to str
        The explanations that no earlier section has, by their numbers in the last column of the table.
    """

    title: str
    summary: str
    table: Table
    causes: dict[int, str]


def markdown(card: pd.DataFrame, numbers: pd.DataFrame, alternatives: pd.DataFrame, facts: Facts) -> str:
    """Return the scorecard as Markdown.

    Parameters
    ----------
    card : pd.DataFrame
        What `encluster.paper.scorecard.comparison.compare` returns.
    numbers : pd.DataFrame
        Our numbers.
    alternatives : pd.DataFrame
        What `encluster.paper.alternative_statistics.compare_alternatives` returns.
    facts : Facts
        What made our numbers.

    Returns
    -------
    str
        The content of scorecard.md.
    """
    return render("scorecard.md", **_content(card, numbers, alternatives, facts))


def page(card: pd.DataFrame, numbers: pd.DataFrame, alternatives: pd.DataFrame, facts: Facts) -> str:
    """Return the scorecard as one HTML page.

    Parameters
    ----------
    card, numbers, alternatives, facts : pd.DataFrame, pd.DataFrame, pd.DataFrame, Facts
        As `markdown` takes them.

    Returns
    -------
    str
        The content of scorecard.html.
    """
    return render("scorecard.html", **_content(card, numbers, alternatives, facts))


def headlines(card: pd.DataFrame, numbers: pd.DataFrame, facts: Facts) -> str:
    """Return the headline numbers as reStructuredText, with which the report of Snakemake opens.

    Parameters
    ----------
    card, numbers, facts : pd.DataFrame, pd.DataFrame, Facts
        As `markdown` takes them.

    Returns
    -------
    str
        The content of headlines.rst.
    """
    rows = card.set_index("name")
    names = [f"delta_sigma8_{case}" for case in (*DELTA_SIGMA8, "prescriptive")]
    compared = [(PUBLISHED[name].quantity, _as_printed(name), _as_measured(rows.loc[name])) for name in names]
    return render(
        "headlines.rst",
        rows=compared,
        unseen=unseen(numbers).rows,
        counts=_counted(card),
        summaries=[f"{section.title}: {section.summary}." for section in _sections(_results(card), {})],
        made_with=facts.made_with,
    )


def _content(card: pd.DataFrame, numbers: pd.DataFrame, alternatives: pd.DataFrame, facts: Facts) -> dict[str, Any]:
    labels: dict[str, int] = {}  # an explanation that several rows share has one number
    return {
        "label": "Scorecard",
        "made_with": facts.made_with,
        "headline": f"{DELTA_S8} of the Standard catalogs",
        "ours": _as_measured(card.set_index("name").loc["delta_sigma8_standard"]),
        "paper": _as_printed("delta_sigma8_standard"),
        "counts": counts(card),
        "counted": _counted(card),
        "results": _sections(_results(card), labels),
        "about_unseen": ABOUT_UNSEEN,
        "unseen": unseen(numbers),
        "about_apart": ABOUT_APART,
        "apart": _sections(card.drop(_results(card).index), labels),
        "about_alternatives": ABOUT_ALTERNATIVES,
        "alternatives": _alternatives(alternatives),
        "rules": RULES,
    }


def _results(card: pd.DataFrame) -> pd.DataFrame:
    return card[~card["basis"].isin(APART)]


def _counted(card: pd.DataFrame) -> str:
    return ", ".join(f"{number} {verdict}" for verdict, number in counts(card).items() if number)


def _sections(card: pd.DataFrame, labels: dict[str, int]) -> list[Section]:
    """Return the sections of the paper in their order; `labels` receives the numbers of the explanations."""
    of_rows = card["where"].map(section_of)
    sections = []
    for section, title in TITLES.items():
        rows, known = card[of_rows == section], len(labels)
        for said in rows["sentence"]:
            if said and said not in labels:
                labels[said] = len(labels) + 1
        if len(rows):
            cells = [_cells(row, labels) for row in rows.to_dict("records")]
            causes = {number: said for said, number in labels.items() if number > known}
            table = Table.of(HEADINGS, cells, align=False)
            sections.append(Section(title=f"{section}: {title}", summary=_counted(rows), table=table, causes=causes))
    return sections


def _cells(row: Any, labels: Mapping[str, int]) -> list[str]:
    difference = rf"${row['sigma']:+.1f}\sigma$" if np.isfinite(row["sigma"]) and row["sigma"] else ""
    printed, measured = _as_printed(row["name"]), _as_measured(row)
    cause = str(labels.get(row["sentence"], ""))
    return [row["quantity"], row["where"], printed, measured, difference, row["verdict"], row["condition"], cause]


def _as_measured(row: Any) -> str:
    """Return a number of ours with its errors and unit; empty if it is not measured."""
    ours = Measured(*(row[name] for name in ("ours", "ours_plus", "ours_minus", "ours_scatter", "networks")))
    if not np.isfinite(ours.value):
        return ""
    if row["words"] == "yes":
        if 0 < ours.value < 1:
            return f"yes for {ours.value * ours.networks:.0f} of {ours.networks}\N{NO-BREAK SPACE}seeds"
        return "yes" if ours.value else "no"
    return with_scatter(ours, row["unit"])


def _as_printed(name: str) -> str:
    """Return a number of the paper, or its words."""
    paper = PUBLISHED[name]
    sign = "at most " if paper.rule == "at most" else ""
    return paper.words or f"{sign}{_printed_number(name)} {paper.unit}".strip()


def _printed_number(name: str) -> str:
    """Return a number of the paper with the digits of the paper, without its unit; empty for no name."""
    if not name:
        return ""
    paper, digits = PUBLISHED[name], PUBLISHED[name].decimals
    text = f"{paper.value:,.{digits}f}".replace(",", "{,}")
    if paper.plus and paper.plus == paper.minus:
        text += rf" \pm {paper.plus:.{digits}f}"
    elif paper.plus:
        text += f"^{{+{paper.plus:.{digits}f}}}_{{-{paper.minus:.{digits}f}}}"
    return f"${text}$"


def _alternatives(alternatives: pd.DataFrame) -> Table:
    shown = {name: about for name, about in _ALTERNATIVES.items() if name in alternatives}
    rows = [["", "the paper", *(_printed_number(name) for _, name in shown.values())]]
    for row in alternatives.to_dict("records"):
        note = f" ({row['note']})" if isinstance(row["note"], str) and row["note"] else ""
        numbers = [
            with_error(row[name], row[f"{name}_err"], row[f"{name}_err"]) if np.isfinite(row[name]) else ""
            for name in shown
        ]
        decision = "" if row["is_default"] else row["decision"]
        rows.append([decision, alternative_name(row["reading"]) + note, *numbers])
    return Table.of(("Decision", "Alternative", *(heading for heading, _ in shown.values())), rows)
