"""Survey selection: the clusters that a flux- and volume-limited X-ray survey selects (sections 2.1.1, 2.2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from encluster.cosmology import Cosmology, mass_function
from encluster.halos.scaling import PowerLaw
from encluster.types import FloatArray


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A flux-limited survey with redshift boundaries (section 2.1.1).

    Parameters
    ----------
    log_m_min : float
        Lower mass cut-off, log10 M500c [Msun/h].
    log_m_break : float
        Mass above which the survey finds clusters in its whole volume, log10 M500c [Msun/h].
    slope : float, optional
        Exponent A in V_obs ~ M^A below the break.
    volume_fraction : float, optional
        Survey volume over the volume of the simulation box.
    smoothing_dex : float, optional
        Width of the Gaussian, in log10 M500c, that smooths the abundance (Appendix A) [dex]; 0 for no smoothing.

    Raises
    ------
    ValueError
        If the break does not exceed the cut-off, the volume fraction lies outside 0 ... 1, or the width is negative.
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
        """Return the observed volume over the total volume (eq. 1).

        Parameters
        ----------
        log_m : FloatArray
            (n,) log10 M500c [Msun/h].

        Returns
        -------
        FloatArray
            (n,) in [0, 1]; zero below log_m_min.
        """
        log_m = np.asarray(log_m)
        searched = 10.0 ** (self.slope * np.minimum(log_m - self.log_m_break, 0))
        return np.where(log_m >= self.log_m_min, searched, 0.0)

    def expected(self, log_m_edges: FloatArray, in_box: FloatArray, at_most: FloatArray | None = None) -> FloatArray:
        """Return the expected number of clusters per mass bin (eq. 3; decision D4).

        Smoothing does not change the sharp cut-off at low mass: the abundance below it is that of the first bin.

        Parameters
        ----------
        log_m_edges : FloatArray
            (n_bins + 1,) edges of the mass bins [log10 Msun/h].
        in_box : FloatArray
            (n_bins,) number of clusters in the whole box.
        at_most : FloatArray, optional
            (n_bins,) largest number of clusters, from "x < S" in section 2.1.1 read literally; no limit by default.

        Returns
        -------
        FloatArray
            (n_bins,) expected number.
        """
        selected = self.selection((log_m_edges[1:] + log_m_edges[:-1]) / 2) * in_box
        sharp = self.volume_fraction * (selected if at_most is None else np.minimum(selected, at_most))
        if not self.smoothing_dex:
            return sharp
        from scipy.ndimage import gaussian_filter1d  # slow to import, and rarely needed

        return gaussian_filter1d(sharp, self.smoothing_dex / (log_m_edges[1] - log_m_edges[0]), mode="nearest")

    def of_relation(self, fiducial: PowerLaw, varied: PowerLaw, *, flux_limit: str) -> "Survey":
        """Return the survey of clusters with another luminosity relation (decision D8).

        Parameters
        ----------
        fiducial, varied : PowerLaw
            The simulation's relation of L_X, and the other relation.
        flux_limit : str
            With "luminosity", the limiting luminosity is fixed; with "mass", the break is fixed.

        Returns
        -------
        Survey
            The survey.
        """
        return self if flux_limit == "mass" else self.at_same_flux_limit(fiducial, varied)

    def at_same_flux_limit(self, fiducial: PowerLaw, varied: PowerLaw) -> "Survey":
        """Return the survey whose break is the mass at which a relation reaches the limiting luminosity (decision D8).

        The limit is the luminosity of the fiducial relation at this survey's own break; the slope A does not change.

        Parameters
        ----------
        fiducial, varied : PowerLaw
            The simulation's relation of L_X, and the other relation.

        Returns
        -------
        Survey
            The survey.
        """
        limit = float(fiducial.log_x(np.asarray(self.log_m_break)))
        return replace(self, log_m_break=varied.log_m(limit))


def mass_bins(log_m_min: float, *, width: float = 0.01, log_m_max: float = 15.9) -> FloatArray:
    """Return the edges of the mass bins of Fig. 1.

    Parameters
    ----------
    log_m_min : float
        Lower mass cut-off [log10 Msun/h], the first edge.
    width : float, optional
        Width of a bin [dex].
    log_m_max : float, optional
        Upper limit of the bins [log10 Msun/h].

    Returns
    -------
    FloatArray
        (n_bins + 1,) edges [log10 Msun/h].
    """
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
    """Return the clusters per mass bin in the simulated box before selection (section 2.2.1; decision D4).

    Parameters
    ----------
    cosmology : Cosmology
        Cosmology of the simulation; only its sigma8 is varied.
    sigma8 : sequence of float
        (n_sigma8,) values.
    log_m_edges : FloatArray
        (n_bins + 1,) edges of the mass bins [log10 Msun/h].
    redshift : float
        Redshift of the survey.
    box_mpc_h : float
        Side of the box [Mpc/h].
    ratio : float, optional
        Number of simulated clusters over that of the mass function.
    model : str, optional
        A model of `encluster.cosmology.mass_function`.

    Returns
    -------
    FloatArray
        (n_sigma8, n_bins) number of clusters.
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
    """Return the clusters per mass bin: the simulation's own counts times n(sigma8) / n_ref (eq. 3, read literally).

    Parameters
    ----------
    log_m : FloatArray
        (n,) log10 M500c [Msun/h] of the simulated clusters.
    cosmology : Cosmology
        Cosmology of the simulation.
    sigma8 : sequence of float
        (n_sigma8,) values.
    log_m_edges : FloatArray
        (n_bins + 1,) edges of the mass bins [log10 Msun/h].
    redshift : float
        Redshift of the survey.
    model : str, optional
        A model of `encluster.cosmology.mass_function`.

    Returns
    -------
    FloatArray
        (n_sigma8, n_bins) number of clusters.
    """
    counts, _ = np.histogram(log_m, log_m_edges)
    arguments = dict(redshift=redshift, box_mpc_h=1.0, model=model)
    varied = abundance_from_mass_function(cosmology, sigma8, log_m_edges, **arguments)  # type: ignore[arg-type]
    reference = abundance_from_mass_function(cosmology, [cosmology.sigma8], log_m_edges, **arguments)  # type: ignore[arg-type]
    return counts * varied / reference


