"""Statements of section 5 on leave one out, saliency and terse values; a part of `encluster.paper.published_claims`."""

from functools import partial

from encluster.paper.published_value import DELTA_S8, M_GAS, MSUN_H, N_CLUSTER, SIGMA8, Published

NONE = 0.1  # what "no" means, of a correlation and of a shift relative to a width; as in `encluster.paper.published`
SIMILAR = 0.8  # least correlation of two profiles that are "similar"
TIGHT = 0.7  # least rank correlation that is "tight"
CORRELATED = 0.5  # least rank correlation of two quantities that "correlate"; a "weak" one is below it

network = partial(Published, basis="network", models=("standard",))
above, below = partial(network, rule="above"), partial(network, rule="below")
_NO_WL, _BOTH = ("no_wl",), ("standard", "no_wl")
_HEAVY, _HEAVIEST = rf"above $10^{{14.2}}$ {MSUN_H}", rf"above $10^{{14.7}}$ {MSUN_H}"


def no_correlation(where: str, quantity: str, words: str, *, models: tuple[str, ...] = ("standard",)) -> Published:
    """Return a number that is zero in the paper's words."""
    return network(0, where, quantity, tolerance=NONE, words=f"{words}: at most {NONE:g}", models=models)


LEAVE_ONE_OUT = {
    "leave_one_out_massive_over_light": above(
        1,
        "section 5.1",
        rf"median $|\Delta\sigma_8|$ {_HEAVY} relative to lower masses",
        words="low masses matter less, $> 1$",
    ),
    "leave_one_out_trend": below(
        0, "section 5.1", rf"rank correlation of {DELTA_S8} with mass {_HEAVY}", words="grows with mass, $< 0$"
    ),
    "leave_one_out_heaviest_share_lower": above(
        0.9,
        "Fig. 9",
        rf"fraction of clusters {_HEAVIEST} whose removal lowers {SIGMA8}",
        words="almost always: $> 0.9$",
    ),
    # "strong" is half a width, as half of what Standard does in `leave_one_out_no_wl_over_standard`
    "leave_one_out_high_mass_shift_no_wl": network(
        0,
        "section 5.2.1",
        rf"median {DELTA_S8} {_HEAVY}, relative to half the middle 68 % at lower masses, No WL",
        tolerance=0.5,
        words="no strong systematic change: at most 0.5",
        models=_NO_WL,
    ),
    "leave_one_out_high_mass_share_lower_no_wl": network(
        0.5,
        "section 5.2.1",
        rf"fraction of clusters {_HEAVY} whose removal lowers {SIGMA8}, No WL",
        tolerance=0.1,
        rule="between",
        words="no systematic change: 0.4--0.6",
        models=_NO_WL,
    ),
    "leave_one_out_trend_no_wl": no_correlation(
        "section 5.2.1", f"rank correlation of {DELTA_S8} with mass, No WL", "independent of mass", models=_NO_WL
    ),
}
SALIENCY = {
    "saliency_core_ratio_gamma": below(
        1, "section 5.2, Fig. 11", r"saliency of $\gamma$ in the core relative to the other radii", words="low, $< 1$"
    ),
    "saliency_decline": below(
        1, "Fig. 11", rf"saliency of {M_GAS} at $R_{{500}}$ relative to $0.6\,R_{{500}}$", words="falls off, $< 1$"
    ),
    "saliency_rise_gamma": above(
        1, "section 5.2", r"saliency of $\gamma$ at $R_{500}$ relative to $0.6\,R_{500}$", words="gently rising, $> 1$"
    ),
    "saliency_gas_combined": network(
        1,
        "section 5.2",
        rf"saliency of all shells of {M_GAS} together relative to $T$",
        tolerance=0.5,
        rule="between",
        words="roughly equal: 0.5--1.5",
    ),
    "saliency_shape_by_mass": above(
        SIMILAR,
        "section 5.2",
        f"least correlation, over mass bins, of the {M_GAS} saliency's profile with that of all clusters",
        words=f"does not depend on mass: $> {SIMILAR:g}$",
    ),
    "saliency_massive_ratio_gamma": below(
        1, "Fig. 11", rf"saliency of $\gamma$ {_HEAVIEST} relative to lower masses", words="less sensitive, $< 1$"
    ),
    "saliency_shape_no_wl": above(
        SIMILAR,
        "Fig. 12",
        f"correlation of the {M_GAS} saliency's profiles of No WL and Standard",
        words=f"similar: $> {SIMILAR:g}$",
        models=_BOTH,
    ),
    "saliency_mass_contrast_no_wl": above(
        1,
        "section 5.2.1",
        f"relative variation of the {M_GAS} saliency with mass, No WL relative to Standard",
        words="drastic instead of fairly flat, $> 1$",
        models=_BOTH,
    ),
    **{
        f"saliency_middle_mass_{name}no_wl": above(
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
TERSE = {
    "terse_with_m500c": above(
        CORRELATED,
        "section 5.3, Fig. 15",
        "rank correlation of the terse value with $M_{500}$",
        words=f"correlates: $> {CORRELATED:g}$",
    ),
    "terse_with_yx": above(
        CORRELATED,
        "section 5.3",
        "rank correlation of the terse value with $Y_X$",
        words=f"correlates: $> {CORRELATED:g}$",
    ),
    **{
        f"terse_with_{name}": above(
            TIGHT, "Fig. 15", f"rank correlation of the terse value with {symbol}", words=f"tight: $> {TIGHT:g}$"
        )
        for name, symbol in (("m_gas", M_GAS), ("temperature", "$T$"))
    },
    **{
        f"terse_with_{name}": no_correlation(
            "section 5.3, Fig. 15", f"rank correlation of the terse value with {symbol}", "no correlation"
        )
        for name, symbol in (("n_cluster", N_CLUSTER), ("sigma8", SIGMA8))
    },
    "terse_slope_at_ends": below(
        1,
        "section 5.3",
        "slope of the terse value against mass in the tenths of lowest and highest mass relative to the middle fifth",
        words="loses sensitivity, $< 1$",
    ),
    "error_with_scatter": no_correlation(
        "section 5.3",
        rf"rank correlation of $|\delta\sigma_8|$ with the scatter of $T$ and {M_GAS} in the catalog",
        "the scatter of the clusters does not dominate",
    ),
}
