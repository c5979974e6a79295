"""Survey selection: the clusters that a flux- and volume-limited X-ray survey keeps (sections 2.1.1, 2.2.1)."""

from dataclasses import dataclass, replace

import numpy as np

from encluster.scaling import PowerLaw
from encluster.types import FloatArray


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A flux-limited survey with redshift boundaries.

    Parameters
    ----------
    log_m_min : lower mass cut-off, log10 M500c [Msun/h]
    log_m_break : mass above which the whole volume is searched, log10 M500c [Msun/h]
    slope : A in V_obs ~ M^A below the break; dimensionless
    volume_fraction : survey volume over the volume of the simulation box

    Raises
    ------
    ValueError : a break below the cut-off, or a volume fraction outside 0 ... 1
    """

    log_m_min: float
    log_m_break: float
    slope: float = 2.4
    volume_fraction: float = 0.5

    def __post_init__(self) -> None:
        if self.log_m_break <= self.log_m_min:
            raise ValueError(f"log_m_break = {self.log_m_break:.4g} must exceed log_m_min = {self.log_m_min:.4g}")
        if not 0 < self.volume_fraction <= 1:
            raise ValueError(f"volume_fraction = {self.volume_fraction} must lie in 0 ... 1")

    def selection(self, log_m: FloatArray) -> FloatArray:
        """Searched volume over total volume, eq. 1.

        log_m : (n,) log10 M500c [Msun/h]  ->  (n,) in [0, 1], zero below log_m_min.
        """
        log_m = np.asarray(log_m)
        searched = 10.0 ** (self.slope * np.minimum(log_m - self.log_m_break, 0))
        return np.where(log_m >= self.log_m_min, searched, 0.0)

    def at_same_flux_limit(self, fiducial: PowerLaw, varied: PowerLaw) -> "Survey":
        """The survey with its break where `varied` reaches the limiting luminosity (decision D8).

        The limit is the luminosity of the `fiducial` relation at this survey's own break; A stays.
        """
        limit = float(fiducial.log_x(np.asarray(self.log_m_break)))
        return replace(self, log_m_break=varied.log_m(limit))
