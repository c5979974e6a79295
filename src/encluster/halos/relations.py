"""Fit of a halo catalog for the mock catalogs: power laws, correlations, abundance (Table 2; decision D4)."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from encluster.cosmology import Cosmology, mass_function
from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import OBSERVABLES, OUTLIER_DEX, PowerLaw, ScalingRelations, fit_power_law
from encluster.types import FloatArray

_LOG_M_MAX = 16.0  # log10 Msun/h, above all clusters
_STEP = 0.002  # dex; the relative error of the integral is 1e-5


def fit_scaling(
    catalog: HaloCatalog, cosmology: Cosmology, *, box_mpc_h: float, model: str, n_bootstrap: int = 200
) -> ScalingRelations:
    """Fit the relations of a halo catalog, and compare its abundance with the mass function (Table 2; decision D4).

    Parameters
    ----------
    catalog : HaloCatalog
        The simulated clusters.
    cosmology : Cosmology
        Background and sigma8.
    box_mpc_h : float
        Side of the box [comoving Mpc/h].
    model : str
        A model of `encluster.cosmology.mass_function`.
    n_bootstrap : int, optional
        Number of resamplings for the errors.

    Returns
    -------
    ScalingRelations
        Relations and abundance.
    """
    relations = fit_relations(catalog, n_bootstrap=n_bootstrap)
    deviations = residuals(catalog, relations)
    limit, redshift = catalog.log_m_limit, catalog.survey_redshift
    return ScalingRelations(
        relations=relations,
        abundance_ratio=abundance_ratio(catalog, cosmology, box_mpc_h=box_mpc_h, model=model),
        n_clusters=len(catalog),
        n_expected=expected_number(cosmology, limit, redshift, box_mpc_h=box_mpc_h, model=model),
        log_m_limit=limit,
        survey_redshift=redshift,
        thinned=catalog.thinned,
        spearman=rank_correlations(deviations),
        outlier_share={name: float(np.mean(np.abs(r) > OUTLIER_DEX)) for name, r in deviations.items()},
        source=catalog.source,
    )


def fit_relations(catalog: HaloCatalog, *, n_bootstrap: int = 200) -> dict[str, PowerLaw]:
    """Fit the three power laws of Table 2.

    Parameters
    ----------
    catalog : HaloCatalog
        The simulated clusters.
    n_bootstrap : int, optional
        Number of resamplings for the errors.

    Returns
    -------
    dict[str, PowerLaw]
        Keys are `encluster.halos.scaling.OBSERVABLES`.
    """
    return {
        name: fit_power_law(
            catalog.log_m, np.log10(getattr(catalog, name)), outlier_dex=OUTLIER_DEX, n_bootstrap=n_bootstrap
        )
        for name in OBSERVABLES
    }


def residuals(catalog: HaloCatalog, relations: Mapping[str, PowerLaw]) -> dict[str, FloatArray]:
    """Return the residual of each observable from its relation.

    Parameters
    ----------
    catalog : HaloCatalog
        The simulated clusters.
    relations : Mapping[str, PowerLaw]
        The relation of each observable.

    Returns
    -------
    dict[str, FloatArray]
        (n,) log10 X minus the relation [dex].
    """
    return {name: np.log10(getattr(catalog, name)) - relations[name].log_x(catalog.log_m) for name in OBSERVABLES}


def rank_correlations(values: Mapping[str, FloatArray]) -> dict[str, float]:
    """Return Spearman's coefficient of every pair of quantities.

    Parameters
    ----------
    values : Mapping[str, FloatArray]
        (n,) values of each quantity.

    Returns
    -------
    dict[str, float]
        Coefficients with keys ``a,b``.
    """
    names = list(values)
    return {
        f"{one},{other}": float(stats.spearmanr(values[one], values[other]).statistic)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
    }


def expected_number(
    cosmology: Cosmology, log_m_limit: float, redshift: float, *, box_mpc_h: float, model: str
) -> float:
    """Return the number of clusters above a mass limit in the box by the mass function (decision D16).

    Parameters
    ----------
    cosmology : Cosmology
        Background and sigma8.
    log_m_limit : float
        Lower limit, log10 M500c [Msun/h].
    redshift : float
        Redshift of the box.
    box_mpc_h : float
        Side of the box [comoving Mpc/h].
    model : str
        A model of `encluster.cosmology.mass_function`.

    Returns
    -------
    float
        Expected number.
    """
    log_m = np.linspace(log_m_limit, _LOG_M_MAX, round((_LOG_M_MAX - log_m_limit) / _STEP) + 1)
    density = mass_function(cosmology, log_m, redshift, model=model)
    return float(np.trapezoid(density, log_m) * box_mpc_h**3)


def abundance_ratio(catalog: HaloCatalog, cosmology: Cosmology, *, box_mpc_h: float, model: str = "bocquet16") -> float:
    """Return the catalog's number of clusters over that of the mass function; 1 for a thinned list (decision D4).

    The mass function is evaluated at the survey's redshift, where the mock catalogs use it.

    Parameters
    ----------
    catalog : HaloCatalog
        The simulated clusters.
    cosmology : Cosmology
        Background and sigma8.
    box_mpc_h : float
        Side of the box [comoving Mpc/h].
    model : str, optional
        A model of `encluster.cosmology.mass_function`.

    Returns
    -------
    float
        The ratio.
    """
    if catalog.thinned:
        return 1.0
    expected = expected_number(
        cosmology, catalog.log_m_limit, catalog.survey_redshift, box_mpc_h=box_mpc_h, model=model
    )
    return len(catalog) / expected
