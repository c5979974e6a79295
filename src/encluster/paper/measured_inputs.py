"""What a run has measured of its simulation and its mock catalogs, one number at a time.

Each function takes results by the names of their files and returns `Number` objects; `encluster.paper.numbers` gathers
them. A number that the paper publishes has its name in `encluster.paper.published.PUBLISHED`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from encluster.catalogs import ClusterCatalogs
from encluster.cosmology import Cosmology
from encluster.halos.scaling import OBSERVABLES, ScalingRelations
from encluster.mocks.settings import Mass
from encluster.paper.published import PUBLISHED
from encluster.paper.typesetting import plain

MASS_BIN = 0.2  # dex, in which the error of the gas mass is taken
ENOUGH = 5  # clusters in such a bin


@dataclass(frozen=True, kw_only=True)
class Number:
    """One number of ours.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.
    value : float
        The number; of several networks, their mean.
    plus, minus : float, optional
        Upper and lower statistical error, over catalogs and clusters; zero for none.
    scatter : float, optional
        Standard deviation over networks that were trained from different seeds; NaN for fewer than two networks.
    networks : int, optional
        Number of such networks; 0 if the number rests on no network.
    unit, meaning : str, optional
        Unit and meaning; those of the paper's number if the paper has one.
    figure : str, optional
        The figure or table that shows the number.
    """

    name: str
    value: float
    plus: float = 0.0
    minus: float = 0.0
    scatter: float = np.nan
    networks: int = 0
    unit: str = ""
    meaning: str = ""
    figure: str = ""


def number(name: str, value: Any, error: Any = 0.0, meaning: str = "", *, unit: str = "", figure: str = "") -> Number:
    """Return a number with a symmetric error; quantity and unit come from the paper's where it has the name."""
    if name in PUBLISHED:
        meaning, unit = plain(PUBLISHED[name].quantity), plain(PUBLISHED[name].unit)
    value, error = float(value), float(error)
    return Number(name=name, value=value, plus=error, minus=error, unit=unit, meaning=meaning, figure=figure)


def inputs(
    settings: Any,
    scaling: ScalingRelations,
    standard: Mapping[str, Any],
    prescriptive: Mapping[str, Any],
) -> Iterator[Number]:
    """Return the values of the configuration for the paper's inputs.

    `settings` has the sections as attributes; `standard` and `prescriptive` are the provenance of these networks.
    """
    cosmology, survey, xray, mocks = settings.cosmology, settings.survey, settings.xray, settings.mocks
    grids = {name: getattr(mocks, name) for name in ("sigma8", "normalization")}
    drawn = [mocks.scatter] * len(OBSERVABLES) + [mocks.lx_slope, mocks.sigma_wl]
    smaller, larger = (survey.changed(settings.mock_sets[name].survey) for name in ("smaller", "larger"))
    training = standard["spec"]["training"]
    values = {
        "omega_m": cosmology.om0,
        "omega_b": cosmology.ob0,
        "hubble": cosmology.h,
        "spectral_index": cosmology.ns,
        "reference_sigma8": cosmology.sigma8,
        "box": settings.box_mpc_h,
        "n_simulated_clusters": scaling.n_clusters,
        "log_m_limit": scaling.log_m_limit,
        "survey_redshift": survey.redshift,
        "volume_fraction": survey.volume_fraction,
        "selection_slope": survey.slope,
        "log_m_break": _in_msun(survey.m_break, cosmology),
        "log_m_min": _in_msun(survey.m_min, cosmology),
        "mass_bin": survey.bin_dex,
        "collecting_area": xray.area_cm2,
        "exposure": xray.exposure_s / 1000,
        "band_low": xray.energy_band_kev[0],
        "band_high": xray.energy_band_kev[1],
        "field": xray.field_arcmin,
        "pixel": xray.pixel_arcsec,
        "line_of_sight": xray.line_of_sight.depth_mpc,
        "sigma_wl_low": mocks.sigma_wl[0],
        "sigma_wl_high": mocks.sigma_wl[1],
        "sigma_wl_low_table1": mocks.sigma_wl[0],
        "sigma_wl_high_table1": mocks.sigma_wl[1],
        "bias_low": min(mocks.scatter[0], mocks.lx_slope[0]),
        "bias_high": max(mocks.scatter[1], mocks.lx_slope[1]),
        "n_varied": 1 + len(OBSERVABLES) + sum(low < high for low, high in drawn),
        "n_catalogs": mocks.n_catalogs,
        "neighbor_window": mocks.neighbors.window_dex,
        "fraction_training": settings.features.fractions[0],
        "fraction_testing": settings.features.fractions[2],
        "learning_rate": training["learning_rate"],
        "n_epochs": training["epochs"],
        "select_from_epoch": training["select_from_epoch"],
        "smoothing": smaller.smoothing_dex,
        "smaller_volume": smaller.volume_fraction,
        "larger_volume": larger.volume_fraction,
        "prescriptive_learning_rate": prescriptive["spec"]["training"]["learning_rate"],
    }
    for name, grid in grids.items():
        step = (grid.last - grid.first) / (grid.number - 1) if grid.number > 1 else 0.0
        values |= {f"{name}_first": grid.first, f"{name}_last": grid.last, f"{name}_step": step}
    yield from (number(name, value) for name, value in values.items())
    sigma8 = np.linspace(mocks.sigma8.first, mocks.sigma8.last, mocks.sigma8.number)
    yield number(
        "prior_sigma8", sigma8.std(), meaning="standard deviation of sigma8 over the grid: a guess without data"
    )


