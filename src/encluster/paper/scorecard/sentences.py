"""Why a number differs from the paper's: the cause if it is known, else what our number rests on."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from encluster.paper.alternatives import ALTERNATIVES
from encluster.paper.published import NOT_MEASURED
from encluster.paper.published_value import M_GAS, MSUN, MSUN_H, N_CLUSTER, SIGMA8, Published
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.formatting import with_error, with_scatter
from encluster.paper.scorecard.measured import Measured
from encluster.paper.scorecard.verdicts import AS_PUBLISHED, REPRODUCED, UNMEASURED, judge
from encluster.paper.typesetting import literal, plain

_RECIPE = "This run uses another value; its training recipe is <recipe>."
_TWO_RANGES = "Section 2.1.3 and Table 1 disagree (D7)."
_NO_UNIT = (
    "The terse value has no unit, so only ratios of saliencies can be compared between networks. Our errors are "
    "spreads over clusters; we assume the same for the paper's."
)
_STAND_IN = "It depends on the exponents of Singh et al. (2019), which were not available; ours are a stand-in (D15)."
_PRIOR = "The prior alone, without data, has a scatter of <prior_sigma8>."
# name -> cause; angle brackets hold numbers of ours, or what made them
CAUSES = {
    "omega_m": r"A misprint: WMAP7 has 0.272, as has a flat universe with the paper's $\Omega_\Lambda = 0.728$ (D1).",
    "log_m_min": f"In {MSUN} it would be below the simulated sample, which begins at $10^{{13.58}}$ {MSUN_H} (D3).",
    "log_m_break": f"The paper's unit is {MSUN}; it may mean {MSUN_H} (D3).",
    **dict.fromkeys(("sigma_wl_low", "sigma_wl_high", "sigma_wl_low_table1", "sigma_wl_high_table1"), _TWO_RANGES),
    "n_varied": "The paper's text says seven and eight; its lists contain nine parameters (D6).",
    **dict.fromkeys(("n_epochs", "learning_rate", "select_from_epoch", "prescriptive_learning_rate"), _RECIPE),
    "m_gas_scatter": "The public list of Green et al. (2019) has 0.046 dex, which is 0.106 in "
    r"$\ln M_\mathrm{gas}$; the 0.10 of Table 2 may be in $\ln M_\mathrm{gas}$ too.",
    "mean_n_clusters": r"It depends on the interpretation of $M_\mathrm{break}$, $M_\mathrm{min}$ and the draw of "
    "clusters (D3, D4).",
    "n_parameters": "The network of Table 3 is built differently.",
    "best_epoch": "The selected epoch is random and depends on the length of the training; ours is <best_epoch> of "
    "<n_epochs>.",
    "delta_sigma8_n_cluster_mapping": f"{_PRIOR} In the paper, {N_CLUSTER} therefore has almost no information on "
    rf"{SIGMA8}. It depends on the spread of $M_\mathrm{{break}}$ (D8, D17) and the draw of clusters (D4).",
    "delta_sigma8_array_of_ones": _PRIOR,
    **dict.fromkeys(("saliency_temperature", "saliency_m_gas", "saliency_gamma"), _NO_UNIT),
    "proxy_scatter_m_gas": f"It follows from the scatter of {M_GAS} about its power law: <m_gas_std> dex here, "
    "0.10 dex in Table 2.",
    "proxy_scatter_yx": "The slopes and scatters of Table 2 cannot give it: even perfectly anticorrelated residuals of "
    f"$T$ and {M_GAS} leave about 9 %. Their rank correlation here is <residuals_temperature_m_gas>.",
    "delta_sigma8_prescriptive": _STAND_IN,
    "prescriptive_improvement": _STAND_IN,
}
GENERIC = {
    "input": "This run uses another value.",
    "halos": "It is a property of <halos>.",
    "mocks": "It is a property of the mock catalogs from <halos>.",
    "construction": "It is a property of <halos>.",
    "alternative": "The same number as in Table 4.",
    "network": "The network differs: <architecture> size, <recipe> recipe, trained on <halos>.",
}
_PAPERS_NETWORK = "The network and the recipe are the paper's, but the seed differs: <epochs> epochs on <halos>."
# numbers that depend on the alternatives: the column of alternatives.csv, and the unit
READ = {
    "mean_n_clusters": ("mean_n", ""),
    "delta_sigma8_n_cluster_mapping": ("mapping", ""),
    "proxy_scatter_m_gas": ("proxy_m_gas", " %"),
    "proxy_scatter_yx": ("proxy_yx", " %"),
}
_NAMES = {plain(alternative.name): alternative.name for alternative in ALTERNATIVES}


def sentence(
    name: str,
    paper: Published,
    verdict: str,
    values: Mapping[str, str],
    facts: Facts,
    alternatives: pd.DataFrame | None,
) -> str:
    """Return why a number differs from the paper's, or cannot be compared with it.

    Parameters
    ----------
    name : str
        A key of `encluster.paper.published.PUBLISHED`.
    paper : Published
        The paper's number.
    verdict : str
        The verdict on ours.
    values : Mapping of str to str
        What `quotable` returns.
    facts : Facts
        What made the run's numbers.
    alternatives : pd.DataFrame or None
        What `encluster.paper.alternative_statistics.compare_alternatives` returns.

    Returns
    -------
    str
        Text with formulas between dollar signs; empty for a number that is reproduced.
    """
    if verdict in (REPRODUCED, AS_PUBLISHED):
        return ""
    if verdict == UNMEASURED:
        return NOT_MEASURED.get(name, "This run has not measured it.")
    same = paper.basis == "network" and facts.architecture == facts.recipe == "paper"
    said = filled(CAUSES.get(name, _PAPERS_NETWORK if same else GENERIC[paper.basis]), values)
    if name in READ and alternatives is not None:
        said = " ".join([said, nearest_alternative(name, paper, alternatives)]).strip()
    return said


def quotable(measured: Mapping[str, Measured], facts: Facts) -> dict[str, str]:
    """Return what the texts may quote.

    Parameters
    ----------
    measured : Mapping of str to Measured
        The numbers of the run by name.
    facts : Facts
        What made the run's numbers.

    Returns
    -------
    dict of str to str
        Numbers of the run by their names, and `Facts.words`.
    """
    return {name: with_scatter(number) for name, number in measured.items()} | facts.words


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the numbers of the run in place of the names between angle brackets.

    Parameters
    ----------
    text : str
        For example ``ours is <best_epoch>``.
    values : Mapping of str to str
        What `quotable` returns.

    Returns
    -------
    str
        Text with formulas between dollar signs.
    """
    return re.sub("<([a-z0-9_]+)>", lambda key: values.get(key.group(1), "(not measured)"), text)


