"""What mocks, tables and predictions say to the statements of `encluster.paper.published_claims`.

As in `encluster.paper.measured_inputs`, each function takes results by the names of their files and returns `Number`
objects.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import spearmanr

from encluster.catalogs import ClusterCatalogs
from encluster.halos.scaling import OBSERVABLES, ScalingRelations
from encluster.interpretation.self_calibration import (
    N_WIDTH,
    Y_WIDTH,
    bin_edges,
    binned_sigma8,
    fixed_scatter,
    log_yx,
    medians,
)
from encluster.interpretation.terse import rank_correlation
from encluster.mocks.survey import abundance_from_mass_function
from encluster.paper.measured_inputs import Number, number
from encluster.paper.measured_networks import MIDDLE, Measure
from encluster.paper.resampling import interval, ratio_of, with_error
from encluster.types import FloatArray, IntArray

LAST = 0.1  # part of the epochs that counts as the last ones


def surveys(
    mocks: ClusterCatalogs, profiles: Mapping[str, np.ndarray], settings: Any, scaling: ScalingRelations
) -> Iterator[Number]:
    """Return what the survey and its clusters are like (section 2; section 5.2.1 on the priors)."""
    yield number("minimal_redshift", _minimal_redshift(settings, scaling))
    yield number("profile_fit_deviance", np.median(profiles["deviance"]), figure="Fig. 2")

    sigma8, owner = mocks.catalog("sigma8"), mocks.owner
    heavy = mocks["log_m500c"] > mocks.catalog("log_m_break")[owner]
    number_of = np.stack([np.bincount(owner, those, len(mocks)) for those in (heavy, ~heavy)], axis=1)
    ends = (_over_catalogs(number_of[sigma8 == end], _ratio_of_sums) for end in (sigma8.max(), sigma8.min()))
    yield ratio_of("massive_over_light_with_sigma8", *(x for end in ends for x in end), figure="Fig. 1")

    x = np.stack([np.ones(len(owner)), *(mocks[f"log_{name}"].astype(float) for name in OBSERVABLES)], axis=1)
    log_m = mocks["log_m500c"].astype(float)
    residual = log_m - x @ np.linalg.lstsq(x, log_m, rcond=None)[0]
    offset = np.bincount(owner, residual, len(mocks)) / np.maximum(mocks.n_clusters, 1)
    value, error = _over_catalogs(offset[mocks.n_clusters > 0], np.std)
    percent = 100 * np.log(10)
    yield number("mass_prior", percent * value, percent * error)


def counts(mocks: ClusterCatalogs) -> Iterator[Number]:
    """Return what the number of clusters and their medians follow (sections 4.2.2, 5.2.1; Fig. 13)."""
    filled = mocks.select(np.flatnonzero(mocks.n_clusters))
    sigma8, log_m_break = filled.catalog("sigma8"), filled.catalog("log_m_break")
    yx, lx = (medians(values, filled.offset) for values in (log_yx(filled), filled["log_lx"].astype(float)))
    yield _correlated("n_cluster_sigma8", filled.n_clusters, sigma8, "Table 4")
    for name, median in (("yx", yx), ("lx", lx)):
        if np.ptp(log_m_break):
            yield _correlated(f"median_{name}_break", median, log_m_break, "Fig. 13")
    scatter = []
    for median in (lx, yx):
        n_edges, y_edges = bin_edges(filled.n_clusters, N_WIDTH), bin_edges(median, Y_WIDTH)
        binned = binned_sigma8(filled.n_clusters, median, sigma8, n_edges, y_edges)
        if not np.isfinite(binned.std).any():
            return
        found = fixed_scatter(binned, sigma8)
        scatter += [found.value, found.error]
    yield ratio_of("sigma8_scatter_lx_over_yx", *scatter)


def maps(fig14: pd.DataFrame, fig18: pd.DataFrame) -> Iterator[Number]:
    """Return how sigma8 and its scatter differ over the maps of three surveys (Figs. 14, 18; Appendix A)."""
    for name, bins, figure in (
        ("", fig14[fig14["item"] == "bin"], "Fig. 14"),
        *((f"_{name}", fig18[fig18["set"] == name], "Fig. 18") for name in ("smaller", "larger")),
    ):
        outer = _outermost(bins)
        if outer.any() and not outer.all():
            values = bins[["std", "count"]].to_numpy()
            parts = (_over_catalogs(values[of], _rms) for of in (outer, ~outer))
            yield ratio_of(f"sigma8_scatter_edge{name}", *(x for part in parts for x in part), figure=figure)
    place = ["n_low", "y_low"]
    of = {name: rows.assign(**rows[place].round(6)).set_index(place) for name, rows in fig18.groupby("set")}
    if len(of) == 2:
        both = of["smaller"].merge(of["larger"], left_index=True, right_index=True, suffixes=("_smaller", "_larger"))
        if len(both):
            difference = (both["mean_smaller"] - both["mean_larger"]).to_numpy()
            value = _over_catalogs(difference, np.mean)
            yield number("sigma8_mean_smaller_less_larger", *value, figure="Fig. 18")


def poisson_limit(mocks: ClusterCatalogs, settings: Any, scaling: ScalingRelations) -> list[Number]:
    """Return the error of sigma8 that Poisson noise alone leaves (sections 4.1, 6); nothing for a grid of one sigma8.

    The limit is that of Cramer and Rao for a catalog whose masses and whose selection are known. It is averaged over
    all mock catalogs as the square of an error is.
    """
    survey, edges = settings.survey.survey(settings.cosmology)
    grid = settings.mocks.sigma8.values
    if len(grid) < 2:
        return []
    in_box = abundance_from_mass_function(
        settings.cosmology,
        grid,
        edges,
        redshift=settings.survey.redshift,
        box_mpc_h=settings.box_mpc_h,
        ratio=scaling.abundance_ratio,
        model=settings.mass_function,
    )
    slope = np.gradient(in_box, grid, axis=0)
    at = np.abs(mocks.catalog("sigma8")[:, None] - np.array(grid)).argmin(axis=1)
    centers = (edges[1:] + edges[:-1]) / 2
    selection = [replace(survey, log_m_break=m).selection(centers) for m in mocks.catalog("log_m_break")]
    information = survey.volume_fraction * np.sum(np.array(selection) * (slope**2 / in_box)[at], axis=1)
    limit = np.sqrt(np.mean(1 / information))
    meaning = "mean error of sigma8 that Poisson noise alone leaves at known masses"
    return [number("poisson_limit", limit, 0.0, meaning, figure="Table 4")]


def over_limit(limit: Sequence[Number], provenance_standard: Mapping[str, Any]) -> Iterator[Number]:
    """Return how near Standard is to the error that Poisson noise alone leaves, the result of `poisson_limit`."""
    found = provenance_standard["delta_sigma8"]
    for of in limit:
        ratio = found["value"] / of.value, found["error"] / of.value
        yield number("delta_sigma8_over_limit", *ratio, figure="Table 4")


def over_standard(name: str) -> Measure:
    """Return a function of the predictions of a model and of Standard that yields how much larger the error is.

    Both networks predict the same testing catalogs, which are therefore resampled together (sections 4.2, 5.2.1).
    """

    def measure(predictions: pd.DataFrame, predictions_standard: pd.DataFrame) -> Iterator[Number]:
        both = pd.concat([_errors(predictions), _errors(predictions_standard)], axis=1, join="inner").to_numpy()
        yield number(f"{name}_over_standard", *_over_catalogs(both, _ratio_of_std), figure="Table 4")

    return measure


def over_simple(name: str, tab04: pd.DataFrame, fig14: pd.DataFrame) -> Measure:
    """Return a function of a provenance that compares the error with estimates without a network (section 4.2.2).

    These are the mapping from the number of clusters, and the mean sigma8 at given number and median Y_X.
    """
    row, bins = tab04[tab04["case"] == "n_cluster_mapping"], fig14[fig14["item"] == "bin"]
    mapping = float(row["delta_sigma8"].iloc[0]), float(row["error"].iloc[0])

    def measure(provenance: Mapping[str, Any]) -> Iterator[Number]:
        own = provenance["delta_sigma8"]["value"], provenance["delta_sigma8"]["error"]
        if name == "standard":
            yield ratio_of("n_cluster_mapping_over_standard", *mapping, *own, figure="Table 4")
        else:
            yield ratio_of(f"{name}_over_n_cluster_mapping", *own, *mapping, figure="Table 4")
        if name == "no_wl" and len(bins):
            fixed = float(bins["fixed_std"].iloc[0]), float(bins["fixed_std_err"].iloc[0])
            yield ratio_of("no_wl_over_n_yx", *own, *fixed, figure="Table 4")

    return measure


def error_with_scatter(mocks: ClusterCatalogs, predictions_standard: pd.DataFrame) -> Iterator[Number]:
    """Return whether the error of a catalog follows the scatter of its relations (section 4.1)."""
    scatter = mocks.catalog("temperature_scatter") + mocks.catalog("m_gas_scatter")
    errors = _errors(predictions_standard)
    catalog = errors.index.to_numpy()
    yield _correlated("error_with_scatter", errors.abs().to_numpy(), scatter[catalog], "Fig. 8")


def training_curve(history_standard: pd.DataFrame, provenance_standard: Mapping[str, Any]) -> Iterator[Number]:
    """Return what the errors do with the epochs (section 3.3, Fig. 7)."""
    trained, validated = (history_standard[f"{name}_mse"].to_numpy() for name in ("train", "validation"))
    number_of = len(trained)
    if number_of < 3:
        return
    trend = spearmanr(history_standard["epoch"], trained).statistic
    yield number("training_error_trend", trend, figure="Fig. 7")
    last = max(round(LAST * number_of), 1)
    yield number("validation_over_training", validated[-last:].mean() / trained[-last:].mean(), figure="Fig. 7")
    begin = max(provenance_standard["best_epoch"] - 1 - last // 2, 0)
    about = slice(begin, begin + last)
    if about.stop <= number_of - last:  # else there is no later epoch to compare with
        yield number("validation_error_rise", validated[-last:].mean() / validated[about].mean(), figure="Fig. 7")


def prescriptive_curve(history_prescriptive: pd.DataFrame) -> Iterator[Number]:
    """Return the validation error over that of training in the last epochs (Appendix B, Fig. 20)."""
    ends = history_prescriptive.tail(max(round(LAST * len(history_prescriptive)), 1)).mean()
    ratio = ends["validation_mse"] / ends["train_mse"]
    yield number("prescriptive_validation_over_training", ratio, figure="Fig. 20")


def prescriptive_bias(predictions_prescriptive: pd.DataFrame) -> Iterator[Number]:
    """Return the bias toward the mean of the prescriptive model (Fig. 19)."""
    tested = predictions_prescriptive[predictions_prescriptive["split"] == "testing"]
    sigma8, error = tested["sigma8_true"], tested["sigma8_predicted"] - tested["sigma8_true"]
    low, high = error[sigma8 < MIDDLE[0]], error[sigma8 > MIDDLE[1]]
    if min(len(low), len(high)) > 1:
        toward = (low.mean() - high.mean()) / 2 / error.std()
        uncertainty = np.sqrt(low.var() / len(low) + high.var() / len(high)) / 2 / error.std()
        yield number("prescriptive_bias", toward, uncertainty, figure="Fig. 19")


def _minimal_redshift(settings: Any, scaling: ScalingRelations) -> float:
    """Return the redshift at which a cluster of the lowest mass is as bright as one of the break at the survey's."""
    cosmology, survey, law = settings.cosmology, settings.survey, scaling.relations["lx"]
    fainter = law.slope * (survey.m_break.log_m(cosmology) - survey.m_min.log_m(cosmology))  # dex

    def log_distance(z: float) -> float:
        return float(np.log10(cosmology.angular_diameter_distance_mpc(z) * (1 + z) ** 2))

    sought = log_distance(survey.redshift) - fainter / 2
    return float(brentq(lambda z: log_distance(z) - sought, 1e-6, survey.redshift))