def _in_msun(mass: Mass, cosmology: Cosmology) -> float:
    return float(mass.log10 - (np.log10(cosmology.h) if mass.unit == "Msun/h" else 0.0))


def relations(tab02: pd.DataFrame, scaling: ScalingRelations) -> Iterator[Number]:
    """Return the power laws of the simulated clusters (Table 2)."""
    rows = tab02.set_index("item")
    for x in OBSERVABLES:
        row = rows.loc[x]
        yield number(f"{x}_slope", row["slope"], row["slope_err"], figure="Table 2")
        yield number(f"{x}_log_x0", row["log_x0_pivot"], row["log_x0_pivot_err"], figure="Table 2")
        yield number(f"{x}_scatter", row["scatter_dex"], row["scatter_dex_err"], figure="Table 2")
        about = f"standard deviation of {x} about its power law"
        yield number(f"{x}_std", row["std_dex"], row["std_dex_err"], about, unit="dex", figure="Table 2")
    lx = rows.loc["lx"]
    yield number("lx_scatter_in_mass", lx["scatter_dex"] / lx["slope"], lx["scatter_dex_err"] / lx["slope"])
    for pair, rho in scaling.spearman.items():
        one, other = pair.split(",")
        error = (1 - rho**2) / np.sqrt(max(scaling.n_clusters - 3, 1))  # as of Pearson's coefficient
        yield number(f"residuals_{one}_{other}", rho, error, f"rank correlation of the residuals of {one} and {other}")
    ratio = scaling.abundance_ratio
    yield number("abundance_ratio", ratio, meaning="clusters over those that the mass function expects")


def gas_masses(profiles: Mapping[str, np.ndarray]) -> Iterator[Number]:
    """Return how well the X-ray data give gas masses (section 2.1.2): medians in bins of 0.2 dex in mass."""
    error = 100 * profiles["m_gas_err"] / profiles["m_gas"]
    place = np.floor(np.log10(profiles["m500c"]) / MASS_BIN).astype(int)
    bins, count = np.unique(place, return_counts=True)
    used = bins[count >= ENOUGH] if (count >= ENOUGH).any() else bins
    medians = [float(np.median(error[place == k])) for k in used]
    yield number("gas_mass_error", max(medians), figure="Fig. 2")
    yield number("gas_mass_error_best", min(medians), 0.0, "the same in the best mass bin", unit="%", figure="Fig. 2")
    bias = 100 * (profiles["m_gas"] / profiles["m_gas_true"] - 1)
    yield number("gas_mass_bias", np.median(bias), 0.0, "median of fitted over true gas mass, less 1", unit="%")
    outliers = 100 * np.mean(np.abs(bias) > 3)
    yield number("gas_mass_outliers", outliers, 0.0, "clusters whose gas mass is off by more than 3 %", unit="%")


