"""One sentence on a number that differs: its cause where one is known, else what it comes from."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from encluster.paper.published import Published
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.formatting import with_error
from encluster.paper.scorecard.verdicts import REPRODUCED, judge

_EPOCHS = "Set otherwise in this run, which trains by the {recipe} recipe."
_TWO_RANGES = "Section 2.1.3 and Table 1 disagree (D7)."
_NO_UNIT = (
    "The terse value has no unit, so that saliencies of two networks can only be compared as ratios. The errors, ours "
    "and as we take it the paper's, are spreads over clusters."
)
_STAND_IN = "Depends on the exponents of Singh et al. (2019), which could not be obtained; ours are a stand-in (D15)."
# name -> cause; braces hold numbers of ours, or what made them
CAUSES = {
    "omega_m": "A misprint: WMAP7, and a flat universe with the paper's Lambda of 0.728, have 0.272 (D1).",
    "log_m_min": "In Msun it would lie below the simulated sample, which begins at 10^13.58 Msun/h (D3).",
    "log_m_break": "The paper gives it in Msun where it may mean Msun/h (D3).",
    **dict.fromkeys(("sigma_wl_low", "sigma_wl_high", "sigma_wl_low_table1", "sigma_wl_high_table1"), _TWO_RANGES),
    "n_varied": "The paper counts seven and eight, and lists nine in all (D6).",
    **dict.fromkeys(("n_epochs", "learning_rate", "select_from_epoch", "prescriptive_learning_rate"), _EPOCHS),
    "m_gas_scatter": "The real list of Green et al. (2019) has 0.046 dex; 0.10 would be right for it in ln M_gas.",
    "lx_scatter": "Half the 16-84 range; the standard deviation, which a few bright outliers raise, is {lx_std} dex.",
    "lx_scatter_in_mass": "Half the 16-84 range of log L_X over the slope; Table 2 gives 0.13 / 1.74 = 0.075.",
    "mean_n_clusters": "Depends on how M_break, M_min and the draw of clusters are read (D3, D4).",
    "best_epoch": "Which epoch wins is chance, and goes with the length of the training: {best_epoch} of {n_epochs}.",
    "delta_sigma8_n_cluster_mapping": "A guess without any data would have {prior_sigma8}: in the paper, N_cluster "
    "says next to nothing about sigma8. How much it says depends on the spread of M_break (D8) and on the draw (D4).",
    "delta_sigma8_n_cluster_mapping_near_100": "The same in testing catalogs with 90-110 clusters.",
    "delta_sigma8_array_of_ones": "A guess without any data would have {prior_sigma8}.",
    **dict.fromkeys(("saliency_temperature", "saliency_m_gas", "saliency_gamma"), _NO_UNIT),
    "saliency_ratio_gamma": "The paper does not say of which radius; ours is of 0.681 R500.",
    "proxy_scatter_m_gas": "Goes with the scatter of M_gas about its power law: {m_gas_std} dex here, 0.10 in Table 2.",
    "proxy_scatter_yx": "Not to be had with the slopes and scatters of Table 2: residuals of T and M_gas would leave "
    "about 9 % even if perfectly anticorrelated. Their rank correlation here is {residuals_temperature_m_gas}.",
    "delta_sigma8_prescriptive": _STAND_IN,
    "prescriptive_improvement": _STAND_IN,
}
GENERIC = {
    "input": "Set otherwise in this run.",
    "halos": "A property of {halos}.",
    "mocks": "From mock catalogs of {halos}.",
    "alternative": "The same number as in Table 4.",
    "network": "Another network: {architecture} size, {recipe} recipe, trained on {halos}.",
}
_PAPERS_NETWORK = "The paper's network by the paper's recipe, but from another seed, in {epochs} epochs on {halos}."
# numbers on which the alternatives have a say: their column, and a unit
READ = {
    "mean_n_clusters": ("mean_n", ""),
    "delta_sigma8_n_cluster_mapping": ("mapping", ""),
    "proxy_scatter_m_gas": ("proxy_m_gas", " %"),
    "proxy_scatter_yx": ("proxy_yx", " %"),
}


def sentence(
    name: str,
    paper: Published,
    measured: Mapping[str, Mapping[str, float]],
    facts: Facts,
    alternatives: pd.DataFrame | None,
) -> str:
    """Return the sentence on a number that differs from the paper's, or cannot be compared with it.

    measured : name -> value, plus, minus of all numbers of the run
    """
    values = _Values({key: with_error(row["value"], row["plus"], row["minus"]) for key, row in measured.items()})
    values |= {"halos": facts.halos, "architecture": facts.architecture, "recipe": facts.recipe}
    same = paper.basis == "network" and facts.architecture == facts.recipe == "paper"
    values["epochs"] = f"{facts.epochs:,}"
    said = CAUSES.get(name, _PAPERS_NETWORK if same else GENERIC[paper.basis]).format_map(values)
    if name in READ and alternatives is not None:
        said = " ".join([said, nearest_alternative(name, paper, alternatives)]).strip()
    return said


def nearest_alternative(name: str, paper: Published, alternatives: pd.DataFrame) -> str:
    """Say whether an alternative gives a published value, by the rule of the verdicts, and which is nearest."""
    column, unit = READ[name]
    errors = alternatives[f"{column}_err"]
    gives = [
        judge(paper, value, error, error)[0] == REPRODUCED
        for value, error in zip(alternatives[column], errors, strict=True)
    ]
    row = nearest(alternatives[gives] if any(gives) else alternatives, column, paper.value)
    if row is None:
        return ""
    value, error = row[column], row[f"{column}_err"]
    decision = "" if row["is_default"] else f" ({row['decision']})"
    said = f"{with_error(value, error, error)}{unit} by '{row['reading']}'{decision}"
    return (
        f"A alternative of the text gives it: {said}."
        if any(gives)
        else (f"No alternative of the text gives it; the nearest is {said}.")
    )


def nearest(alternatives: pd.DataFrame, column: str, value: float) -> pd.Series | None:
    """Return the alternative that comes nearest to a published value; None where none has such a number.

    Of those that lie within its error of the nearest, it is the first: what is configured, if that is among them.
    """
    distance, error = (alternatives[column] - value).abs().to_numpy(), alternatives[f"{column}_err"].to_numpy()
    if np.isnan(distance).all():
        return None
    best = int(np.nanargmin(distance))
    return alternatives.iloc[int(np.argmax(distance <= distance[best] + np.nan_to_num(error[best])))]


class _Values(dict[str, str]):
    """A number that was not measured says so."""

    def __missing__(self, key: str) -> str:
        return "(not measured)"
