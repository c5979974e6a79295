"""Statements of the paper's text that have no number in a table, each with its place (Ntampaka & Vikhlinin).

`docs/explanation/claims.md` goes through the text and names the row of each statement. The limits were set from the
words of the paper, before ours were measured.
"""

import math
from functools import partial

from encluster.paper.published_value import DELTA_S8, M_GAS, MSUN_H, N_CLUSTER, SIGMA8, Published

NONE = 0.1  # what "no" means, of a correlation and of a shift relative to a width; as in `encluster.paper.published`
SIMILAR = 0.8  # least correlation of two profiles that are "similar"
TIGHT = 0.7  # least rank correlation that is "tight"
CORRELATED = 0.5  # least rank correlation of two quantities that "correlate"; a "weak" one is below it
ROUGHLY = 0.2  # relative, of "approximately" and "roughly comparable"
TRACKING = 0.1  # relative, of two errors whose lines one cannot tell apart in Figure 20

_halos = partial(Published, basis="halos")
_mocks = partial(Published, basis="mocks")
_mocks_above, _mocks_below = partial(_mocks, rule="above"), partial(_mocks, rule="below")
_network = partial(Published, basis="network", models=("standard",))
_above, _below = partial(_network, rule="above"), partial(_network, rule="below")
_NO_WL, _BOTH, _PRESCRIPTIVE = ("no_wl",), ("standard", "no_wl"), ("prescriptive",)
_HEAVY, _HEAVIEST = rf"above $10^{{14.2}}$ {MSUN_H}", rf"above $10^{{14.7}}$ {MSUN_H}"


def _over(above: tuple[float, float], below: tuple[float, float], where: str, quantity: str, *models: str) -> Published:
    """Return the ratio of two numbers of Table 4, each with its error."""
    value = above[0] / below[0]
    error = value * math.hypot(above[1] / above[0], below[1] / below[0])
    return _network(value, where, quantity, plus=error, minus=error, decimals=2, models=models)


def _none(where: str, quantity: str, words: str, *, models: tuple[str, ...] = ("standard",)) -> Published:
    return _network(0, where, quantity, tolerance=NONE, words=f"{words}: at most {NONE:g}", models=models)


