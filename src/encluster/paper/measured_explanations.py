"""What leave one out, saliency and terse values say to the statements of `encluster.paper.published_claims`.

As in `encluster.paper.measured_networks`, each function takes the results of one network of each kind.
"""

from collections.abc import Iterator

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.saliency_profiles import AT_SHELL, HIGH_MASS, LESS_SALIENT, mass_bins
from encluster.interpretation.terse import RankCorrelation, correlations, rank_correlation
from encluster.paper.measured_inputs import Number, number
from encluster.paper.measured_networks import QUANTITIES, core_ratio, ratio_of_means, share_below_zero, width
from encluster.paper.resampling import interval, ratio_of, resampled, with_error
from encluster.types import FloatArray, IntArray

TRANSITION = (14.2, 14.4)  # log10 M500c [Msun/h] of the largest saliency without lensing masses (Fig. 12)
END = 0.1  # part of the clusters at each end of a range; the middle is twice as wide, as for the dark stripes


def removals(interpretation_standard: ClusterCatalogs, interpretation_no_wl: ClusterCatalogs) -> Iterator[Number]:
    """Return what the removal of one cluster does, by its mass (sections 5.1, 5.2.1; Fig. 9)."""
    values, owner = _changes(interpretation_standard)
    heavy, heaviest = values[:, 0] > HIGH_MASS, values[:, 0] > LESS_SALIENT
    if heavy.any() and not heavy.all():
        sizes = (with_error(np.abs(values[of, 1]), owner[of], np.median) for of in (heavy, ~heavy))
        yield ratio_of("leave_one_out_massive_over_light", *(x for size in sizes for x in size), figure="Fig. 9")
        yield _following("leave_one_out_trend", values[heavy], owner[heavy])
    if heaviest.any():
        share = with_error(values[heaviest, 1], owner[heaviest], share_below_zero)
        yield number("leave_one_out_heaviest_share_lower", *share, figure="Fig. 9")

    values, owner = _changes(interpretation_no_wl)
    heavy = values[:, 0] > HIGH_MASS
    if heavy.any() and not heavy.all():
        shift = with_error(values, owner, _heavy_shift)
        yield number("leave_one_out_high_mass_shift_no_wl", *shift, figure="Fig. 9")
        share = with_error(values[heavy, 1], owner[heavy], share_below_zero)
        yield number("leave_one_out_high_mass_share_lower_no_wl", *share, figure="Fig. 9")
        yield _following("leave_one_out_trend_no_wl", values, owner)


def looks(interpretation_standard: ClusterCatalogs, interpretation_no_wl: ClusterCatalogs) -> Iterator[Number]:
    """Return where the encoders look, by radius and by mass (section 5.2; Figs. 11, 12)."""
    temperature, gas, gamma = _pixels(interpretation_standard)
    log_m, owner = interpretation_standard["log_m500c"].astype(float), interpretation_standard.owner
    yield number("saliency_core_ratio_gamma", *with_error(np.abs(gamma), owner, core_ratio), figure="Fig. 11")
    core = np.stack([np.abs(gamma[:, 0]), np.abs(temperature)], axis=1)
    meaning = "mean saliency of gamma in the core over that of T"
    yield number(
        "saliency_gamma_core_over_temperature", *with_error(core, owner, ratio_of_means), meaning, figure="Fig. 11"
    )
    for name, profile in (("saliency_decline", gas), ("saliency_rise_gamma", gamma)):
        yield number(name, *with_error(np.abs(profile), owner, _last_over_shell), figure="Fig. 11")
    # the shells change together if the gas mass does; the paper does not say how it combined them
    for name, together, meaning in (
        ("saliency_gas_combined", np.abs(gas.sum(axis=1)), ""),
        ("saliency_gas_quadrature", np.sqrt(np.sum(gas**2, axis=1)), "saliency of all shells in quadrature over T"),
    ):
        both = np.stack([together, np.abs(temperature)], axis=1)
        yield number(name, *with_error(both, owner, ratio_of_means), meaning, figure="Fig. 11")
    by_mass = np.column_stack([log_m, np.abs(gas)])
    yield number("saliency_shape_by_mass", *with_error(by_mass, owner, _least_alike), figure="Fig. 11")
    heaviest = log_m > LESS_SALIENT
    if heaviest.any() and not heaviest.all():
        parts = (with_error(np.abs(gamma[of, AT_SHELL]), owner[of], np.median) for of in (heaviest, ~heaviest))
        yield ratio_of("saliency_massive_ratio_gamma", *(x for part in parts for x in part), figure="Fig. 11")

    temperature_no_wl, gas_no_wl, _ = _pixels(interpretation_no_wl)
    log_m_no_wl, owner_no_wl = interpretation_no_wl["log_m500c"].astype(float), interpretation_no_wl.owner
    columns = np.column_stack([log_m_no_wl, np.abs(gas_no_wl)])
    reference = _profile(by_mass)
    shape = with_error(columns, owner_no_wl, lambda resampled: np.corrcoef(_profile(resampled), reference)[0, 1])
    yield number("saliency_shape_no_wl", *shape, figure="Fig. 12")
    contrast, *drawn = np.divide(resampled(columns, owner_no_wl, _contrast), resampled(by_mass, owner, _contrast))
    yield number("saliency_mass_contrast_no_wl", contrast, np.std(drawn), figure="Fig. 12")
    for name, values in (("", gas_no_wl[:, AT_SHELL]), ("temperature_", temperature_no_wl)):
        pair = np.stack([log_m_no_wl, np.abs(values)], axis=1)
        ratio = with_error(pair, owner_no_wl, _middle_over_ends)
        yield number(f"saliency_middle_mass_{name}no_wl", *ratio, figure="Fig. 12")