def catalogs(mocks: ClusterCatalogs) -> Iterator[Number]:
    """Return the sizes of the mock catalogs, and where they become volume-limited."""
    size, log_m_break = mocks.n_clusters, mocks.catalog("log_m_break")
    yield number("mean_n_clusters", size.mean(), size.std() / np.sqrt(len(size)), figure="Table 1")
    for name, value, words in (
        ("least_n_clusters", size.min(), "clusters in the smallest mock catalog"),
        ("most_n_clusters", size.max(), "clusters in the largest mock catalog"),
        ("n_mock_clusters", size.sum(), "clusters in all mock catalogs"),
    ):
        yield number(name, value, 0.0, words, figure="Table 1")
    for name, value in (("lowest", log_m_break.min()), ("highest", log_m_break.max())):
        words = f"{name} mass where a mock survey becomes volume-limited, log10"
        yield number(f"{name}_break", value, 0.0, words, unit="Msun/h", figure="Fig. 12")
    widened = 100 * mocks["widened"].mean()
    yield number("widened", widened, 0.0, "clusters whose neighbor was sought further than the window", unit="%")


def layers(tab03: pd.DataFrame) -> Iterator[Number]:
    """Return the parameters of the paper's network (Table 3)."""
    paper = tab03[tab03["network"] == "paper"]
    total = paper["parameters"].iloc[-1]
    encoder = paper.loc[paper["layer"] == "repeated network", "parameters"].sum()
    yield number("n_parameters", total, figure="Table 3")
    for name, parameters in (("encoder", encoder), ("cnn", total - encoder)):
        words = f"trainable parameters of the {name} of the network of Table 3"
        yield number(f"n_parameters_{name}", parameters / 1e6, 0.0, words, unit="million", figure="Table 3")


def self_calibration(fig14: pd.DataFrame, fig18: pd.DataFrame) -> Iterator[Number]:
    """Return the scatter of sigma8 at given N_cluster and median Y_X (section 5.2.1, Appendix A).

    One statistic for all three surveys: the root mean square over the bins of their maps.
    """
    for name, table, figure in (
        ("at_n_yx", fig14[fig14["item"] == "bin"], "Fig. 14"),
        *((name, fig18[fig18["set"] == name], "Fig. 18") for name in ("smaller", "larger")),
    ):
        if len(table):
            yield number(f"sigma8_scatter_{name}", *table[["fixed_std", "fixed_std_err"]].iloc[0], figure=figure)
    for name in ("A", "B"):
        for std, error in fig14.loc[fig14["item"] == name, ["std", "std_err"]].head(1).itertuples(index=False):
            words = f"scatter of sigma8 in bin {name} of Fig. 14"
            yield number(f"sigma8_scatter_region_{name.lower()}", std, error, words, figure="Fig. 14")


def mapping(tab04: pd.DataFrame) -> Iterator[Number]:
    """Return the scatter of sigma8 predicted from the number of clusters (Table 4)."""
    for row in tab04[tab04["case"].str.startswith("n_cluster_mapping")].to_dict("records"):
        yield number(f"delta_sigma8_{row['case']}", row["delta_sigma8"], row["error"], figure="Table 4")


def unseen(tab04: pd.DataFrame) -> Iterator[Number]:
    """Return errors of sigma8 on mock catalogs from clusters that no training has used (Table 4).

    The statistical error is that of the mean over the simulated realizations.
    """
    for row in tab04[tab04["realizations"] > 1].to_dict("records"):
        case, networks = row["case"], int(row["networks"])
        for name, words in (
            ("delta_sigma8", "scatter of predicted minus true sigma8"),
            ("bias", "mean of predicted minus true sigma8"),
        ):
            plain = number(
                f"unseen_{name}_{case}",
                row[f"unseen_{name}"],
                row[f"unseen_{name}_spread"] / np.sqrt(row["realizations"]),
                f"{words}, {case}, clusters that no training has used",
                figure="Table 4",
            )
            yield replace(plain, scatter=row[f"unseen_{name}_scatter"], networks=networks)
        yield number(
            f"unseen_bias_spread_{case}",
            row["unseen_bias_spread"],
            0.0,
            f"standard deviation of that bias over the realizations, {case}",
            figure="Table 4",
        )
        yield number(
            f"unseen_share_of_bias_{case}",
            row["unseen_share"],
            0.0,
            f"share of the mean square of that bias that comes from the finite simulation, {case}",
            figure="Table 4",
        )