_SECTION_2 = {
    "minimal_redshift": _halos(
        0.01, "section 2.1.1", r"redshift where a cluster of $M_\mathrm{min}$ reaches the flux limit", decimals=2
    ),
    "profile_fit_deviance": _halos(
        1,
        "Fig. 2",
        "median Poisson deviance of the profile fits, per degree of freedom",
        tolerance=0.1,
        words="the model fits a range of shapes: 0.9--1.1",
    ),
    "residuals_temperature_m_gas": _halos(
        0, "section 2.2.2", rf"rank correlation of the residuals of $T$ and {M_GAS}", rule="below", words="negative"
    ),
    "massive_over_light_with_sigma8": _mocks_above(
        1,
        "Fig. 1",
        rf"growth of the number of clusters from the lowest to the highest {SIGMA8}: above $M_\mathrm{{break}}$ "
        "relative to below",
        words="most pronounced above, $> 1$",
    ),
    "mass_prior": _mocks(
        30,
        "section 5.2.1",
        rf"standard deviation over catalogs of the mass that $L_X$, $T$ and {M_GAS} give together",
        unit="%",
        tolerance=5,
    ),
}
_SECTION_3 = {
    "training_error_trend": _below(
        -0.9, "Fig. 7", "rank correlation of the training error with the epoch", words="decreases steadily, $< -0.9$"
    ),
    "validation_error_rise": _above(
        1,
        "section 3.3",
        "validation error at the last epochs relative to that about the selected epoch",
        words="rises, $> 1$",
    ),
    "validation_over_training": _above(
        1,
        "section 3.3",
        "validation error relative to training error (with dropout), last epochs",
        words="clearly overfit, $> 1$",
    ),
}
_STANDARD = (0.0212, 0.0009)
_SECTION_4 = {
    "delta_sigma8_over_limit": _network(
        1,
        "section 4.1",
        f"{DELTA_S8} of Standard relative to the Poisson limit of the cluster counts at known masses",
        tolerance=ROUGHLY,
        words="approximately at the theoretical limit: 0.8--1.2",
    ),
    "shuffled_over_standard": _over(
        (0.0262, 0.0011),
        _STANDARD,
        "section 4.2.1 (the ratio of two numbers of Table 4)",
        f"{DELTA_S8} of Shuffled relative to Standard",
        "standard",
        "shuffled",
    ),
    "no_wl_over_standard": _over(
        (0.0297, 0.0013),
        _STANDARD,
        "section 4.2 (the ratio of two numbers of Table 4)",
        f"{DELTA_S8} of No WL relative to Standard",
        "standard",
        "no_wl",
    ),
    "n_cluster_mapping_over_standard": _above(
        1, "section 4.2.2", f"{DELTA_S8} of the {N_CLUSTER} mapping relative to Standard", words="well outside, $> 1$"
    ),
    "array_of_ones_over_n_cluster_mapping": _network(
        1,
        "section 4.2.2",
        f"{DELTA_S8} of Array of Ones relative to the {N_CLUSTER} mapping",
        tolerance=0.12,  # 2 sigma of the paper's ratio
        words="consistent: 0.88--1.12",
        models=("array_of_ones",),
    ),
    "n_cluster_sigma8": _mocks(
        CORRELATED / 2,
        "section 4.2.2",
        f"rank correlation of {N_CLUSTER} with {SIGMA8} over the mock catalogs",
        tolerance=CORRELATED / 2,
        rule="between",
        words="weak: 0--0.5",
    ),
}
_LEAVE_ONE_OUT = {
    "leave_one_out_massive_over_light": _above(
        1,
        "section 5.1",
        rf"median $|\Delta\sigma_8|$ {_HEAVY} relative to lower masses",
        words="low masses matter less, $> 1$",
    ),
    "leave_one_out_trend": _below(
        0, "section 5.1", rf"rank correlation of {DELTA_S8} with mass {_HEAVY}", words="grows with mass, $< 0$"
    ),
    "leave_one_out_heaviest_share_lower": _above(
        0.9,
        "Fig. 9",
        rf"fraction of clusters {_HEAVIEST} whose removal lowers {SIGMA8}",
        words="almost always: $> 0.9$",
    ),
    # "strong" is half a width, as half of what Standard does in `leave_one_out_no_wl_over_standard`
    "leave_one_out_high_mass_shift_no_wl": _network(
        0,
        "section 5.2.1",
        rf"median {DELTA_S8} {_HEAVY}, relative to half the middle 68 % at lower masses, No WL",
        tolerance=0.5,
        words="no strong systematic change: at most 0.5",
        models=_NO_WL,
    ),
    "leave_one_out_high_mass_share_lower_no_wl": _network(
        0.5,
        "section 5.2.1",
        rf"fraction of clusters {_HEAVY} whose removal lowers {SIGMA8}, No WL",
        tolerance=0.1,
        rule="between",
        words="no systematic change: 0.4--0.6",
        models=_NO_WL,
    ),
    "leave_one_out_trend_no_wl": _none(
        "section 5.2.1", f"rank correlation of {DELTA_S8} with mass, No WL", "independent of mass", models=_NO_WL
    ),
}
_SALIENCY = {
    "saliency_core_ratio_gamma": _below(
        1, "section 5.2, Fig. 11", r"saliency of $\gamma$ in the core relative to the other radii", words="low, $< 1$"
    ),
    "saliency_decline": _below(
        1, "Fig. 11", rf"saliency of {M_GAS} at $R_{{500}}$ relative to $0.6\,R_{{500}}$", words="falls off, $< 1$"
    ),
    "saliency_rise_gamma": _above(
        1, "section 5.2", r"saliency of $\gamma$ at $R_{500}$ relative to $0.6\,R_{500}$", words="gently rising, $> 1$"
    ),
    "saliency_gas_combined": _network(
        1,
        "section 5.2",
        rf"saliency of all shells of {M_GAS} together relative to $T$",
        tolerance=0.5,
        rule="between",
        words="roughly equal: 0.5--1.5",
    ),
    "saliency_shape_by_mass": _above(
        SIMILAR,
        "section 5.2",
        f"least correlation, over mass bins, of the {M_GAS} saliency's profile with that of all clusters",
        words=f"does not depend on mass: $> {SIMILAR:g}$",
    ),
    "saliency_massive_ratio_gamma": _below(
        1, "Fig. 11", rf"saliency of $\gamma$ {_HEAVIEST} relative to lower masses", words="less sensitive, $< 1$"
    ),
    "saliency_shape_no_wl": _above(
        SIMILAR,
        "Fig. 12",
        f"correlation of the {M_GAS} saliency's profiles of No WL and Standard",
        words=f"similar: $> {SIMILAR:g}$",
        models=_BOTH,
    ),
    "saliency_mass_contrast_no_wl": _above(
        1,
        "section 5.2.1",
        f"relative variation of the {M_GAS} saliency with mass, No WL relative to Standard",
        words="drastic instead of fairly flat, $> 1$",
        models=_BOTH,
    ),
    **{
        f"saliency_middle_mass_{name}no_wl": _above(
            1,
            "section 5.2.1, Fig. 12",
            rf"saliency of {symbol} in $10^{{14.2}}$--$10^{{14.4}}$ {MSUN_H} relative to the tenth of lowest or "
            "highest mass, whichever is more salient, No WL",
            words="largest there, $> 1$",
            models=_NO_WL,
        )
        for name, symbol in (("", M_GAS), ("temperature_", "$T$"))
    },
}
_SELF_CALIBRATION = {
    "no_wl_over_n_cluster_mapping": _below(
        1,
        "section 5.2.1",
        f"{DELTA_S8} of No WL relative to the {N_CLUSTER} mapping",
        words="significantly better, $< 1$",
        models=_NO_WL,
    ),
    "no_wl_over_n_yx": _network(
        1,
        "section 5.2.1",
        f"{DELTA_S8} of No WL relative to the scatter at given {N_CLUSTER} and median $Y_X$",
        tolerance=ROUGHLY,
        words="roughly comparable: 0.8--1.2",
        models=_NO_WL,
    ),
    **{
        f"median_{name}_break": _mocks_above(
            TIGHT,
            "section 5.2.1, Fig. 13",
            rf"rank correlation of the median ${symbol}$ with $M_\mathrm{{break}}$ over the mock catalogs",
            words=f"a good proxy: $> {TIGHT:g}$",
        )
        for name, symbol in (("lx", "L_X"), ("yx", "Y_X"))
    },
    "sigma8_scatter_lx_over_yx": _mocks_above(
        1,
        "section 5.2.1",
        rf"scatter of {SIGMA8} at given {N_CLUSTER} and median $L_X$ relative to $Y_X$",
        words="$Y_X$ is better, $> 1$",
    ),
    **{
        f"sigma8_scatter_region_{name}": _mocks(
            0.03, "section 5.2.1, Fig. 14", rf"scatter of {SIGMA8} in region {name.upper()}", decimals=2
        )
        for name in ("a", "b")
    },
    "sigma8_scatter_edge": _mocks_below(
        1,
        "section 5.2.1",
        rf"scatter of {SIGMA8} in the outermost bins of Figure 14 relative to the other bins",
        words="falls toward the edges, $< 1$",
    ),
}
_TERSE = {
    "terse_with_m500c": _above(
        CORRELATED, "section 5.3, Fig. 15", "rank correlation of the terse value with $M_{500}$", words="correlates"
    ),
    "terse_with_yx": _above(
        CORRELATED, "section 5.3", "rank correlation of the terse value with $Y_X$", words="correlates"
    ),
    **{
        f"terse_with_{name}": _above(
            TIGHT, "Fig. 15", f"rank correlation of the terse value with {symbol}", words=f"tight: $> {TIGHT:g}$"
        )
        for name, symbol in (("m_gas", M_GAS), ("temperature", "$T$"))
    },
    **{
        f"terse_with_{name}": _none(
            "section 5.3, Fig. 15", f"rank correlation of the terse value with {symbol}", "no correlation"
        )
        for name, symbol in (("n_cluster", N_CLUSTER), ("sigma8", SIGMA8))
    },
    "terse_slope_at_ends": _below(
        1,
        "section 5.3",
        "slope of the terse value against mass in the tenths of lowest and highest mass relative to the middle fifth",
        words="loses sensitivity, $< 1$",
    ),
    "error_with_scatter": _none(
        "section 5.3",
        rf"rank correlation of $|\delta\sigma_8|$ with the scatter of $T$ and {M_GAS} in the catalog",
        "the scatter of the clusters does not dominate",
    ),
}
_APPENDICES = {
    **{
        f"sigma8_scatter_edge_{name}": _mocks_below(
            1,
            "Appendix A",
            rf"scatter of {SIGMA8} in the outermost bins of Figure 18 relative to the other bins, {name} volume",
            words="smaller toward the edges, $< 1$",
        )
        for name in ("smaller", "larger")
    },
    "sigma8_mean_smaller_less_larger": _mocks_above(
        0.03,
        "Appendix A",
        rf"mean {SIGMA8} at given {N_CLUSTER} and median $Y_X$, smaller less larger volume",
        words="quite different: above the scatter",
    ),
    "prescriptive_bias": _network(
        0,
        "Fig. 19",
        rf"bias toward the mean at the ends of the {SIGMA8} range, relative to {DELTA_S8}, prescriptive model",
        tolerance=NONE,
        words=f"no evidence: at most {NONE:g}",
        models=_PRESCRIPTIVE,
    ),
    "prescriptive_validation_over_training": _network(
        1 + TRACKING,
        "Appendix B, Fig. 20",
        "validation error relative to training error (with dropout), last epochs, prescriptive model",
        rule="at most",
        decimals=1,
        words=f"not diverged: at most {1 + TRACKING:g}",
        models=_PRESCRIPTIVE,
    ),
    "terse_with_m500c_prescriptive": _none(
        "Appendix B, Fig. 21",
        "absolute rank correlation of the terse value with $M_{500}$, prescriptive model",
        "virtually uncorrelated",
        models=_PRESCRIPTIVE,
    ),
    "terse_with_sigma8_prescriptive": _above(
        TIGHT,
        "Appendix B, Fig. 21",
        f"absolute rank correlation of the terse value with {SIGMA8}, prescriptive model",
        words=f"strong: $> {TIGHT:g}$",
        models=_PRESCRIPTIVE,
    ),
}

# every statement by name, in the order of the paper
CLAIMS: dict[str, Published] = {
    **_SECTION_2,
    **_SECTION_3,
    **_SECTION_4,
    **_LEAVE_ONE_OUT,
    **_SALIENCY,
    **_SELF_CALIBRATION,
    **_TERSE,
    **_APPENDICES,
}
