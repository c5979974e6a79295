"""What a run has measured of its networks, one number at a time; see `encluster.paper.measured_inputs`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.largest_saliency import peak_mass, peak_radius
from encluster.interpretation.mass_proxies import ProxyScatter, proxy_scatter
from encluster.interpretation.saliency_profiles import (
    AT_SHELL,
    HIGH_MASS,
    LESS_SALIENT,
    MeanRange,
    profile_of,
    summarize,
)
from encluster.interpretation.terse import dark_stripes
from encluster.interpretation.verdict import FAIL, NO_LEAK, OVERSPECIALIZED, PASS, UNDECIDED
from encluster.paper.measured_inputs import Number, number
from encluster.paper.published import CONSTANT, EXPLAINED
from encluster.paper.resampling import interval, ratio_of, resampled, with_error
from encluster.types import BoolArray, FloatArray, IntArray

Measure = Callable[..., Iterator[Number]]
# verdict and reason of the audit that the paper's text implies
EXPECTED = {"standard": (PASS, NO_LEAK), "prescriptive": (FAIL, OVERSPECIALIZED)}
MIDDLE = (0.73, 0.87)  # sigma8 where predictions are not noticeably biased (Fig. 8)
QUANTITIES = ("log_temperature", "log_m_gas_shell", "gamma")  # of the Standard network's 2D input
_WITH_DISTANCE = "rank correlation of saliency with the distance of the terse value from its median"


def training(provenance: Mapping[str, Any]) -> Iterator[Number]:
    """Return what was trained, and for how long (section 3.3)."""
    yield number("best_epoch", provenance["best_epoch"], figure="Fig. 7")
    yield number(
        "n_parameters_trained", provenance["parameters"], 0.0, "trainable parameters of the network of this run"
    )
    minutes = provenance["seconds_training"] / 60
    yield number("training_minutes", minutes, 0.0, "training of the Standard network", unit="min")


def scatter_of(model: str) -> Measure:
    """Return a function of provenance and predictions that yields the errors of predicted sigma8 (Table 4; Fig. 19)."""

    def measure(provenance: Mapping[str, Any], predictions: pd.DataFrame) -> Iterator[Number]:
        found = provenance["delta_sigma8"]
        width, error, mean_err = found["value"], found["error"], found["value"] / np.sqrt(found["n"])
        variance = predictions.loc[predictions["split"] == "testing", "sigma8_true"].var()
        share = 1 - (width**2 + found["bias"] ** 2) / variance, 2 * width * error / variance
        for name, value, err, words in (
            ("delta_sigma8_", width, error, "scatter of predicted minus true sigma8"),
            ("bias_", found["bias"], mean_err, "mean of predicted minus true sigma8"),
            (EXPLAINED, *share, "share of the variance of sigma8 that the network explains"),
        ):
            yield number(f"{name}{model}", value, err, f"{words}, {model}", figure="Table 4")
        meaning = f"1 if the network {model!r} predicts a constant, else 0"
        yield number(f"{CONSTANT}{model}", bool(provenance["predicts_constant"]), 0.0, meaning)

    return measure


def biases(predictions: pd.DataFrame) -> Iterator[Number]:
    """Return the mean error of predicted sigma8 in three ranges (Fig. 8)."""
    testing = predictions[predictions["split"] == "testing"]
    error, sigma8 = testing["sigma8_predicted"] - testing["sigma8_true"], testing["sigma8_true"]
    ranges = {
        "bias_low_edge": sigma8 < MIDDLE[0],
        "bias_middle": (sigma8 >= MIDDLE[0]) & (sigma8 <= MIDDLE[1]),
        "bias_high_edge": sigma8 > MIDDLE[1],
    }
    for name, inside in ranges.items():
        if inside.sum() > 1:
            yield number(name, error[inside].mean(), error[inside].std() / np.sqrt(inside.sum()), figure="Fig. 8")


def improvement(standard: Mapping[str, Any], prescriptive: Mapping[str, Any]) -> Iterator[Number]:
    """Return how much tighter than Standard the model of Appendix B seems, from the provenance of both."""
    wide, tight = standard["delta_sigma8"], prescriptive["delta_sigma8"]
    yield ratio_of("prescriptive_improvement", wide["value"], wide["error"], tight["value"], tight["error"])


def leave_one_out(standard: ClusterCatalogs, no_wl: ClusterCatalogs) -> Iterator[Number]:
    """Return what the removal of one cluster does to sigma8 (section 5.1; Fig. 9)."""
    high_mass = []
    for suffix, interpretation in (("", standard), ("_no_wl", no_wl)):
        owner = interpretation.owner
        change = interpretation["sigma8_one_out"] - interpretation.catalog("sigma8_predicted")[owner]
        massive, there = interpretation["log_m500c"] > HIGH_MASS, np.isfinite(change)
        case = " (No WL)" if suffix else ""
        for name, chosen, statistic, words in (
            ("width", there & ~massive, width, "68th percentile of abs(change of sigma8) below 10^14.2 Msun/h"),
            ("low_mass", there & ~massive, np.median, "median change of sigma8 below 10^14.2 Msun/h"),
            ("low_mass_shift", there & ~massive, _shift, "median change of sigma8 below 10^14.2 Msun/h over its width"),
            (
                "low_mass_share_lower",
                there & ~massive,
                share_below_zero,
                "share below 10^14.2 Msun/h whose removal lowers sigma8",
            ),
            ("high_mass", there & massive, np.median, "median change of sigma8 above 10^14.2 Msun/h"),
            ("share_lower", there, share_below_zero, "share of all clusters whose removal lowers sigma8"),
        ):
            if chosen.any():
                value, error = with_error(change[chosen], owner[chosen], statistic)
                yield number(f"leave_one_out_{name}{suffix}", value, error, words + case, figure="Fig. 9")
        yield from _less_catalog_mean(change[there], owner[there], massive[there], suffix, case)
        high_mass.append((change[there & massive], owner[there & massive]))
    if all(len(change) for change, _ in high_mass):
        (above, *drawn), (above_no_wl, *drawn_no_wl) = (resampled(*those, _abs_median) for those in high_mass)
        ratio, ratios = np.divide(above_no_wl, above), np.divide(drawn_no_wl, drawn)
        yield number("leave_one_out_no_wl_over_standard", ratio, np.std(ratios), figure="Fig. 9")


def _less_catalog_mean(
    change: FloatArray, owner: IntArray, massive: BoolArray, suffix: str, case: str
) -> Iterator[Number]:
    """Return how much of the change is the same for all clusters of a catalog, and the medians of the rest."""
    mean = np.bincount(owner, change) / np.maximum(np.bincount(owner), 1)
    columns = np.stack([change, mean[owner]], axis=1)
    words = "share of the variance of the change of sigma8 that lies between catalogs"
    share = with_error(columns, owner, _share_between)
    yield number(f"leave_one_out_between{suffix}", *share, words + case, figure="Fig. 9")
    for name, chosen in (("low", ~massive), ("high", massive)):
        if chosen.any():
            value = with_error(columns[chosen], owner[chosen], _median_difference)
            words = f"median change of sigma8 less the mean of the catalog, {name} mass (about 10^14.2 Msun/h)"
            yield number(f"leave_one_out_{name}_mass_in_catalog{suffix}", *value, words + case, figure="Fig. 9")


def of_all_networks(interpretation: ClusterCatalogs) -> Iterator[Number]:
    """Return what the interpretations of all networks have in common."""
    yield number("n_testing", len(interpretation), 0.0, "testing catalogs", figure="Fig. 8")
    yield number("matrix_width", interpretation["saliency"].shape[1])
    radii = profile_of(interpretation, "log_m_gas_shell")[1]
    words = "outer radius of the shell whose saliency is compared with that of T"
    yield number("saliency_radius", radii[AT_SHELL], 0.0, words, unit="R500", figure="Fig. 11")


def saliencies(interpretation: ClusterCatalogs) -> Iterator[Number]:
    """Return what the encoder looks at (section 5.2; Fig. 11); means with their middle 68 % of the clusters."""
    found = summarize(interpretation)
    ranges = {"temperature": found.temperature, "m_gas": found.m_gas, "gamma": found.gamma}
    for name, of in ranges.items():
        yield _ranged(f"saliency_{name}", of)
    yield _ranged("saliency_gamma_all_radii", found.gamma_all_radii, "mean saliency of gamma, mean of its seven radii")
    radius = peak_radius(interpretation)
    yield number("saliency_peak_radius", radius.place, radius.error, figure="Fig. 11")

    pixels, owner = interpretation.clusters["saliency"], interpretation.owner
    temperatures, gas_shells, slopes = (pixels.of(x).values.astype(float) for x in QUANTITIES)
    for name, profile in (("m_gas", gas_shells), ("gamma", slopes)):
        both = np.abs(np.stack([profile[:, AT_SHELL], temperatures[:, 0]], axis=1))
        yield number(f"saliency_ratio_{name}", *with_error(both, owner, ratio_of_means), figure="Fig. 11")
    yield number("saliency_core_ratio", *with_error(np.abs(gas_shells), owner, core_ratio), figure="Fig. 11")
    gas, gamma = gas_shells[:, AT_SHELL], slopes[:, AT_SHELL]
    relative = gamma * np.sign(gas.mean()) / np.abs(gamma).mean()
    yield number("saliency_sign_gamma", *with_error(relative, owner, np.mean), figure="Fig. 11")
    massive = interpretation["log_m500c"] > LESS_SALIENT
    if massive.any() and not massive.all():
        above, above_err = with_error(np.abs(gas[massive]), owner[massive], np.median)
        below, below_err = with_error(np.abs(gas[~massive]), owner[~massive], np.median)
        yield ratio_of("saliency_massive_ratio", above, above_err, below, below_err, figure="Fig. 11")


def saliencies_no_wl(interpretation: ClusterCatalogs) -> Iterator[Number]:
    """Return where the saliency of the network without lensing masses is largest (Fig. 12)."""
    radius, mass = peak_radius(interpretation), peak_mass(interpretation)
    yield number("saliency_peak_radius_no_wl", radius.place, radius.error, figure="Fig. 12")
    yield number("saliency_peak_mass_no_wl", mass.place, mass.error, figure="Fig. 12")


def stripes(mocks: ClusterCatalogs, interpretation: ClusterCatalogs) -> Iterator[Number]:
    """Return where clusters of low saliency lie (section 5.3), with standard errors from 95 % intervals."""
    found = dark_stripes(interpretation, mocks["gamma"][interpretation["cluster"], 0])
    for name, of, value, words in (
        ("lowest", found.lowest, found.lowest.value, ""),
        ("highest", found.highest, found.highest.value, ""),
        ("shape", found.with_shape, found.with_shape.rho, ""),
        ("distance", found.with_distance, found.with_distance.rho, _WITH_DISTANCE),
    ):
        yield interval(f"stripes_{name}", value, of.low, of.high, words, "Fig. 10")


def lensing(interpretation: ClusterCatalogs) -> Iterator[Number]:
    """Return the correlation of the terse value with the lensing mass over that with the true mass (section 5.3)."""
    # of the same clusters, and so resampled together
    ranks = np.stack([rankdata(interpretation[x]) for x in ("terse", "log_m_wl", "log_m500c")], axis=1)
    ratio = with_error(ranks, interpretation.owner, _ratio_of_correlations)
    yield number("terse_wl_over_mass", *ratio, figure="Fig. 15")


def observable_proxies(interpretation: ClusterCatalogs) -> Iterator[Number]:
    """Return the scatter of the mass proxies that need no network (Fig. 16)."""
    for name in ("m_gas", "yx"):
        yield from _proxy(name, _proxy_scatter(interpretation, name))


def terse_proxy(interpretation: ClusterCatalogs) -> Iterator[Number]:
    """Return the scatter of the terse value as a mass proxy (Fig. 16)."""
    terse = _proxy_scatter(interpretation, "terse")
    yield from _proxy("terse", terse)
    # of the same clusters, and so resampled together; the lines stay as they are
    for name in ("m_gas", "yx"):
        both = np.stack([terse.residual, _proxy_scatter(interpretation, name).residual], axis=1)
        ratio = with_error(both, interpretation.owner, _ratio_of_rms)
        yield number(f"proxy_terse_over_{name}", *ratio, figure="Fig. 16")


def _proxy(name: str, found: ProxyScatter) -> Iterator[Number]:
    yield number(f"proxy_scatter_{name}", 100 * found.scatter, 100 * found.error, figure="Fig. 16")
    words = f"half the 16-84 range of the errors of {name} as a mass proxy"
    yield number(f"proxy_half_range_{name}", 100 * found.half_16_84, 0.0, words, unit="%", figure="Fig. 16")


def _proxy_scatter(interpretation: ClusterCatalogs, name: str) -> ProxyScatter:
    log_m, gas = (interpretation[x].astype(float) for x in ("log_m500c", "log_m_gas"))
    proxy = {
        "m_gas": gas,
        "yx": gas + interpretation["log_temperature"],
        "terse": interpretation["terse"].astype(float),
    }
    return proxy_scatter(log_m, proxy[name], interpretation.owner)


def audits_of(model: str) -> Measure:
    """Return a function of an audit that yields what it says (section 5.3; Appendix B)."""

    def measure(audit: Mapping[str, Any]) -> Iterator[Number]:
        if audit["leak"] is None:
            return  # too few catalogs to tell anything
        if audit["verdict"] != UNDECIDED and model in EXPECTED:
            yield number(f"audit_{model}", (audit["verdict"], audit["reason"]) == EXPECTED[model])
        for key, words in (
            ("leak", "share of variance that terse value and sigma8 have in common at equal mass"),
            ("p_value", "probability of such a leak by chance"),
            ("r_squared", "share of the variance of sigma8 that the terse values of a catalog predict at equal mass"),
        ):
            yield number(f"audit_{key}_{model}", audit[key], 0.0, f"{words}, {model} model")

    return measure


def width(change: FloatArray) -> float:
    """Return half the middle 68 % about zero: the 68th percentile of the absolute values."""
    return float(np.quantile(np.abs(change), 0.68))


def _share_between(columns: FloatArray) -> float:
    return float(np.divide(columns[:, 1].var(), columns[:, 0].var()))


def _median_difference(columns: FloatArray) -> float:
    return float(np.median(columns[:, 0] - columns[:, 1]))


def _shift(change: FloatArray) -> float:
    return float(np.divide(np.median(change), width(change)))


def _abs_median(change: FloatArray) -> float:
    return float(np.abs(np.median(change)))


def ratio_of_means(columns: FloatArray) -> float:
    """Return the mean of the first column over that of the second."""
    return float(np.divide(*columns.mean(axis=0)))


def _ratio_of_rms(columns: FloatArray) -> float:
    return float(np.sqrt(ratio_of_means(columns**2)))


def _ratio_of_correlations(columns: FloatArray) -> float:
    """Of the first column with the second over that with the third."""
    return float(np.divide(*np.asarray(np.corrcoef(columns.T))[0, 1:]))


def share_below_zero(change: FloatArray) -> float:
    """Return the share of the values that are below zero."""
    return float(np.mean(change < 0))


def core_ratio(saliency: FloatArray) -> float:
    """As `encluster.interpretation.saliency_profiles.SaliencySummary.core_ratio`."""
    by_shell = np.median(saliency, axis=0)
    return float(by_shell[0] / np.median(by_shell[1:]))


def _ranged(name: str, of: MeanRange, meaning: str = "") -> Number:
    plain = number(name, of.mean, 0.0, meaning, figure="Fig. 11")
    return replace(plain, plus=of.high - of.mean, minus=of.mean - of.low)
