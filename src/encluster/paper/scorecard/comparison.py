"""Our numbers beside the paper's, one row each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from encluster.paper.published import CONSTANT, NOT_MEASURED, PUBLISHED
from encluster.paper.published_value import Published
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.sentences import sentence
from encluster.paper.scorecard.verdicts import (
    AS_PUBLISHED,
    NOT_COMPARABLE,
    NOT_REPRODUCED,
    REPRODUCED,
    UNMEASURED,
    judge,
)
from encluster.paper.typesetting import plain

_TEXTS = ("quantity", "where", "unit", "words", "sentence")  # columns of `Row` that may hold formulas


@dataclass(frozen=True, kw_only=True)
class Row:
    """One published number beside ours.

    Parameters
    ----------
    name, quantity, where, basis, unit, words : str
        Of the published number; see `encluster.paper.published_value.Published`.
    published, published_plus, published_minus : float
        The paper's number with its errors.
    ours, ours_plus, ours_minus : float
        Our number with its errors; NaN if this run has not measured it.
    difference : float
        Ours minus the paper's; NaN if the two cannot be compared.
    sigma : float
        The difference in units of the combined error; see `encluster.paper.scorecard.verdicts.judge`.
    verdict, sentence : str
        Whether the number is reproduced, and the reason if it is not.
    """

    name: str
    quantity: str
    where: str
    basis: str
    unit: str
    published: float
    published_plus: float
    published_minus: float
    words: str
    ours: float
    ours_plus: float
    ours_minus: float
    difference: float
    sigma: float
    verdict: str
    sentence: str


def compare(
    numbers: pd.DataFrame,
    facts: Facts,
    *,
    alternatives: pd.DataFrame | None = None,
    published: Mapping[str, Published] = PUBLISHED,
) -> pd.DataFrame:
    """Return a row per published number, in the order of the paper.

    Parameters
    ----------
    numbers : pd.DataFrame
        Our numbers: ``name``, ``value``, ``plus``, ``minus``.
    facts : Facts
        What made them.
    alternatives : pd.DataFrame, optional
        What `encluster.paper.alternative_statistics.compare_alternatives` returns.
    published : Mapping of str to Published, optional
        The numbers to compare with.

    Returns
    -------
    pd.DataFrame
        The columns of `Row`; texts may hold formulas.
    """
    measured = {
        str(row["name"]): {key: float(row[key]) for key in ("value", "plus", "minus")}
        for row in numbers.to_dict("records")
        if np.isfinite(row["value"])
    }
    nothing = {"value": np.nan, "plus": 0.0, "minus": 0.0}
    rows = []
    for name, paper in published.items():
        # a number of a network that predicts a constant measures nothing
        constant = [model for model in paper.models if measured.get(f"{CONSTANT}{model}", nothing)["value"] == 1]
        ours = nothing if constant else measured.get(name, nothing)
        value, plus, minus = ours.values()
        verdict, difference, sigma = judge(paper, value, plus, minus)
        rows.append(
            Row(
                name=name,
                quantity=paper.quantity,
                where=paper.where,
                basis=paper.basis,
                unit=paper.unit,
                published=paper.value,
                published_plus=paper.plus,
                published_minus=paper.minus,
                words=paper.words,
                ours=value,
                ours_plus=plus,
                ours_minus=minus,
                difference=difference,
                sigma=sigma,
                verdict=verdict,
                sentence=_constant(constant)
                if constant
                else _sentence(name, paper, verdict, measured, facts, alternatives),
            )
        )
    return pd.DataFrame([asdict(row) for row in rows])


def _constant(models: Sequence[str]) -> str:
    names = " and ".join(map(repr, models))
    one = len(models) == 1
    return f"The network{'' if one else 's'} {names} predict{'s' if one else ''} a constant."


def _sentence(
    name: str,
    paper: Published,
    verdict: str,
    measured: Mapping[str, Mapping[str, float]],
    facts: Facts,
    alternatives: pd.DataFrame | None,
) -> str:
    if verdict in (REPRODUCED, AS_PUBLISHED):
        return ""
    if verdict == UNMEASURED:
        return NOT_MEASURED.get(name, "This run has not measured it.")
    return sentence(name, paper, measured, facts, alternatives)


def counts(card: pd.DataFrame) -> dict[str, int]:
    """Return the number of results with each verdict; neither inputs nor alternatives count.

    Parameters
    ----------
    card : pd.DataFrame
        What `compare` returns.

    Returns
    -------
    dict of str to int
        Verdict and number.
    """
    results = card[~card["basis"].isin(("input", "alternative"))]
    verdicts = (REPRODUCED, NOT_REPRODUCED, NOT_COMPARABLE, UNMEASURED)
    return {verdict: int((results["verdict"] == verdict).sum()) for verdict in verdicts}


def csv(card: pd.DataFrame, facts: Facts) -> str:
    """Return the scorecard as CSV, with formulas as Unicode text.

    Parameters
    ----------
    card : pd.DataFrame
        What `compare` returns.
    facts : Facts
        What made our numbers.

    Returns
    -------
    str
        The content of scorecard.csv: the columns of `Row`, and ``source``.
    """
    return card.assign(**{name: card[name].map(plain) for name in _TEXTS}, source=facts.source).to_csv(index=False)
