"""What the mock catalogs need to know about a halo catalog: power laws, correlations, abundance (Table 2; D4)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from scipy import stats

from encluster import files
from encluster.cosmology import Cosmology, mass_function
from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import OBSERVABLES, OUTLIER_DEX, PIVOT_LOG_M, PowerLaw, fit_power_law
from encluster.types import FloatArray

_LOG_M_MAX = 16.0  # log10 Msun/h; nothing is heavier
_STEP = 0.002  # dex; the integral is good to 1e-5


@dataclass(frozen=True, kw_only=True)
class ScalingRelations:
    """The relations of a halo catalog's clusters, and its abundance (Table 2; decision D4).

    Parameters
    ----------
    relations : Mapping[str, PowerLaw]
        Per observable.
    abundance_ratio : float
        Number of clusters over that of the mass function; 1 for a thinned list.
    n_clusters : int
        Clusters in the catalog.
    n_expected : float
        Clusters that the mass function expects above the limit.
    log_m_limit : float
        Mass from which the catalog is complete, log10 M500c [Msun/h].
    survey_redshift : float
        Of the abundance.
    thinned : bool
        Whether the catalog is a subset of the simulation's clusters.
    spearman : Mapping[str, float]
        Rank correlations of the residuals, keyed ``a,b``.
    outlier_share : Mapping[str, float]
        Per observable, the share of clusters further than `outlier_dex` from the relation.
    source : str
        Which simulation made the numbers.
    pivot_log_m, outlier_dex : float, optional
        Constants of the fit, log10 M500c [Msun/h] and dex.

    Raises
    ------
    ValueError
        If an observable has no relation, or the pivot is another than that of Table 1.
    """

    relations: Mapping[str, PowerLaw]
    abundance_ratio: float
    n_clusters: int
    n_expected: float
    log_m_limit: float
    survey_redshift: float
    thinned: bool
    spearman: Mapping[str, float]
    outlier_share: Mapping[str, float]
    source: str
    pivot_log_m: float = PIVOT_LOG_M
    outlier_dex: float = OUTLIER_DEX

    def __post_init__(self) -> None:
        if sorted(self.relations) != sorted(OBSERVABLES):
            raise ValueError(f"relations are of {', '.join(self.relations)}, expected {', '.join(OBSERVABLES)}")
        if self.pivot_log_m != PIVOT_LOG_M:
            raise ValueError(f"pivot_log_m is {self.pivot_log_m}, expected {PIVOT_LOG_M}; fit the relations again")

    @classmethod
    def fit(
        cls, catalog: HaloCatalog, cosmology: Cosmology, *, box_mpc_h: float, model: str, n_bootstrap: int = 200
    ) -> Self:
        """Fit the relations of a halo catalog.

        Parameters
        ----------
        catalog : HaloCatalog
            The simulated clusters.
        cosmology : Cosmology
            The background and sigma8.
        box_mpc_h : float
            Side of the box, comoving [Mpc/h].
        model : str
            See `encluster.cosmology.mass_function`.
        n_bootstrap : int, optional
            Resamplings behind the errors.
        """
        relations = fit_relations(catalog, n_bootstrap=n_bootstrap)
        deviations = residuals(catalog, relations)
        limit, redshift = catalog.log_m_limit, catalog.survey_redshift
        return cls(
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

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote; ValueError that names the file where it holds something else."""
        content = files.read_json(path)
        try:
            relations = {name: PowerLaw(**law) for name, law in content["relations"].items()}
            return cls(**{**content, "relations": relations})
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise ValueError(f"{path}: not the scaling relations of this version ({error}); fit them again") from error

    def write(self, path: Path) -> None:
        """Write JSON with a key per field."""
        files.write_json(path, asdict(self))


def fit_relations(catalog: HaloCatalog, *, n_bootstrap: int = 200) -> dict[str, PowerLaw]:
    """Fit the three power laws of Table 2; keys are `encluster.halos.scaling.OBSERVABLES`."""
    return {
        name: fit_power_law(
            catalog.log_m, np.log10(getattr(catalog, name)), outlier_dex=OUTLIER_DEX, n_bootstrap=n_bootstrap
        )
        for name in OBSERVABLES
    }


def residuals(catalog: HaloCatalog, relations: Mapping[str, PowerLaw]) -> dict[str, FloatArray]:
    """Return each observable's deviation from its relation, (n,) [dex]."""
    return {name: np.log10(getattr(catalog, name)) - relations[name].log_x(catalog.log_m) for name in OBSERVABLES}


def rank_correlations(values: Mapping[str, FloatArray]) -> dict[str, float]:
    """Return Spearman's coefficient of every pair, keyed ``a,b``."""
    names = list(values)
    return {
        f"{one},{other}": float(stats.spearmanr(values[one], values[other]).statistic)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
    }


def expected_number(
    cosmology: Cosmology, log_m_limit: float, redshift: float, *, box_mpc_h: float, model: str
) -> float:
    """Return the clusters above the limit in the box by the mass function (decision D16).

    Parameters
    ----------
    cosmology : the background and sigma8
    log_m_limit : log10 M500c [Msun/h]
    redshift : of the box
    box_mpc_h : its side, comoving [Mpc/h]
    model : see `encluster.cosmology.mass_function`
    """
    log_m = np.linspace(log_m_limit, _LOG_M_MAX, round((_LOG_M_MAX - log_m_limit) / _STEP) + 1)
    density = mass_function(cosmology, log_m, redshift, model=model)
    return float(np.trapezoid(density, log_m) * box_mpc_h**3)


def abundance_ratio(catalog: HaloCatalog, cosmology: Cosmology, *, box_mpc_h: float, model: str = "bocquet16") -> float:
    """Return the catalog's number of clusters over the mass function's; 1 for a thinned list (decision D4).

    The mass function is taken at the survey's redshift, where the mock catalogs use it.
    """
    if catalog.thinned:
        return 1.0
    expected = expected_number(
        cosmology, catalog.log_m_limit, catalog.survey_redshift, box_mpc_h=box_mpc_h, model=model
    )
    return len(catalog) / expected