def _errors(predictions: pd.DataFrame) -> pd.Series:
    """Return predicted minus true sigma8 of the testing catalogs, by catalog."""
    tested = predictions[predictions["split"] == "testing"].set_index("catalog")
    return tested["sigma8_predicted"] - tested["sigma8_true"]


def _outermost(bins: pd.DataFrame) -> np.ndarray:
    """Return whether a bin of a map lacks a neighbor on one of its four sides."""
    corner = zip(bins["n_low"].round(6), bins["y_low"].round(6), strict=True)
    wide = (bins["n_high"] - bins["n_low"]).round(6).min(), (bins["y_high"] - bins["y_low"]).round(6).min()
    places = [(round(n / wide[0]), round(y / wide[1])) for n, y in corner]
    there = set(places)
    sides = ((1, 0), (-1, 0), (0, 1), (0, -1))
    return np.array([any((n + dn, y + dy) not in there for dn, dy in sides) for n, y in places], bool)


def _over_catalogs(values: FloatArray, statistic: Callable[[FloatArray], Any]) -> tuple[float, float]:
    """Return a statistic with its bootstrap error over the rows."""
    return with_error(values, np.arange(len(values)), statistic)


def _correlated(name: str, x: FloatArray | IntArray, y: FloatArray, figure: str) -> Number:
    """Return the rank correlation of two properties of catalogs."""
    found = rank_correlation(np.asarray(x, float), y, np.arange(len(x)))
    return interval(name, found.rho, found.low, found.high, "", figure)


def _ratio_of_sums(columns: FloatArray) -> float:
    return float(np.divide(*columns.sum(axis=0)))


def _rms(columns: FloatArray) -> float:
    """Of standard deviations with weights."""
    std, weight = columns.T
    return float(np.sqrt(np.average(std**2, weights=weight)))


def _ratio_of_std(columns: FloatArray) -> float:
    return float(np.divide(*columns.std(axis=0)))
