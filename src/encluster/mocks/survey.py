"""Survey selection: the clusters that a flux- and volume-limited X-ray survey keeps (sections 2.1.1, 2.2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from encluster.cosmology import Cosmology, mass_function
from encluster.halos.scaling import PowerLaw
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
    smoothing_dex : width of the Gaussian, in log10 M500c, that smooths the abundance (Appendix A); 0 leaves it sharp

    Raises
    ------
    ValueError : a break below the cut-off, a volume fraction outside 0 ... 1, or a negative width
    """

    log_m_min: float
    log_m_break: float
    slope: float = 2.4
    volume_fraction: float = 0.5
    smoothing_dex: float = 0.0

    def __post_init__(self) -> None:
        if self.log_m_break <= self.log_m_min:
            raise ValueError(f"log_m_break = {self.log_m_break:.4g} must exceed log_m_min = {self.log_m_min:.4g}")
        if not 0 < self.volume_fraction <= 1:
            raise ValueError(f"volume_fraction = {self.volume_fraction} must lie in 0 ... 1")
        if not self.smoothing_dex >= 0:
            raise ValueError(f"smoothing_dex = {self.smoothing_dex} must not be negative")

    def selection(self, log_m: FloatArray) -> FloatArray:
        """Searched volume over total volume, eq. 1.

        log_m : (n,) log10 M500c [Msun/h]  ->  (n,) in [0, 1], zero below log_m_min.
        """
        log_m = np.asarray(log_m)
        searched = 10.0 ** (self.slope * np.minimum(log_m - self.log_m_break, 0))
        return np.where(log_m >= self.log_m_min, searched, 0.0)

    def expected(self, log_m_edges: FloatArray, in_box: FloatArray, at_most: FloatArray | None = None) -> FloatArray:
        """(n_bins,) expected clusters per mass bin of which the box holds `in_box` (eq. 3; decision D4).

        at_most : (n_bins,) clusters that the box holds at most, as "x < S" has it; None for no limit.
        Smoothing leaves the cut-off at low mass as sharp as it is: beyond it the first bin's abundance goes on.
        """
        selected = self.selection((log_m_edges[1:] + log_m_edges[:-1]) / 2) * in_box
        sharp = self.volume_fraction * (selected if at_most is None else np.minimum(selected, at_most))
        if not self.smoothing_dex:
            return sharp
        from scipy.ndimage import gaussian_filter1d  # slow to import, and rarely needed

        return gaussian_filter1d(sharp, self.smoothing_dex / (log_m_edges[1] - log_m_edges[0]), mode="nearest")

    def of_relation(self, fiducial: PowerLaw, varied: PowerLaw, *, flux_limit: str) -> "Survey":
        """The survey of clusters with another relation; `flux_limit` is luminosity or mass (decision D8)."""
        return self if flux_limit == "mass" else self.at_same_flux_limit(fiducial, varied)

    def at_same_flux_limit(self, fiducial: PowerLaw, varied: PowerLaw) -> "Survey":
        """The survey with its break where `varied` reaches the limiting luminosity (decision D8).

        The limit is the luminosity of the `fiducial` relation at this survey's own break; A stays.
        """
        limit = float(fiducial.log_x(np.asarray(self.log_m_break)))
        return replace(self, log_m_break=varied.log_m(limit))


def mass_bins(log_m_min: float, *, width: float = 0.01, log_m_max: float = 15.9) -> FloatArray:
    """Edges of the mass bins of Fig. 1 [log10 Msun/h], from the cut-off upwards."""
    return log_m_min + width * np.arange(round((log_m_max - log_m_min) / width) + 1)


def abundance_from_mass_function(
    cosmology: Cosmology,
    sigma8: Sequence[float],
    log_m_edges: FloatArray,
    *,
    redshift: float,
    box_mpc_h: float,
    ratio: float = 1.0,
    model: str = "bocquet16",
) -> FloatArray:
    """Clusters per mass bin in the simulated box before selection (section 2.2.1; decision D4).

    Parameters
    ----------
    cosmology : the simulation's; only its sigma8 changes
    sigma8 : (n_sigma8,) values
    log_m_edges : (n_bins + 1,) bins [log10 Msun/h]
    redshift : of the survey
    box_mpc_h : side of the box [Mpc/h]
    ratio : the simulation's own number of clusters over that of the mass function
    model : see `encluster.cosmology.mass_function`

    Returns
    -------
    (n_sigma8, n_bins)
    """
    centers, width = (log_m_edges[1:] + log_m_edges[:-1]) / 2, np.diff(log_m_edges)
    density = [mass_function(cosmology.with_sigma8(s), centers, redshift, model=model) for s in sigma8]
    return ratio * box_mpc_h**3 * width * np.array(density)


def abundance_from_simulation(
    log_m: FloatArray,
    cosmology: Cosmology,
    sigma8: Sequence[float],
    log_m_edges: FloatArray,
    *,
    redshift: float,
    model: str = "bocquet16",
) -> FloatArray:
    """Clusters per mass bin: the simulation's own, times n(sigma8) / n_ref (eq. 3, read literally).

    log_m : (n,) log10 M500c [Msun/h] of the simulated clusters; see `abundance_from_mass_function` for the others.
    """
    counts, _ = np.histogram(log_m, log_m_edges)
    arguments = dict(redshift=redshift, box_mpc_h=1.0, model=model)
    varied = abundance_from_mass_function(cosmology, sigma8, log_m_edges, **arguments)  # type: ignore[arg-type]
    reference = abundance_from_mass_function(cosmology, [cosmology.sigma8], log_m_edges, **arguments)  # type: ignore[arg-type]
    return counts * varied / reference


def limit_of_box(kind: str, log_m_edges: FloatArray, log_m: FloatArray) -> FloatArray | None:
    """Return how many clusters the box holds at most (decision D4).

    Parameters
    ----------
    kind : str
        `mocks.abundance` of the configuration.
    log_m_edges : FloatArray
        (n_bins + 1,) mass bins [log10 Msun/h].
    log_m : FloatArray
        (n,) log10 M500c [Msun/h] of the simulated clusters.

    Returns
    -------
    FloatArray or None
        (n_bins,), or None unless `kind` is capped.
    """
    return np.histogram(log_m, log_m_edges)[0].astype(float) if kind == "capped" else None


def abundance_of_box(
    kind: str,
    cosmology: Cosmology,
    sigma8: Sequence[float],
    log_m_edges: FloatArray,
    *,
    log_m: FloatArray,
    redshift: float,
    box_mpc_h: float,
    ratio: float,
    model: str,
) -> FloatArray:
    """Return the clusters per mass bin in the box, before selection (decision D4).

    Parameters
    ----------
    kind : str
        `mocks.abundance` of the configuration.
    cosmology, sigma8, log_m_edges : Cosmology, sequence of float, FloatArray
        As in `abundance_from_mass_function`.
    redshift, box_mpc_h, model : float, float, str
        As there.
    log_m : FloatArray
        (n,) log10 M500c [Msun/h] of the simulated clusters.
    ratio : float
        Number of simulated clusters over that of the mass function.

    Returns
    -------
    FloatArray
        (n_sigma8, n_bins).
    """
    if kind != "mass_function":  # simulation or capped
        return abundance_from_simulation(log_m, cosmology, sigma8, log_m_edges, redshift=redshift, model=model)
    return abundance_from_mass_function(
        cosmology, sigma8, log_m_edges, redshift=redshift, box_mpc_h=box_mpc_h, ratio=ratio, model=model
    )
