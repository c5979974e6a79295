"""The paper's numbers, typed once, each with the place where it stands (Ntampaka & Vikhlinin)."""

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from encluster.halos.scaling import PIVOT_LOG_M, TABLE2

# How a number of ours is compared with one of the paper (`encluster.paper.scorecard.verdicts.judge`):
#   within    within 2 sigma, the errors in quadrature; without an error of the paper, what its digits or words leave
#             open counts as 2 sigma
#   at most   not beyond the value
#   below, above   on that side of the value by 2 sigma of ours
#   between   above the value less its tolerance and below the value plus it, each by 2 sigma of ours
#   range     the paper's errors are a range: in it, or outside it by no more than 2 sigma of ours
#   same      the very value
#   none      the two have no common scale
Rule = Literal["within", "at most", "below", "above", "between", "range", "same", "none"]
# the number that is 1 where a network predicts a constant is called this and the network's name
CONSTANT = "predicts_constant_"
# an alternative is a result in other words, which must not count twice
Basis = Literal["input", "halos", "mocks", "network", "alternative"]


@dataclass(frozen=True)
class Published:
    """A value of the paper with its error (upper and lower; zero where none is given).

    Parameters
    ----------
    value, where : the number, and its section, figure or table
    quantity, unit : what it is, in words; the unit is empty where it has none
    plus, minus : its errors; zero where the paper gives none
    decimals : digits after the point as the paper prints it
    rule : how ours is compared with it, see above
    tolerance : what the paper's words leave open; half a unit of the last printed digit where it is not given
    basis : what ours comes out of: an input is set, not measured
    words : what the paper says, where it is not the number itself
    models : the networks that ours rests on, rows of the configuration's `models`
    """

    value: float
    where: str
    quantity: str = ""
    unit: str = ""
    plus: float = 0.0
    minus: float = 0.0
    decimals: int = 0
    rule: Rule = "within"
    tolerance: float | None = None
    basis: Basis = "input"
    words: str = ""
    models: tuple[str, ...] = ()

    @property
    def leeway(self) -> float:
        """What the paper's digits or words leave open."""
        return 0.5 * 10.0**-self.decimals if self.tolerance is None else self.tolerance


_network = partial(Published, basis="network", models=("standard",))
_below, _above = partial(_network, rule="below"), partial(_network, rule="above")
_mocks = partial(Published, basis="mocks")
_halos = partial(Published, basis="halos")


def _delta(value: float, error: float, case: str, where: str = "Table 4", model: str = "") -> Published:
    models = (model,) if model else ()
    return _network(value, where, f"Delta sigma8, {case}", plus=error, minus=error, decimals=4, models=models)


N_SIMULATED_CLUSTERS = Published(1165, "section 2.1", "simulated clusters above 10^13.58 Msun/h")
N_CATALOGS = Published(4968, "section 2.2.2", "mock catalogs")
N_PARAMETERS = _network(10_472_834, "section 3.1", "trainable parameters of the network of Table 3", models=())
BEST_EPOCH = _network(3688, "Fig. 7", "selected epoch", rule="none")
N_EPOCHS = Published(5000, "section 3.3", "epochs")
GAS_MASS_ERROR = _halos(2.5, "section 2.1.2", "statistical error of M_gas", "%", decimals=1, rule="at most")

# standard deviation of predicted minus true sigma8 over the testing set
DELTA_SIGMA8 = {
    "standard": _delta(0.0212, 0.0009, "Standard", model="standard"),
    "shuffled": _delta(0.0262, 0.0011, "Shuffled", model="shuffled"),
    "no_wl": _delta(0.0297, 0.0013, "No WL", model="no_wl"),
    "n_cluster_mapping": _delta(0.0650, 0.0030, "N_cluster mapping"),
    "array_of_ones": _delta(0.0620, 0.0027, "Array of Ones", model="array_of_ones"),
}
# "near the mean of N_cluster values", of which one bin of the mapping is 10 wide
MEAN_N_CLUSTERS = _mocks(100, "section 4.2.2", "mean N_cluster", tolerance=10, words="near 100")


# mean over clusters, with errors of which the paper does not say what they are: taken as spreads over clusters
_spread = partial(_network, where="section 5.2", decimals=3, rule="none")
SALIENCY = {
    "temperature": _spread(0.391, quantity="mean saliency of T", plus=0.014, minus=0.008),
    "m_gas": _spread(0.217, quantity="mean saliency of M_gas at 0.6 R500", plus=0.034, minus=0.066),
    "gamma": _spread(0.119, quantity="mean saliency of gamma", plus=0.019, minus=0.053),
}
# half a step between our seven radii is left open
_peak = partial(_network, 0.6, unit="R500", tolerance=0.13, words="near 0.6")


