"""Power laws between mass and observables: fit, evaluate, vary (Table 1, note a; Table 2; section 2.2.2)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np

from encluster import files
from encluster.types import FloatArray

PIVOT_LOG_M = 14.4  # log10 M500c [Msun/h], Table 1
OBSERVABLES = ("lx", "temperature", "m_gas")
# Clusters further from the line are left out of its fit. The L_X of 3,292 clusters of Magneticum then have slope 1.730
# and log X0 = 0.253 (Table 2: 1.74 and 0.246); with the 3 % that have a very bright core, 1.776 and 0.287.
OUTLIER_DEX = 0.35


@dataclass(frozen=True, kw_only=True)
class PowerLaw:
    """Power law log10 X = slope (log10 M500c - 14.4) + log_x0, with the scatter of clusters about it (Table 1, note a).

    Parameters
    ----------
    slope : float
        Exponent of mass.
    log_x0 : float
        Value of log10 X at the pivot; X in 1e44 erg/s (lx), keV (temperature) or Msun/h (m_gas).
    scatter : float, optional
        Half the 16-84 percentile range of the residuals [dex].
    std : float, optional
        Standard deviation of the residuals [dex]; larger than `scatter` if the distribution has a tail.
    slope_err, log_x0_err, scatter_err, std_err : float, optional
        Standard errors; zero if unknown.
    """

    slope: float
    log_x0: float
    scatter: float = 0.0
    std: float = 0.0
    slope_err: float = 0.0
    log_x0_err: float = 0.0
    scatter_err: float = 0.0
    std_err: float = 0.0

    def log_x(self, log_m: FloatArray) -> FloatArray:
        """Return the mean log10 X at a mass.

        Parameters
        ----------
        log_m : FloatArray
            Masses log10 M500c [Msun/h] of any shape.

        Returns
        -------
        FloatArray
            Mean log10 X, in the same shape.
        """
        return self.slope * (np.asarray(log_m) - PIVOT_LOG_M) + self.log_x0

    def log_m(self, log_x: float) -> float:
        """Return the mass at which the mean relation reaches a value.

        Parameters
        ----------
        log_x : float
            The value, log10 X.

        Returns
        -------
        float
            The mass, log10 M500c [Msun/h].
        """
        return PIVOT_LOG_M + (log_x - self.log_x0) / self.slope

    @property
    def log_x_at_unit_mass(self) -> float:
        """Intercept at M = 1 Msun/h, the convention of Table 2 (decision D5)."""
        return self.log_x0 - self.slope * PIVOT_LOG_M

    def varied(self, *, normalization: float = 1.0, slope: float = 1.0, slope_pivot: float = PIVOT_LOG_M) -> "PowerLaw":
        """Return the relation with X0 and slope multiplied by biases, without scatter (section 2.2.2).

        Parameters
        ----------
        normalization, slope : float, optional
            Factors on X0 and on the slope.
        slope_pivot : float, optional
            Mass at which the factor on the slope leaves X unchanged, log10 M500c [Msun/h] (decision D17).

        Returns
        -------
        PowerLaw
            The varied relation.
        """
        turned = self.slope * (slope - 1) * (PIVOT_LOG_M - slope_pivot)
        return PowerLaw(slope=self.slope * slope, log_x0=self.log_x0 + float(np.log10(normalization)) + turned)


@dataclass(frozen=True, kw_only=True)
class ScalingRelations:
    """The relations of a halo catalog's clusters, and its abundance (Table 2; decision D4).

    Parameters
    ----------
    relations : Mapping[str, PowerLaw]
        The relation of each observable.
    abundance_ratio : float
        Number of clusters over that of the mass function; 1 for a thinned list.
    n_clusters : int
        Number of clusters in the catalog.
    n_expected : float
        Number of clusters above the limit by the mass function.
    log_m_limit : float
        Mass above which the catalog is complete, log10 M500c [Msun/h].
    survey_redshift : float
        Redshift of the abundance.
    thinned : bool
        Whether the catalog is a subset of the simulation's clusters.
    spearman : Mapping[str, float]
        Rank correlations of the residuals, with keys ``a,b``.
    outlier_share : Mapping[str, float]
        For each observable, the share of clusters further than `outlier_dex` from the relation.
    source : str
        The simulation that the numbers come from.
    pivot_log_m, outlier_dex : float, optional
        Constants of the fit, log10 M500c [Msun/h] and dex.

    Raises
    ------
    ValueError
        If an observable has no relation, or the pivot differs from that of Table 1.
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
    def read(cls, path: Path) -> Self:
        """Read a file that `write` wrote.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        ScalingRelations
            The relations.

        Raises
        ------
        ValueError
            If the file cannot be read or has other content; the message names the file.
        """
        content = files.read_json(path)
        try:
            relations = {name: PowerLaw(**law) for name, law in content["relations"].items()}
            return cls(**{**content, "relations": relations})
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise ValueError(f"{path}: not the scaling relations of this version ({error}); fit them again") from error

    def write(self, path: Path) -> None:
        """Write the relations as JSON with a key for each field.

        Parameters
        ----------
        path : Path
            The file.
        """
        files.write_json(path, asdict(self))


