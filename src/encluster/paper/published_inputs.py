"""The paper's inputs, from the cosmology to the training, and its power laws (Ntampaka & Vikhlinin)."""

from functools import partial

from encluster.halos.scaling import PIVOT_LOG_M, TABLE2
from encluster.paper.published_value import MSUN, MSUN_H, SIGMA8, SIGMA_WL, Published


def _input(value: float, where: str, quantity: str, decimals: int = 0, unit: str = "") -> Published:
    return Published(value, where, quantity, unit, decimals=decimals)


INPUTS = {
    "omega_m": _input(0.226, "section 2.1", r"$\Omega_\mathrm{m}$", 3),
    "omega_b": _input(0.046, "section 2.1", r"$\Omega_\mathrm{b}$", 3),
    "hubble": _input(0.704, "section 2.1", "$h$", 3),
    "spectral_index": _input(0.963, "section 2.1", r"$n_\mathrm{s}$", 3),
    "reference_sigma8": _input(0.809, "section 2.1", f"{SIGMA8} of the simulation", 3),
    "box": _input(352, "section 2.1", "side length of the box", 0, r"$h^{-1}\,\mathrm{Mpc}$"),
    "n_simulated_clusters": _input(1165, "section 2.1", f"simulated clusters above $10^{{13.58}}$ {MSUN_H}"),
    "log_m_limit": _input(13.58, "section 2.1", r"$\log_{10}$ of the lowest simulated mass", 2, MSUN_H),
    "survey_redshift": _input(0.07, "sections 2.1, 2.1.1", "redshift", 2),
    "volume_fraction": _input(0.5, "section 2.1.1", "survey volume relative to the box", 1),
    "selection_slope": _input(2.4, "section 2.1.1", r"$A$ in $V_\mathrm{obs} \propto M^A$", 1),
    "log_m_break": _input(14.4, "section 2.1.1", r"$\log_{10} M_\mathrm{break}$", 1, MSUN),
    "log_m_min": _input(13.6, "section 2.1.1", r"$\log_{10} M_\mathrm{min}$", 1, MSUN),
    "mass_bin": _input(0.01, "Fig. 1", "width of the mass bins", 2, "dex"),
    "collecting_area": _input(600, "section 2.1.2", "effective area", 0, r"$\mathrm{cm}^2$"),
    "exposure": _input(100, "section 2.1.2", "exposure time", 0, "ks"),
    "band_low": _input(0.5, "section 2.1.2", "energy band, lower limit", 1, "keV"),
    "band_high": _input(2.0, "section 2.1.2", "energy band, upper limit", 1, "keV"),
    "field": _input(42, "section 2.1.2", "field of view", 0, "arcmin"),
    "pixel": _input(6, "section 2.1.2", "pixel size", 0, "arcsec"),
    "line_of_sight": _input(50, "section 2.1.2", "depth along the line of sight, each way", 0, "Mpc"),
    "sigma_wl_low": _input(0.1, "section 2.1.3", f"{SIGMA_WL}, lower limit", 1),
    "sigma_wl_high": _input(0.3, "section 2.1.3", f"{SIGMA_WL}, upper limit", 1),
    "sigma_wl_low_table1": _input(0.2, "Table 1", f"{SIGMA_WL}, lower limit", 1),
    "sigma_wl_high_table1": _input(0.4, "Table 1", f"{SIGMA_WL}, upper limit", 1),
    "sigma8_first": _input(0.70, "section 2.2.2", f"grid of {SIGMA8}, lower limit", 2),
    "sigma8_last": _input(0.92, "section 2.2.2", f"grid of {SIGMA8}, upper limit", 2),
    "sigma8_step": _input(0.01, "section 2.2.2", f"grid of {SIGMA8}, step", 2),
    "normalization_first": _input(0.8, "section 2.2.2", "normalization biases, lower limit", 1),
    "normalization_last": _input(1.3, "section 2.2.2", "normalization biases, upper limit", 1),
    "normalization_step": _input(0.1, "section 2.2.2", "normalization biases, step", 1),
    "bias_low": _input(0.7, "section 2.2.2", r"biases of the scatters and of the $L_X$ slope, lower limit", 1),
    "bias_high": _input(1.3, "section 2.2.2", r"biases of the scatters and of the $L_X$ slope, upper limit", 1),
    "n_varied": _input(8, "section 2.2.2", "number of varied parameters"),
    "n_catalogs": _input(4968, "section 2.2.2", "mock catalogs"),
    "neighbor_window": _input(0.1, "section 2.2.2", "mass window for neighbors, half width", 1, "dex"),
    "matrix_width": _input(15, "section 3.1", "width of the 2D input"),
    "fraction_training": _input(0.8, "section 3.2", "training fraction", 1),
    "fraction_testing": _input(0.1, "section 3.2", "testing fraction", 1),
    "learning_rate": _input(0.001, "section 3.3", "learning rate", 3),
    "n_epochs": _input(5000, "section 3.3", "epochs"),
    "select_from_epoch": _input(2000, "section 3.3", "first epoch for the model selection"),
    "smoothing": _input(0.076, "Appendix A", "smoothing of the transition", 3, "dex"),
    "smaller_volume": _input(0.3, "Appendix A", "smaller volume relative to the box", 1),
    "larger_volume": _input(0.8, "Appendix A", "larger volume relative to the box", 1),
    "prescriptive_learning_rate": _input(0.01, "Appendix B", "learning rate, prescriptive model", 2),
}

# The surrogate is drawn from these numbers of the same simulation, and the lists are the same simulation.
_law = partial(Published, basis="construction")


def _power_laws() -> dict[str, Published]:
    rows: dict[str, Published] = {}
    # half the last digits of the printed slope and intercept, at the pivot
    open_at_pivot = round(0.005 + 0.005 * PIVOT_LOG_M, 3)
    for name, symbol in (("lx", "L_X"), ("temperature", "T"), ("m_gas", r"M_\mathrm{gas}")):
        law = TABLE2[name]
        pivot = rf"$\log_{{10}} {symbol}$ at $10^{{14.4}}$ {MSUN_H}"
        condition = (
            rf"the printed digits (${law.log_x_at_unit_mass:.2f}$ at 1 {MSUN_H}) leave $\pm {open_at_pivot}$ dex, or "
            f"{100 * (10**open_at_pivot - 1):.0f} %"
        )
        half = f"half the 16--84 percentile range; the standard deviation is <{name}_std> dex"
        rows |= {
            f"{name}_slope": _law(law.slope, "Table 2", f"slope of ${symbol}$", decimals=2),
            f"{name}_log_x0": _law(
                round(law.log_x0, 3), "Table 2", pivot, decimals=3, tolerance=open_at_pivot, condition=condition
            ),
            f"{name}_scatter": _law(law.std, "Table 2", f"scatter of ${symbol}$", "dex", decimals=2, condition=half),
        }
    return rows


RELATIONS = {
    **_power_laws(),
    "lx_scatter_in_mass": _law(
        0.076,
        "Appendix A",
        r"scatter of $L_X$, expressed in $\log_{10} M$",
        "dex",
        decimals=3,
        condition=r"half the 16--84 percentile range of $\log_{10} L_X$ over the slope; Table 2: $0.13 / 1.74 = 0.075$",
    ),
}