def terse_values(interpretation_standard: ClusterCatalogs) -> Iterator[Number]:
    """Return what the terse values follow (section 5.3, Fig. 15).

    The sign of a terse value is arbitrary. Here the terse value of Standard rises with mass.
    """
    found = correlations(interpretation_standard)
    sign = np.copysign(1.0, found["log_m500c"].rho)
    for quantity, of in found.items():
        if quantity != "log_m_wl":  # see terse_wl_over_mass
            yield _rising(f"terse_with_{quantity.removeprefix('log_')}", of, sign, "Fig. 15")
    pair = np.stack([interpretation_standard["log_m500c"], sign * interpretation_standard["terse"]], axis=1)
    ends = with_error(pair.astype(float), interpretation_standard.owner, _slope_at_ends)
    yield number("terse_slope_at_ends", *ends, figure="Fig. 15")


def terse_values_prescriptive(interpretation_prescriptive: ClusterCatalogs) -> Iterator[Number]:
    """Return what the terse values of the prescriptive model follow (Appendix B, Fig. 21)."""
    found = correlations(interpretation_prescriptive)
    for quantity in ("log_m500c", "sigma8"):
        name = f"terse_with_{quantity.removeprefix('log_')}_prescriptive"
        yield _rising(name, found[quantity], np.copysign(1.0, found[quantity].rho), "Fig. 21")


def _changes(interpretation: ClusterCatalogs) -> tuple[FloatArray, IntArray]:
    """Return log mass and change of sigma8 of each cluster, (n, 2), and its catalog."""
    change = interpretation["sigma8_one_out"] - interpretation.catalog("sigma8_predicted")[interpretation.owner]
    there = np.isfinite(change)
    return np.stack([interpretation["log_m500c"], change], axis=1)[there].astype(float), interpretation.owner[there]


def _pixels(interpretation: ClusterCatalogs) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the signed saliencies of temperature, (n,), of gas masses in shells and of slopes, (n, n_radii)."""
    pixels = interpretation.clusters["saliency"]
    temperature, gas, gamma = (pixels.of(x).values.astype(float) for x in QUANTITIES)
    return temperature[:, 0], gas, gamma


def _rising(name: str, of: RankCorrelation, sign: float, figure: str) -> Number:
    low, high = sorted((sign * of.low, sign * of.high))
    return interval(name, sign * of.rho, low, high, "", figure)


def _following(name: str, values: FloatArray, owner: IntArray) -> Number:
    """Return the rank correlation of mass and change of sigma8."""
    _, owner = np.unique(owner, return_inverse=True)
    return _rising(name, rank_correlation(values[:, 0], values[:, 1], owner), 1.0, "Fig. 9")


def _heavy_shift(columns: FloatArray) -> float:
    """Of masses and changes of sigma8: median change at high mass over half the middle 68 % at low mass."""
    heavy, change = columns[:, 0] > HIGH_MASS, columns[:, 1]
    return float(np.divide(np.median(change[heavy]), width(change[~heavy])))


def _last_over_shell(profile: FloatArray) -> float:
    """Median saliency of the last radius over that of the radius that the paper calls 0.6 R500."""
    return float(np.divide(np.median(profile[:, -1]), np.median(profile[:, AT_SHELL])))


def _profile(columns: FloatArray) -> FloatArray:
    """Of masses and profiles: the median profile."""
    return np.asarray(np.median(columns[:, 1:], axis=0))


def _least_alike(columns: FloatArray) -> float:
    """Of masses and profiles: least correlation of a mass bin's median profile with that of all clusters."""
    overall = _profile(columns)
    return min(np.corrcoef(overall, _profile(columns[of]))[0, 1] for _, of in mass_bins(columns[:, 0]))


def _contrast(columns: FloatArray) -> float:
    """Of masses and profiles: standard deviation over mean of the mass bins' mean saliency at 0.6 R500."""
    means = np.array([columns[of, 1 + AT_SHELL].mean() for _, of in mass_bins(columns[:, 0])])
    return float(means.std() / means.mean())


def _middle_over_ends(columns: FloatArray) -> float:
    """Of masses and saliencies: mean saliency near the transition over the larger one of the two ends in mass."""
    log_m, saliency = columns.T
    low, high = np.quantile(log_m, [END, 1 - END])
    ends = max(saliency[log_m <= low].mean(), saliency[log_m >= high].mean())
    return float(np.divide(saliency[(log_m > TRANSITION[0]) & (log_m < TRANSITION[1])].mean(), ends))


def _slope_at_ends(columns: FloatArray) -> float:
    """Of masses and terse values: mean slope in the two end parts in mass over that in the middle."""
    log_m, terse = columns.T
    cut = np.quantile(log_m, [END, 0.5 - END, 0.5 + END, 1 - END])
    parts = log_m <= cut[0], (log_m >= cut[1]) & (log_m <= cut[2]), log_m >= cut[3]
    low, middle, high = (np.cov(log_m[of], terse[of])[0, 1] / np.var(log_m[of], ddof=1) for of in parts)
    return float(np.divide(low + high, 2 * middle))