def _over_temperature(name: str, quantity: str) -> Published:
    """Return a saliency over that of temperature, which does not depend on the unit of the terse value."""
    of, over = SALIENCY[name], SALIENCY["temperature"]
    value = of.value / over.value
    plus = value * math.hypot(of.plus / of.value, over.minus / over.value)
    minus = value * math.hypot(of.minus / of.value, over.plus / over.value)
    where = "section 5.2, their ratio; the errors, taken as spreads over clusters, give its range"
    return _network(value, where, quantity, plus=plus, minus=minus, decimals=3, rule="range")


def _input(value: float, where: str, quantity: str, decimals: int = 0, unit: str = "") -> Published:
    return Published(value, where, quantity, unit, decimals=decimals)


INPUTS = {
    "omega_m": _input(0.226, "section 2.1", "Omega_m", 3),
    "omega_b": _input(0.046, "section 2.1", "Omega_b", 3),
    "hubble": _input(0.704, "section 2.1", "h", 3),
    "spectral_index": _input(0.963, "section 2.1", "n_s", 3),
    "reference_sigma8": _input(0.809, "section 2.1", "sigma8 of the simulation", 3),
    "box": _input(352, "section 2.1", "side of the box", 0, "Mpc/h"),
    "n_simulated_clusters": N_SIMULATED_CLUSTERS,
    "log_m_limit": _input(13.58, "section 2.1", "smallest simulated mass, log10", 2, "Msun/h"),
    "survey_redshift": _input(0.07, "sections 2.1, 2.1.1", "redshift", 2),
    "volume_fraction": _input(0.5, "section 2.1.1", "survey volume over that of the box", 1),
    "selection_slope": _input(2.4, "section 2.1.1", "A in V_obs ~ M^A", 1),
    "log_m_break": _input(14.4, "section 2.1.1", "M_break, log10", 1, "Msun"),
    "log_m_min": _input(13.6, "section 2.1.1", "M_min, log10", 1, "Msun"),
    "mass_bin": _input(0.01, "Fig. 1", "width of the mass bins", 2, "dex"),
    "collecting_area": _input(600, "section 2.1.2", "effective area", 0, "cm2"),
    "exposure": _input(100, "section 2.1.2", "exposure", 0, "ks"),
    "band_low": _input(0.5, "section 2.1.2", "energy band, from", 1, "keV"),
    "band_high": _input(2.0, "section 2.1.2", "energy band, to", 1, "keV"),
    "field": _input(42, "section 2.1.2", "field of view", 0, "arcmin"),
    "pixel": _input(6, "section 2.1.2", "pixel", 0, "arcsec"),
    "line_of_sight": _input(50, "section 2.1.2", "structure along the line of sight", 0, "Mpc"),
    "sigma_wl_low": _input(0.1, "section 2.1.3", "sigma_WL, from", 1),
    "sigma_wl_high": _input(0.3, "section 2.1.3", "sigma_WL, to", 1),
    "sigma_wl_low_table1": _input(0.2, "Table 1", "sigma_WL, from", 1),
    "sigma_wl_high_table1": _input(0.4, "Table 1", "sigma_WL, to", 1),
    "sigma8_first": _input(0.70, "section 2.2.2", "grid of sigma8, from", 2),
    "sigma8_last": _input(0.92, "section 2.2.2", "grid of sigma8, to", 2),
    "sigma8_step": _input(0.01, "section 2.2.2", "grid of sigma8, step", 2),
    "normalization_first": _input(0.8, "section 2.2.2", "normalization biases, from", 1),
    "normalization_last": _input(1.3, "section 2.2.2", "normalization biases, to", 1),
    "normalization_step": _input(0.1, "section 2.2.2", "normalization biases, step", 1),
    "bias_low": _input(0.7, "section 2.2.2", "biases of scatter and L_X slope, from", 1),
    "bias_high": _input(1.3, "section 2.2.2", "biases of scatter and L_X slope, to", 1),
    "n_varied": _input(8, "section 2.2.2", "parameters that vary"),
    "n_catalogs": N_CATALOGS,
    "neighbor_window": _input(0.1, "section 2.2.2", "search for a neighbor", 1, "dex"),
    "matrix_width": _input(15, "section 3.1", "width of the 2D input"),
    "fraction_training": _input(0.8, "section 3.2", "share of the training set", 1),
    "fraction_testing": _input(0.1, "section 3.2", "share of the testing set", 1),
    "learning_rate": _input(0.001, "section 3.3", "learning rate", 3),
    "n_epochs": N_EPOCHS,
    "select_from_epoch": _input(2000, "section 3.3", "first epoch that may be selected"),
    "smoothing": _input(0.076, "Appendix A", "smoothing of the transition", 3, "dex"),
    "smaller_volume": _input(0.3, "Appendix A", "smaller volume over that of the box", 1),
    "larger_volume": _input(0.8, "Appendix A", "larger volume over that of the box", 1),
    "prescriptive_learning_rate": _input(0.01, "Appendix B", "learning rate, prescriptive", 2),
}


