"""The paper's results, each with its place in the text (Ntampaka & Vikhlinin), and all published numbers by name."""

import math
from dataclasses import replace
from functools import partial

from encluster.paper.published_claims import CLAIMS
from encluster.paper.published_inputs import INPUTS, RELATIONS
from encluster.paper.published_value import DELTA_S8, M_GAS, MSUN_H, N_CLUSTER, SIGMA8, Published

# The number that is 1 where a network predicts a constant has this name and the network's.
CONSTANT = "predicts_constant_"
# The share of the variance of sigma8 over the test catalogs that a network explains: 1 - (rms error / scatter)^2.
EXPLAINED = "explained_"

_network = partial(Published, basis="network", models=("standard",))
_below, _above = partial(_network, rule="below"), partial(_network, rule="above")
_mocks = partial(Published, basis="mocks")
_halos = partial(Published, basis="halos")
_construction = partial(Published, basis="construction")
_AT_RADIUS = "at <saliency_radius> $R_{500}$"
_NO_RADIUS = f"{_AT_RADIUS}; the paper states no radius"
_STAND_IN = "with the stand-in exponents (D15)"
_AUDITED = r"terse value and $\sigma_8$ share <audit_leak_{}> of the variance at equal mass"
_STRIPES = "a tenth of the clusters at each end; the middle fifth"


def _delta(value: float, error: float, case: str, model: str = "", condition: str = "") -> Published:
    quantity, models = f"{DELTA_S8}, {case}", (model,) if model else ()
    return _network(value, "Table 4", quantity, plus=error, minus=error, decimals=4, models=models, condition=condition)


N_PARAMETERS = _construction(10_472_834, "section 3.1", "trainable parameters of the network of Table 3")

# standard deviation of predicted minus true sigma8 over the testing set
DELTA_SIGMA8 = {
    "standard": _delta(0.0212, 0.0009, "Standard", "standard"),
    "shuffled": _delta(0.0262, 0.0011, "Shuffled", "shuffled", "<dropout>"),
    "no_wl": _delta(0.0297, 0.0013, "No WL", "no_wl", "<dropout>"),
    "n_cluster_mapping": _delta(0.0650, 0.0030, f"{N_CLUSTER} mapping"),
    "array_of_ones": _delta(0.0620, 0.0027, "Array of Ones", "array_of_ones", "<dropout>"),
}

# Mean over clusters. The paper does not define its errors; we take them as spreads over clusters.
_spread = partial(_network, where="section 5.2", decimals=3, rule="none")
SALIENCY = {
    "temperature": _spread(0.391, quantity="mean saliency of $T$", plus=0.014, minus=0.008),
    "m_gas": _spread(
        0.217, quantity=rf"mean saliency of {M_GAS} at $0.6\,R_{{500}}$", plus=0.034, minus=0.066, condition=_AT_RADIUS
    ),
    "gamma": _spread(0.119, quantity=r"mean saliency of $\gamma$", plus=0.019, minus=0.053, condition=_NO_RADIUS),
}
_peak = partial(
    _network,
    0.6,
    unit="$R_{500}$",
    tolerance=0.13,
    words=r"near $0.6\,R_{500}$",
    condition="near: within half a step between our seven radii, $0.13$",
)


def _over_temperature(name: str, symbol: str, condition: str) -> Published:
    """Return a saliency over that of temperature, which does not depend on the unit of the terse value."""
    of, over = SALIENCY[name], SALIENCY["temperature"]
    value = of.value / over.value
    plus = value * math.hypot(of.plus / of.value, over.minus / over.value)
    minus = value * math.hypot(of.minus / of.value, over.plus / over.value)
    return _network(
        value,
        "section 5.2",
        f"ratio of the saliencies of {symbol} and $T$",
        plus=plus,
        minus=minus,
        decimals=3,
        rule="range",
        condition=f"{condition}; the paper's errors taken as spreads over clusters",
    )


# it depends on the number of clusters (docs/explanation/explanations_tested.md)
_BETWEEN = "the same change for all clusters of a catalog has <leave_one_out_between> of the variance"