def _table2(slope: float, log_x_at_unit_mass: float, std: float) -> PowerLaw:
    # the intercepts of Table 2 are at M = 1 Msun/h (decision D5)
    return PowerLaw(slope=slope, log_x0=log_x_at_unit_mass + slope * PIVOT_LOG_M, std=std)


# relations of the paper's simulation from Table 2
TABLE2 = {
    "lx": _table2(1.74, -24.81, 0.13),
    "temperature": _table2(0.61, -8.25, 0.03),
    "m_gas": _table2(1.16, -3.32, 0.10),
}


def fit_power_law(
    log_m: FloatArray, log_x: FloatArray, *, outlier_dex: float = np.inf, n_bootstrap: int = 200
) -> PowerLaw:
    """Fit a power law about the pivot of Table 1 by least squares; errors come from resampled clusters.

    Parameters
    ----------
    log_m : FloatArray
        (n,) log10 M500c [Msun/h].
    log_x : FloatArray
        (n,) log10 of the observable.
    outlier_dex : float, optional
        Clusters further from the line [dex] are left out of its fit, but not of scatter and std.
    n_bootstrap : int, optional
        Number of resamplings for the errors, drawn with a fixed seed.

    Returns
    -------
    PowerLaw
        The relation with its errors.

    Raises
    ------
    ValueError
        If there are fewer than three clusters, all masses are equal, or a value is not finite.
    """
    x = np.asarray(log_m, float) - PIVOT_LOG_M
    y = np.asarray(log_x, float)
    if x.size < 3 or np.ptp(x) == 0:
        raise ValueError(f"a power law needs three clusters of different mass; got {x.size}")
    finite = np.isfinite(x) & np.isfinite(y)
    if not finite.all():
        row = int(np.argmin(finite))
        raise ValueError(f"a power law needs finite values; cluster {row + 1} has log_m {log_m[row]}, log_x {y[row]}")
    if not outlier_dex > 0:
        raise ValueError(f"outlier_dex = {outlier_dex} must be positive")
    best = _fit(x, y, outlier_dex)
    rng = np.random.default_rng(0)
    resampled = np.array([_fit(x[i], y[i], outlier_dex) for i in rng.integers(0, x.size, (n_bootstrap, x.size))])
    slope_err, log_x0_err, scatter_err, std_err = (float(error) for error in resampled.std(axis=0))
    return PowerLaw(
        slope=best[0],
        log_x0=best[1],
        scatter=best[2],
        std=best[3],
        slope_err=slope_err,
        log_x0_err=log_x0_err,
        scatter_err=scatter_err,
        std_err=std_err,
    )


def _fit(x: FloatArray, y: FloatArray, outlier_dex: float) -> tuple[float, float, float, float]:
    """Return slope, intercept, half 16-84 percentile range and standard deviation of the residuals."""
    near = np.ones(x.shape, bool)
    for _ in range(20):  # converges after 3-5 iterations
        slope, intercept = _line(x[near], y[near])
        residuals = y - slope * x - intercept
        before, near = near, np.abs(residuals) <= outlier_dex
        if near.sum() < 3:
            raise ValueError(f"fewer than three clusters lie within {outlier_dex} dex of a power law")
        if np.array_equal(before, near):
            break
    low, high = np.percentile(residuals, [16, 84])
    return slope, intercept, float(high - low) / 2, float(residuals.std(ddof=min(2, x.size - 1)))


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    dx = x - x.mean()
    slope = float(dx @ y / (dx @ dx)) if np.ptp(x) else 0.0
    return slope, float(y.mean() - slope * x.mean())
