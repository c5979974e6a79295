"""Saliency of the encoder in numbers: by feature, by radius and by mass (section 5.2, eq. 4, Figs. 11, 12)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from encluster.catalogs import ClusterCatalogs
from encluster.types import FloatArray, IntArray

AT_SHELL = 5  # 0.681 R500: what the paper calls 0.6, 2/3 and 0.67 R500 (decision D10)
HIGH_MASS = 14.2  # log10 M500c [Msun/h] from which a removal lowers sigma8 (section 5.1)
LESS_SALIENT = 14.7  # log10 M500c [Msun/h] from which clusters are less salient (Fig. 11)
BIN_DEX = 0.1
ENOUGH = 10  # clusters in a bin; small runs are content with less


@dataclass(frozen=True, kw_only=True)
class MeanRange:
    """A mean over clusters with their middle 68 %, which is no error of the mean.

    Parameters
    ----------
    mean, low, high : the mean, the 16th and the 84th percentile
    """

    mean: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class SaliencySummary:
    """The numbers that section 5.2 quotes.

    Saliencies are per scaled pixel and in units of the terse value, which has no unit of its own: two networks may
    differ by any factor, and only ratios within one network mean something.

    Parameters
    ----------
    temperature : of log T
    m_gas : of the gas mass in the shell that ends at 0.681 R500 (the paper: "0.6 R500")
    gamma : of the density slope at 0.681 R500. The paper gives one number and does not say of which radius; this is
        the radius where it takes the gas mass
    gamma_all_radii : of the density slope, averaged over its seven radii in each cluster: the other reading
    peak_radius : outer radius [R500] of the shell whose gas mass has the largest median saliency
    core_ratio : median gas-mass saliency of the core over the median of those of the six outer shells
    """

    temperature: MeanRange
    m_gas: MeanRange
    gamma: MeanRange
    gamma_all_radii: MeanRange
    peak_radius: float
    core_ratio: float

    @property
    def core_dip(self) -> bool:
        """Whether the core matters less than the typical shell outside it."""
        return self.core_ratio < 1


def summarize(interpretation: ClusterCatalogs) -> SaliencySummary:
    """Summarize the absolute saliencies of all clusters of the testing set.

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Of a network that reads temperatures, gas masses in shells and density slopes.

    Returns
    -------
    SaliencySummary
        Means over all clusters.
    """
    (gas, radii), (gamma, _) = profile_of(interpretation, "log_m_gas_shell"), profile_of(interpretation, "gamma")
    by_shell = np.median(gas, axis=0)
    return SaliencySummary(
        temperature=_mean_range(profile_of(interpretation, "log_temperature")[0][:, 0]),
        m_gas=_mean_range(gas[:, AT_SHELL]),
        gamma=_mean_range(gamma[:, AT_SHELL]),
        gamma_all_radii=_mean_range(gamma.mean(axis=1)),
        peak_radius=float(radii[np.argmax(by_shell)]),
        core_ratio=float(by_shell[0] / np.median(by_shell[1:])),
    )


def gamma_all_radii_and_temperature(interpretation: ClusterCatalogs) -> FloatArray:
    """Return the absolute saliencies of the density slope, averaged over its radii, and of the temperature.

    The ratio of the means of the two columns is the other reading of section 5.2; see `SaliencySummary`.

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Of a network that reads temperatures and density slopes.

    Returns
    -------
    FloatArray
        (n_clusters, 2).
    """
    slopes, temperatures = (profile_of(interpretation, name)[0] for name in ("gamma", "log_temperature"))
    return np.stack([slopes.mean(axis=1), temperatures[:, 0]], axis=1)


def profile_of(interpretation: ClusterCatalogs, quantity: str) -> tuple[FloatArray, FloatArray]:
    """Return the absolute saliency of the pixels of one quantity, and their radii.

    Parameters
    ----------
    interpretation : ClusterCatalogs
        Of the kind ``interpretation``.
    quantity : str
        Such as ``gamma``.

    Returns
    -------
    FloatArray, FloatArray
        (n_clusters, n_radii), and (n_radii,) [R500c].

    Raises
    ------
    ValueError
        If the network does not read this quantity, or its radii are not known.
    """
    saliency = interpretation.clusters["saliency"].of(quantity)
    if saliency.radii is None:
        raise ValueError(f"interpretation: saliency of {quantity} has no radii; make it again")
    return np.abs(saliency.values.astype(float)), saliency.radii


def mass_bins(log_m: FloatArray, *, width: float = BIN_DEX, enough: int = ENOUGH) -> Iterator[tuple[float, IntArray]]:
    """Yield the center and the members of each mass bin that holds enough clusters.

    Parameters
    ----------
    log_m : (n,) log10 M500c [Msun/h]
    width : of a bin [dex]; edges are multiples of it
    enough : clusters a bin needs; where no bin has as many, as in very small runs, one will do
    """
    place = np.floor(log_m.astype(float) / width + 1e-6).astype(int)
    bins, number = np.unique(place, return_counts=True)
    needed = enough if (number >= enough).any() else 1
    for k in bins[number >= needed]:
        yield round((k + 0.5) * width, 6), np.flatnonzero(place == k)


def _mean_range(values: FloatArray) -> MeanRange:
    low, high = np.quantile(values, [0.16, 0.84])
    return MeanRange(mean=float(values.mean()), low=float(low), high=float(high))