def limit_of_box(kind: str, log_m_edges: FloatArray, log_m: FloatArray) -> FloatArray | None:
    """Return the largest number of clusters per mass bin in the box (decision D4).

    Parameters
    ----------
    kind : str
        The setting `mocks.abundance`.
    log_m_edges : FloatArray
        (n_bins + 1,) edges of the mass bins [log10 Msun/h].
    log_m : FloatArray
        (n,) log10 M500c [Msun/h] of the simulated clusters.

    Returns
    -------
    FloatArray or None
        (n_bins,) number of clusters; None unless `kind` is "capped".
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
        The setting `mocks.abundance`.
    cosmology : Cosmology
        Cosmology of the simulation.
    sigma8 : sequence of float
        (n_sigma8,) values.
    log_m_edges : FloatArray
        (n_bins + 1,) edges of the mass bins [log10 Msun/h].
    log_m : FloatArray
        (n,) log10 M500c [Msun/h] of the simulated clusters.
    redshift : float
        Redshift of the survey.
    box_mpc_h : float
        Side of the box [Mpc/h].
    ratio : float
        Number of simulated clusters over that of the mass function.
    model : str
        A model of `encluster.cosmology.mass_function`.

    Returns
    -------
    FloatArray
        (n_sigma8, n_bins) number of clusters.
    """
    if kind != "mass_function":  # simulation or capped
        return abundance_from_simulation(log_m, cosmology, sigma8, log_m_edges, redshift=redshift, model=model)
    return abundance_from_mass_function(
        cosmology, sigma8, log_m_edges, redshift=redshift, box_mpc_h=box_mpc_h, ratio=ratio, model=model
    )
