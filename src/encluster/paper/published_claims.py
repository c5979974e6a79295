"""Statements of the paper's text that have no number in a table, each with its place (Ntampaka & Vikhlinin).

`docs/explanation/claims.md` goes through the text and names the row of each statement. The limits were set from the
words of the paper, before ours were measured.
"""

import math
from functools import partial

from encluster.paper.published_explanations import (
    CORRELATED,
    LEAVE_ONE_OUT,
    NONE,
    SALIENCY,
    TERSE,
    TIGHT,
    above,
    below,
    network,
    no_correlation,
)
from encluster.paper.published_value import DELTA_S8, M_GAS, N_CLUSTER, SIGMA8, Published

ROUGHLY = 0.2  # relative, of "approximately" and "roughly comparable"
TRACKING = 0.1  # relative, of two errors whose lines one cannot tell apart in Figure 20

_construction = partial(Published, basis="construction")  # of the mass function, or of what the surrogate is drawn from
_halos = partial(Published, basis="halos")
_mocks = partial(Published, basis="mocks")
_mocks_above, _mocks_below = partial(_mocks, rule="above"), partial(_mocks, rule="below")
_PRESCRIPTIVE = ("prescriptive",)


def _over(top: tuple[float, float], bottom: tuple[float, float], where: str, quantity: str, *models: str) -> Published:
    """Return the ratio of two numbers of Table 4, each with its error."""
    value = top[0] / bottom[0]
    error = value * math.hypot(top[1] / top[0], bottom[1] / bottom[0])
    return network(value, where, quantity, plus=error, minus=error, decimals=2, models=models)


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
    "residuals_temperature_m_gas": _construction(
        0, "section 2.2.2", rf"rank correlation of the residuals of $T$ and {M_GAS}", rule="below", words="negative"
    ),
    "massive_over_light_with_sigma8": _construction(
        1,
        "Fig. 1",
        rf"growth of the number of clusters from the lowest to the highest {SIGMA8}: above $M_\mathrm{{break}}$ "
        "relative to below",
        rule="above",
        words="most pronounced above, $> 1$",
    ),
    "mass_prior": _mocks(
        30,
        "section 5.2.1",
        rf"standard deviation over catalogs of the mass that $L_X$, $T$ and {M_GAS} give together",
        unit="%",
        tolerance=5,
        condition="about: 25--35",
    ),
}
_SECTION_3 = {
    "training_error_trend": below(
        -0.9, "Fig. 7", "rank correlation of the training error with the epoch", words="decreases steadily, $< -0.9$"
    ),
    "validation_error_rise": above(
        1,
        "section 3.3",
        "validation error at the last epochs relative to that about the selected epoch",
        words="rises, $> 1$",
    ),
    "validation_over_training": above(
        1,
        "section 3.3",
        "validation error relative to training error (with dropout), last epochs",
        words="clearly overfit, $> 1$",
    ),
}
_STANDARD = (0.0212, 0.0009)
_SECTION_4 = {
    "delta_sigma8_over_limit": network(
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
    "n_cluster_mapping_over_standard": above(
        1, "section 4.2.2", f"{DELTA_S8} of the {N_CLUSTER} mapping relative to Standard", words="well outside, $> 1$"
    ),
    "array_of_ones_over_n_cluster_mapping": network(
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
_SELF_CALIBRATION = {
    "no_wl_over_n_cluster_mapping": below(
        1,
        "section 5.2.1",
        f"{DELTA_S8} of No WL relative to the {N_CLUSTER} mapping",
        words="significantly better, $< 1$",
        models=("no_wl",),
    ),
    "no_wl_over_n_yx": network(
        1,
        "section 5.2.1",
        f"{DELTA_S8} of No WL relative to the scatter at given {N_CLUSTER} and median $Y_X$",
        tolerance=ROUGHLY,
        words="roughly comparable: 0.8--1.2",
        models=("no_wl",),
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
    "prescriptive_bias": network(
        0,
        "Fig. 19",
        rf"bias toward the mean at the ends of the {SIGMA8} range, relative to {DELTA_S8}, prescriptive model",
        tolerance=NONE,
        words=f"no evidence: at most {NONE:g}",
        models=_PRESCRIPTIVE,
    ),
    "prescriptive_validation_over_training": network(
        1 + TRACKING,
        "Appendix B, Fig. 20",
        "validation error relative to training error (with dropout), last epochs, prescriptive model",
        rule="at most",
        decimals=1,
        words=f"not diverged: at most {1 + TRACKING:g}",
        models=_PRESCRIPTIVE,
    ),
    "terse_with_m500c_prescriptive": no_correlation(
        "Appendix B, Fig. 21",
        "absolute rank correlation of the terse value with $M_{500}$, prescriptive model",
        "virtually uncorrelated",
        models=_PRESCRIPTIVE,
    ),
    "terse_with_sigma8_prescriptive": above(
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
    **LEAVE_ONE_OUT,
    **SALIENCY,
    **_SELF_CALIBRATION,
    **TERSE,
    **_APPENDICES,
}