def _table2_rows() -> dict[str, Published]:
    rows: dict[str, Published] = {}
    open_at_pivot = round(0.005 + 0.005 * PIVOT_LOG_M, 3)  # by the digits of the printed slope and intercept
    for name, symbol in (("lx", "L_X"), ("temperature", "T"), ("m_gas", "M_gas")):
        law = TABLE2[name]
        where = (
            f"Table 2 ({law.log_x_at_unit_mass:.2f} at 1 Msun/h; its digits leave {open_at_pivot} dex open, "
            f"or {100 * (10**open_at_pivot - 1):.0f} %)"
        )
        log_x0 = round(law.log_x0, 3)
        rows |= {
            f"{name}_slope": _halos(law.slope, "Table 2", f"slope of {symbol}", decimals=2),
            f"{name}_log_x0": _halos(
                log_x0, where, f"log10 {symbol} at 10^14.4 Msun/h", decimals=3, tolerance=open_at_pivot
            ),
            f"{name}_scatter": _halos(law.std, "Table 2", f"scatter of {symbol}", "dex", decimals=2),
        }
    return rows


_RESULTS = {
    "gas_mass_error": GAS_MASS_ERROR,
    **_table2_rows(),
    "lx_scatter_in_mass": _halos(0.076, "Appendix A", "scatter of L_X as one of log M", "dex", decimals=3),
    "mean_n_clusters": MEAN_N_CLUSTERS,
    "n_parameters": N_PARAMETERS,
    "n_parameters_encoder": _network(
        2.8, "section 3.1", "of these in the encoder", unit="million", decimals=1, models=()
    ),
    "n_parameters_cnn": _network(7.6, "section 3.1", "of these in the CNN", unit="million", decimals=1, models=()),
    "best_epoch": BEST_EPOCH,
    **{f"delta_sigma8_{case}": published for case, published in DELTA_SIGMA8.items()},
    "delta_sigma8_n_cluster_mapping_near_100": replace(
        _delta(0.0650, 0.0030, "N_cluster mapping near 100 (not counted again)", "section 4.2.2"), basis="alternative"
    ),
    "bias_middle": _network(
        0, "Fig. 8", "mean error for sigma8 in 0.73-0.87", tolerance=0.005, decimals=3, words="not noticeable"
    ),
    "bias_low_edge": _above(0, "Fig. 8", "mean error below 0.73", words="toward the mean, > 0"),
    "bias_high_edge": _below(0, "Fig. 8", "mean error above 0.87", words="toward the mean, < 0"),
    "leave_one_out_width": _network(
        0.003, "section 5.1", "middle 68 % of abs(Delta sigma8) below 10^14.2 Msun/h", decimals=3, rule="at most"
    ),
    "leave_one_out_high_mass": _below(
        0, "section 5.1", "median Delta sigma8 above 10^14.2 Msun/h", words="systematically lower, < 0"
    ),
    # a normal distribution shifted by a tenth of its middle 68 % has 54 % of it on one side
    "leave_one_out_low_mass_shift": _network(
        0,
        "section 5.1, Fig. 9",
        "median Delta sigma8 below 10^14.2 Msun/h over half the middle 68 %",
        tolerance=0.1,
        words="neither way: at most a tenth",
    ),
    "leave_one_out_share_lower": _network(
        0.55,
        "Fig. 9",
        "share of all clusters whose removal lowers sigma8",
        tolerance=0.05,
        rule="between",
        words="slightly more than even: 0.5-0.6",
    ),
    # "strong" is as with lensing masses, whose change the paper calls systematic
    "leave_one_out_no_wl_over_standard": _below(
        0.5,
        "section 5.2.1",
        "abs(median Delta sigma8) above 10^14.2 Msun/h, No WL over Standard",
        words="no strong systematic change: < 1/2",
        models=("standard", "no_wl"),
    ),
    **{f"saliency_{name}": published for name, published in SALIENCY.items()},
    "saliency_ratio_m_gas": _over_temperature("m_gas", "saliency of M_gas over that of T"),
    "saliency_ratio_gamma": _over_temperature("gamma", "saliency of gamma over that of T"),
    "saliency_sign_gamma": _below(
        0, "section 5.2", "gamma's saliency with its sign, relative to M_gas's", words="negative"
    ),
    "saliency_peak_radius": _peak("section 5.2", "radius where M_gas matters most"),
    "saliency_core_ratio": _below(
        1, "Fig. 11", "saliency of the core's M_gas over the other shells'", words="a dip, < 1"
    ),
    "saliency_massive_ratio": _below(
        1, "Fig. 11", "saliency above 10^14.7 Msun/h over that below", words="less sensitive, < 1"
    ),
    "saliency_peak_radius_no_wl": _peak("Fig. 12", "the same radius, No WL", models=("no_wl",)),
    "saliency_peak_mass_no_wl": _network(
        14.3,
        "Fig. 12",
        "mass of largest saliency, No WL",
        tolerance=0.1,
        decimals=1,
        words="14.2-14.4",
        models=("no_wl",),
    ),
    "sigma8_scatter_at_n_yx": _mocks(0.03, "Fig. 14", "scatter of sigma8 at given N_cluster, median Y_X", decimals=2),
    "sigma8_scatter_smaller": _mocks(0.03, "Appendix A", "the same, smaller volume", decimals=2),
    "sigma8_scatter_larger": _mocks(0.03, "Appendix A", "the same, larger volume", decimals=2),
    "proxy_scatter_m_gas": _mocks(17.9, "Fig. 16", "scatter of M_gas as a mass proxy", unit="%", decimals=1),
    "proxy_scatter_yx": _mocks(7.3, "Fig. 16", "scatter of Y_X as a mass proxy", unit="%", decimals=1),
    "proxy_scatter_terse": _network(16.1, "Fig. 16", "scatter of the terse value as a proxy", unit="%", decimals=1),
    "proxy_terse_over_m_gas": _below(1, "Fig. 16", "scatter of terse over M_gas", words="tighter, < 1"),
    "proxy_terse_over_yx": _above(1, "Fig. 16", "scatter of terse over Y_X", words="not as good, > 1"),
    "terse_wl_over_mass": _below(
        1, "Fig. 15", "correlation of terse with M_WL over that with M500", words="more scattered, < 1"
    ),
    # a tenth of the clusters at either end, and the middle fifth; "no" is less than 0.1
    "stripes_lowest": _below(
        1, "section 5.3", "saliency at the lowest terse values over the middle", words="drops, < 1"
    ),
    "stripes_highest": _below(
        1, "section 5.3", "saliency at the highest terse values over the middle", words="drops, < 1"
    ),
    "stripes_shape": _network(
        0, "section 5.3", "correlation of saliency with gamma in the core", tolerance=0.1, words="no correlation"
    ),
    "audit_standard": _network(1, "section 5.3", "the Standard model passes the audit", rule="same", words="yes"),
    "audit_prescriptive": _network(
        1,
        "Appendix B",
        "the prescriptive model is overspecialized",
        rule="same",
        words="yes",
        models=("prescriptive",),
    ),
    "delta_sigma8_prescriptive": _network(
        0.0016, "Fig. 19", "Delta sigma8, prescriptive", decimals=4, rule="none", models=("prescriptive",)
    ),
    "prescriptive_improvement": _network(
        10,
        "Appendix B",
        "Delta sigma8 of Standard over prescriptive",
        tolerance=5,
        words="a factor of about 10",
        models=("standard", "prescriptive"),
    ),
    "mass_knowledge": _network(
        12, "section 5.2.1", "knowledge of the mass scale that Delta sigma8 = 0.03 asks for", unit="%", models=()
    ),
}

# every published value by name, in the order of the paper
PUBLISHED: dict[str, Published] = {**INPUTS, **_RESULTS}
# names that no run measures, and why
NOT_MEASURED = {
    "mass_knowledge": "The paper takes it from Vikhlinin et al. (2009b), where 9 % of mass stand for 0.023 in sigma8; "
    "nothing here measures it.",
}