def alternative_name(text: str) -> str:
    """Return the name of an alternative with its formulas.

    Parameters
    ----------
    text : str
        The name in alternatives.csv, without formulas.

    Returns
    -------
    str
        Text with formulas between dollar signs.
    """
    return _NAMES.get(text, literal(text))


def nearest_alternative(name: str, paper: Published, alternatives: pd.DataFrame) -> str:
    """Return a sentence on the alternative that reproduces a published number, or else comes nearest to it.

    Parameters
    ----------
    name : str
        A key of `READ`.
    paper : Published
        The paper's number.
    alternatives : pd.DataFrame
        What `encluster.paper.alternative_statistics.compare_alternatives` returns.

    Returns
    -------
    str
        Text with formulas; empty if no alternative has this number.
    """
    column, unit = READ[name]
    errors = alternatives[f"{column}_err"]
    gives = [
        judge(paper, value, error, error)[0] == REPRODUCED
        for value, error in zip(alternatives[column], errors, strict=True)
    ]
    row = nearest(alternatives[gives] if any(gives) else alternatives, column, paper.value)
    if row is None:
        return ""
    value, error, other = row[column], row[f"{column}_err"], row["reading"]
    decision = "" if row["is_default"] or row["decision"] in other else f" ({row['decision']})"
    said = f"{with_error(value, error, error)}{unit} with '{alternative_name(other)}'{decision}"
    if any(gives):
        return f"An alternative interpretation reproduces it: {said}."
    return f"No alternative interpretation reproduces it; the nearest is {said}."


def nearest(alternatives: pd.DataFrame, column: str, value: float) -> pd.Series | None:
    """Return the alternative that comes nearest to a published number.

    Of those within its error of the nearest, it is the first: the configured one, if that is among them.

    Parameters
    ----------
    alternatives : pd.DataFrame
        A row per alternative.
    column : str
        The column to compare; its error is in the column with ``_err``.
    value : float
        The published number.

    Returns
    -------
    pd.Series or None
        Its row; None if no alternative has such a number.
    """
    distance, error = (alternatives[column] - value).abs().to_numpy(), alternatives[f"{column}_err"].to_numpy()
    if np.isnan(distance).all():
        return None
    best = int(np.nanargmin(distance))
    return alternatives.iloc[int(np.argmax(distance <= distance[best] + np.nan_to_num(error[best])))]
