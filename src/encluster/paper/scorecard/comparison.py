"""Our numbers beside the paper's, one row each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from encluster.paper.published import CONSTANT, DELTA_SIGMA8, EXPLAINED, PUBLISHED
from encluster.paper.published_value import APART, SIGMA8, Published
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.measured import N_SIGMA, Measured, measured_numbers
from encluster.paper.scorecard.sentences import filled, quotable, sentence
from encluster.paper.scorecard.verdicts import (
    NOT_REPRODUCED,
    REPRODUCED,
    TOO_UNCERTAIN,
    UNMEASURED,
    VERDICTS,
    judge,
)
from encluster.paper.typesetting import plain

_TEXTS = ("quantity", "where", "unit", "words", "condition", "sentence")  # columns of `Row` that may hold formulas
_DELTAS = {f"delta_sigma8_{case}" for case in (*DELTA_SIGMA8, "prescriptive")}  # what a network has learned
_SEEDS = "Networks of different seeds differ by more than the claim allows."
_NO_ERROR = "It is the number of one network, without an error."
_STATISTICAL = "The statistical error is larger than the claim allows."


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
        Our number with its statistical errors; NaN if this run has not measured it.
    ours_scatter : float
        Its standard deviation over networks of different seeds; NaN if there is none.
    networks : int
        The number of these networks; 0 if it rests on none.
    difference : float
        Ours minus the paper's; NaN if the two cannot be compared.
    sigma : float
        The difference in units of the combined error; see `encluster.paper.scorecard.verdicts.judge`.
    verdict, condition, sentence : str
        Whether the number is reproduced, what that depends on, and the reason if it is not.
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
    ours_scatter: float
    networks: int
    difference: float
    sigma: float
    verdict: str
    condition: str
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
        Our numbers: ``name``, ``value``, ``plus``, ``minus``, ``scatter``, ``networks``.
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
    measured = measured_numbers(numbers)
    values = quotable(measured, facts)
    rows = []
    for name, paper in published.items():
        constant = [model for model in paper.models if measured.get(f"{CONSTANT}{model}", Measured()).value > 0]
        ours = Measured() if constant else measured.get(name, Measured())
        verdict, difference, sigma = judge(paper, ours.value, *ours.total)
        doubt = "" if name in _DELTAS else _learned_nothing(paper, measured, values)
        if ours.networks == 1 and not any(ours.total) and paper.rule != "same":
            doubt = doubt or _NO_ERROR
        if constant:
            said = _constant(constant)
        elif doubt and verdict in (REPRODUCED, NOT_REPRODUCED, TOO_UNCERTAIN):
            verdict, said = TOO_UNCERTAIN, doubt
        elif verdict == TOO_UNCERTAIN:
            said = _SEEDS if ours.total[0] > np.sqrt(2) * ours.plus else _STATISTICAL
        else:
            said = sentence(name, paper, verdict, values, facts, alternatives)
        conditions = [filled(paper.condition, values), "one seed" if ours.networks == 1 else ""]
        if verdict == UNMEASURED:
            conditions = []
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
                ours=ours.value,
                ours_plus=ours.plus,
                ours_minus=ours.minus,
                ours_scatter=ours.scatter,
                networks=ours.networks,
                difference=difference,
                sigma=sigma,
                verdict=verdict,
                condition="; ".join(filter(None, conditions)),
                sentence=said,
            )
        )
    return pd.DataFrame([asdict(row) for row in rows])


def _constant(models: list[str]) -> str:
    names = " and ".join(map(repr, models))
    one = len(models) == 1
    return f"The network{'' if one else 's'} {names} predict{'s' if one else ''} a constant."


def _learned_nothing(paper: Published, measured: Mapping[str, Measured], values: Mapping[str, str]) -> str:
    """Return which network of a number explains no variance of sigma8, by 2 sigma; empty if none.

    Array of Ones is exempt: the paper's has learned almost nothing too.
    """
    for model in (model for model in paper.models if model != "array_of_ones"):
        explained = measured.get(f"{EXPLAINED}{model}")
        if explained and explained.value - N_SIGMA * explained.total[1] <= 0:
            return (
                f"The network '{model}' has learned nothing: it explains {values[f'{EXPLAINED}{model}']} "
                f"of the variance of {SIGMA8} over the test catalogs."
            )
    return ""


def counts(card: pd.DataFrame) -> dict[str, int]:
    """Return the number of results with each verdict; neither inputs nor what is true by construction counts.

    Parameters
    ----------
    card : pd.DataFrame
        What `compare` returns, or a part of it.

    Returns
    -------
    dict of str to int
        Verdict and number.
    """
    results = card[~card["basis"].isin(APART)]
    return {verdict: int((results["verdict"] == verdict).sum()) for verdict in VERDICTS}


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