_RESULTS = {
    "gas_mass_error": _halos(
        2.5,
        "section 2.1.2",
        f"statistical error of {M_GAS}",
        "%",
        decimals=1,
        rule="at most",
        condition="median of the worst bin of 0.2 dex in mass",
    ),
    "mean_n_clusters": _mocks(
        100,
        "section 4.2.2",
        f"mean {N_CLUSTER}",
        tolerance=10,
        words="near 100",
        condition="near: within a bin of the mapping, 10",
    ),
    "n_parameters": N_PARAMETERS,
    "best_epoch": _construction(3688, "Fig. 7", "selected epoch", rule="none", models=("standard",)),
    **{f"delta_sigma8_{case}": published for case, published in DELTA_SIGMA8.items()},
    "delta_sigma8_n_cluster_mapping_near_100": replace(
        _delta(0.0650, 0.0030, f"{N_CLUSTER} mapping near 100 (counted once, in Table 4)"),
        where="section 4.2.2",
        basis="alternative",
        condition="testing catalogs with 90--110 clusters",
    ),
    "bias_middle": _network(
        0,
        "Fig. 8",
        f"mean error for {SIGMA8} in 0.73--0.87",
        tolerance=0.005,
        decimals=3,
        words="not noticeable",
        condition="not noticeable: at most 0.005",
    ),
    "bias_low_edge": _above(0, "Fig. 8", f"mean error for {SIGMA8} below 0.73", words="toward the mean, $> 0$"),
    "bias_high_edge": _below(0, "Fig. 8", f"mean error for {SIGMA8} above 0.87", words="toward the mean, $< 0$"),
    "leave_one_out_width": _network(
        0.003,
        "section 5.1",
        rf"middle 68 % of $|\Delta\sigma_8|$ below $10^{{14.2}}$ {MSUN_H}",
        decimals=3,
        rule="at most",
    ),
    "leave_one_out_high_mass": _below(
        0,
        "section 5.1",
        rf"median {DELTA_S8} above $10^{{14.2}}$ {MSUN_H}",
        words="systematically lower, $< 0$",
        condition=f"less the mean of the catalog: <leave_one_out_high_mass_in_catalog>; {_BETWEEN}",
    ),
    # A normal distribution that is shifted by a tenth of its middle 68 % has 54 % on one side.
    "leave_one_out_low_mass_shift": _network(
        0,
        "section 5.1, Fig. 9",
        rf"median {DELTA_S8} below $10^{{14.2}}$ {MSUN_H}, relative to half the middle 68 %",
        tolerance=0.1,
        words="no direction: at most 0.1",
        condition=_BETWEEN,
    ),
    "leave_one_out_share_lower": _network(
        0.55,
        "Fig. 9",
        f"fraction of clusters whose removal lowers {SIGMA8}",
        tolerance=0.05,
        rule="between",
        words="slightly above one half: 0.5--0.6",
        condition=_BETWEEN,
    ),
    "leave_one_out_no_wl_over_standard": _below(
        0.5,
        "section 5.2.1",
        rf"absolute median {DELTA_S8} above $10^{{14.2}}$ {MSUN_H}, No WL relative to Standard",
        words="no strong systematic change: $< 0.5$",
        condition="strong: half as much as with lensing masses, or more",
        models=("standard", "no_wl"),
    ),
    **{f"saliency_{name}": published for name, published in SALIENCY.items()},
    "saliency_ratio_m_gas": _over_temperature("m_gas", M_GAS, _AT_RADIUS),
    "saliency_ratio_gamma": _over_temperature("gamma", r"$\gamma$", _NO_RADIUS),
    "saliency_sign_gamma": _below(
        0,
        "section 5.2",
        rf"signed saliency of $\gamma$ relative to that of {M_GAS}",
        words="negative",
        condition=_AT_RADIUS,
    ),
    "saliency_peak_radius": _peak("section 5.2", f"radius of the largest {M_GAS} saliency"),
    "saliency_core_ratio": _below(
        1, "Fig. 11", f"saliency of {M_GAS} in the core relative to the other shells", words="a dip, $< 1$"
    ),
    "saliency_massive_ratio": _below(
        1,
        "Fig. 11",
        rf"saliency above $10^{{14.7}}$ {MSUN_H} relative to lower masses",
        words="less sensitive, $< 1$",
        condition=_AT_RADIUS,
    ),
    "saliency_peak_radius_no_wl": _peak("Fig. 12", f"radius of the largest {M_GAS} saliency, No WL", models=("no_wl",)),
    "saliency_peak_mass_no_wl": _network(
        14.3,
        "Fig. 12",
        r"$\log_{10}$ of the mass of the largest saliency, No WL",
        tolerance=0.1,
        decimals=1,
        words="14.2--14.4",
        models=("no_wl",),
    ),
    "sigma8_scatter_at_n_yx": _mocks(
        0.03, "Fig. 14", rf"scatter of {SIGMA8} at given {N_CLUSTER} and median $Y_X$", decimals=2
    ),
    "sigma8_scatter_smaller": _mocks(
        0.03, "Appendix A", rf"scatter of {SIGMA8} at given {N_CLUSTER} and median $Y_X$, smaller volume", decimals=2
    ),
    "sigma8_scatter_larger": _mocks(
        0.03, "Appendix A", rf"scatter of {SIGMA8} at given {N_CLUSTER} and median $Y_X$, larger volume", decimals=2
    ),
    "proxy_scatter_m_gas": _mocks(17.9, "Fig. 16", f"scatter of {M_GAS} as a mass proxy", unit="%", decimals=1),
    "proxy_scatter_yx": _mocks(7.3, "Fig. 16", "scatter of $Y_X$ as a mass proxy", unit="%", decimals=1),
    "proxy_scatter_terse": _network(
        16.1, "Fig. 16", "scatter of the terse value as a mass proxy", unit="%", decimals=1
    ),
    "proxy_terse_over_m_gas": _below(
        1, "Fig. 16", f"scatter of the terse value relative to {M_GAS}", words="tighter, $< 1$"
    ),
    "proxy_terse_over_yx": _above(
        1, "Fig. 16", "scatter of the terse value relative to $Y_X$", words="not as good, $> 1$"
    ),
    "terse_wl_over_mass": _below(
        1,
        "Fig. 15",
        r"correlation of the terse value with $M_\mathrm{WL}$ relative to that with $M_{500}$",
        words="more scatter, $< 1$",
    ),
    **{
        f"stripes_{end}": _below(
            1,
            "section 5.3",
            f"saliency at the {end} terse values relative to the middle",
            words="drops, $< 1$",
            condition=_STRIPES,
        )
        for end in ("lowest", "highest")
    },
    "stripes_shape": _network(
        0,
        "section 5.3",
        r"correlation of saliency with $\gamma$ in the core",
        tolerance=0.1,
        words="no correlation",
        condition="none: at most 0.1",
    ),
    "audit_standard": _network(
        1,
        "section 5.3",
        "the Standard model passes the audit",
        rule="same",
        words="yes",
        condition=_AUDITED.format("standard"),
    ),
    "audit_prescriptive": _network(
        1,
        "Appendix B",
        "the prescriptive model is overspecialized",
        rule="same",
        words="yes",
        condition=f"{_STAND_IN}; {_AUDITED.format('prescriptive')}",
        models=("prescriptive",),
    ),
    "delta_sigma8_prescriptive": _network(
        0.0016,
        "Fig. 19",
        f"{DELTA_S8}, prescriptive",
        decimals=4,
        rule="none",
        condition=_STAND_IN,
        models=("prescriptive",),
    ),
    "prescriptive_improvement": _network(
        10,
        "Appendix B",
        f"{DELTA_S8} of Standard relative to prescriptive",
        tolerance=5,
        words="a factor of about 10",
        condition=f"{_STAND_IN}; about: 5--15",
        models=("standard", "prescriptive"),
    ),
    "mass_knowledge": _network(
        12, "section 5.2.1", r"accuracy of the mass scale equivalent to $\Delta\sigma_8 = 0.03$", unit="%", models=()
    ),
}

# every published number by name, in the order of the paper
PUBLISHED: dict[str, Published] = {**INPUTS, **RELATIONS, **_RESULTS, **CLAIMS}
# names that no run measures, and the reason
NOT_MEASURED = {
    "mass_knowledge": "No run measures it. The paper takes it from Vikhlinin et al. (2009b), where 9 % in mass "
    "correspond to 0.023 in $\\sigma_8$.",
}
