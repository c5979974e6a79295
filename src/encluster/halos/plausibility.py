"""Check of units by a comparison of the whole list with the fiducial relations (Table 2).

Relations that differ by up to 25 % in normalization or slope are plausible physics. A larger difference, or one with
exactly the size of a known mistake, is refused with the likely cause.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.scaling import OBSERVABLES
from encluster.halos.settings import Evolution
from encluster.halos.surrogate import MeasuredNumbers
from encluster.types import FloatArray

_SYMBOL = {"lx": "L_X", "temperature": "T", "m_gas": "M_gas"}
# dex, limits of plausible physics: 25 %
_HIGH, _LOW = np.log10(1.25), np.log10(0.75)
# dex, tolerance within which a shift agrees with that of a mistake, in addition to the statistical error; it allows for
# differences in the physics of simulations
_TOLERANCE = {"lx": 0.08, "temperature": 0.03, "m_gas": 0.05}
_SLOPE_TOLERANCE = {"lx": 0.15, "temperature": 0.05, "m_gas": 0.09}
# limits that no known correct simulation exceeds: a factor of 2.8, 1.6 or 2 at all masses; no relation with mass
_IMPOSSIBLE = {"lx": 0.45, "temperature": 0.2, "m_gas": 0.3}
_IMPOSSIBLE_SLOPE = {"lx": 1.0, "temperature": 0.4, "m_gas": 0.75}
_IMPOSSIBLE_SCATTER = {"lx": 0.55, "temperature": 0.17, "m_gas": 0.3}
_MASS_SHIFT = 0.115  # dex; a wrong definition of mass shifts by 0.16 (M200c) or more, a missing h by 0.15
_SOFT_SHARE = 0.52  # share of the bolometric luminosity in 0.5-2 keV, from photon lists of Magneticum
_KEV_PER_1E7_K = 0.8617333
# If the shift of a mistake is itself plausible physics, the mistake is recognized only if the shift agrees with it to
# the first number [dex], and the other observables agree with their relations to the second number [dex].
_EXACT, _FIDUCIAL = 0.007, 0.06


@dataclass(frozen=True, kw_only=True)
class Offset:
    """Difference of one observable of a list from its fiducial relation.

    Parameters
    ----------
    log_m : FloatArray
        (3,) median log10 M500c [Msun/h] of the least massive, middle and most massive third of the clusters.
    shift, error : FloatArray
        (3,) median of log10 X minus the relation in each third, and its standard error [dex].
    slope, slope_error : float
        Change of the shift per dex of mass, and its standard error.
    scatter : float
        Half the 16-84 percentile range about a line fitted to the list [dex].
    """

    log_m: FloatArray
    shift: FloatArray
    error: FloatArray
    slope: float
    slope_error: float
    scatter: float

    @property
    def middle(self) -> float:
        """Median of the three shifts [dex]."""
        return float(np.median(self.shift))

    def agrees(self, expected: FloatArray | float, tolerance: float, slope: float) -> bool:
        """Return whether the shifts have expected values and slope.

        Parameters
        ----------
        expected : FloatArray or float
            Expected shifts, (3,) or the same at all masses [dex].
        tolerance : float
            Allowed difference [dex].
        slope : float
            Allowed change of the difference per dex of mass.

        Returns
        -------
        bool
            True if shifts and slope agree within tolerance and statistical error.
        """
        left = self.shift - expected
        near = np.abs(left) <= 1.5 * tolerance + 2 * self.error
        steep = (left[2] - left[0]) / (self.log_m[2] - self.log_m[0])
        return bool(near.all() and abs(np.median(left)) <= tolerance + self.error.mean()) and (
            abs(steep) <= slope + self.slope_error
        )


def offsets(catalog: HaloCatalog, cosmology: Cosmology) -> dict[str, Offset]:
    """Return the difference of each observable from its fiducial relation (Table 2).

    Parameters
    ----------
    catalog : HaloCatalog
        The list, at the survey's redshift.
    cosmology : Cosmology
        Source of E(z).

    Returns
    -------
    dict[str, Offset]
        Keys are `encluster.halos.scaling.OBSERVABLES`.
    """
    numbers = MeasuredNumbers()
    growth = cosmology.e(catalog.survey_redshift) / cosmology.e(numbers.redshift)
    order = np.argsort(catalog.log_m, kind="stable")
    thirds = np.array_split(order, 3)
    log_m = np.array([np.median(catalog.log_m[third]) for third in thirds])
    found = {}
    for name in OBSERVABLES:
        relation = numbers.relations[name].log_x(catalog.log_m) + getattr(Evolution(), name) * np.log10(growth)
        residual = np.log10(getattr(catalog, name)) - relation
        line = np.polyfit(catalog.log_m - 14, np.clip(residual, *np.percentile(residual, [2, 98])), 1)
        low, high = np.percentile(residual - np.polyval(line, catalog.log_m - 14), [16, 84])
        scatter = float(high - low) / 2
        error = np.array([1.25 * scatter / np.sqrt(len(third)) for third in thirds])
        found[name] = Offset(
            log_m=log_m,
            shift=np.array([np.median(residual[third]) for third in thirds]),
            error=error,
            slope=float(line[0]),
            slope_error=float(np.hypot(error[0], error[2]) / (log_m[2] - log_m[0])),
            scatter=scatter,
        )
    return found


def check_plausible(catalog: HaloCatalog, cosmology: Cosmology, *, where: str) -> None:
    """Compare a list with the fiducial relations: medians at three masses, slopes, scatter.

    Parameters
    ----------
    catalog : HaloCatalog
        The list, above its mass limit and at the survey's redshift.
    cosmology : Cosmology
        Source of h and E(z).
    where : str
        The file, for the message.

    Raises
    ------
    ValueError
        If a shift exceeds plausible physics or has the size of a known mistake; the message gives the likely cause.
    """
    found = offsets(catalog, cosmology)
    mass = _mass_cause(found, cosmology.h)
    causes = [mass] if mass else [cause for name in OBSERVABLES for cause in _causes(name, found, cosmology.h)]
    if not causes:
        return
    log_m = ", ".join(f"10^{value:.1f}" for value in found["lx"].log_m)
    table = "; ".join(
        f"{_SYMBOL[name]} {', '.join(f'{10**shift:.2f}' for shift in found[name].shift)}" for name in OBSERVABLES
    )
    raise ValueError(
        f"{where}: {'; '.join(causes)}. Values over those of the fiducial relations at {log_m} Msun/h: {table}."
        " Correct halos.columns, or set halos.trust_units: true if the list is right"
    )


def _mass_cause(found: dict[str, Offset], h: float) -> str | None:
    """Return the mistake in the masses if T and L_X imply the same other masses, else None."""
    relations = MeasuredNumbers().relations
    slope = {name: relations[name].slope for name in OBSERVABLES}
    weight = {name: (slope[name] / _TOLERANCE[name]) ** 2 for name in ("lx", "temperature")}
    excess = -sum(weight[x] * found[x].middle / slope[x] for x in weight) / sum(weight.values())
    # the gas masses may have the same mistake as the masses, or not
    gas = [found["m_gas"].agrees(-s * excess, 0.06, 0.15) for s in (slope["m_gas"], slope["m_gas"] - 1)]
    agree = all(found[x].agrees(-slope[x] * excess, _TOLERANCE[x], _SLOPE_TOLERANCE[x]) for x in weight)
    beyond = abs(found["lx"].middle) > (1.5 * -_LOW if excess > 0 else 1.8 * _HIGH)
    if not (abs(excess) > _MASS_SHIFT and agree and beyond and any(gas)):
        return None
    if excess < 0:
        return (
            f"compared with L_X and T, the masses are {10**-excess:.2f} times too low: they look like Msun/h"
            f" where the map says Msun (1/h = {1 / h:.2f}), or like masses within a smaller sphere than R500c"
        )
    return (
        f"compared with L_X and T, the masses are {10**excess:.2f} times too high: they look like M200c (1.4 times"
        f" M500c) or another definition than M500c, or like Msun where the map says Msun/h (1/h = {1 / h:.2f})"
    )


def _causes(name: str, found: dict[str, Offset], h: float) -> Iterator[str]:
    """Yield the likely mistakes in one observable."""
    offset = found[name]
    known = [mistake.text for mistake in _mistakes(name, h, offset.log_m) if _recognized(name, found, mistake)]
    symbol = _SYMBOL[name]
    if known:
        yield f"{symbol} looks like {', or '.join(known)}"
    elif (np.abs(offset.shift) > _IMPOSSIBLE[name] + 2 * offset.error).all() and abs(np.sign(offset.shift).sum()) == 3:
        yield (
            f"{symbol} is {10**offset.middle:.2g} times that of the fiducial relation at all masses;"
            " its unit, or that of the masses, is wrong"
        )
    elif abs(offset.slope) > _IMPOSSIBLE_SLOPE[name] + 3 * offset.slope_error:
        yield f"{symbol} does not follow mass as in known clusters (slope {offset.slope:+.2f} relative to the fiducial)"
    elif offset.scatter > _IMPOSSIBLE_SCATTER[name]:
        yield f"{symbol} scatters by {offset.scatter:.2f} dex at fixed mass; rows are mixed up, or a column is wrong"


@dataclass(frozen=True)
class Mistake:
    """A known mistake in one observable.

    Parameters
    ----------
    text : str
        Description of the mistake.
    shift : FloatArray
        (3,) shift that it causes [dex].
    tolerance : float
        Allowed difference from this shift [dex].
    slope_tolerance : float
        Allowed change of the difference per dex of mass.
    """

    text: str
    shift: FloatArray
    tolerance: float
    slope_tolerance: float


def _recognized(name: str, found: dict[str, Offset], mistake: Mistake) -> bool:
    """Return whether a shift agrees with that of a mistake and is not plausible physics."""
    offset, size = found[name], float(np.median(mistake.shift))
    if _LOW < size < _HIGH:
        others = all(abs(found[other].middle) < _FIDUCIAL for other in found if other != name)
        return others and offset.agrees(mistake.shift, _EXACT, mistake.slope_tolerance)
    edge = _HIGH if size > 0 else _LOW
    beyond = abs(offset.middle) > abs(edge + size) / 2 + 1.5 * offset.error.mean()
    return beyond and offset.agrees(mistake.shift, mistake.tolerance, mistake.slope_tolerance)


def _mistakes(name: str, h: float, log_m: FloatArray) -> list[Mistake]:
    """Return the known mistakes in one observable, with shifts at three masses, (3,) log10 M500c [Msun/h]."""
    flat, near = np.ones(3), (_TOLERANCE[name], _SLOPE_TOLERANCE[name])
    if name == "lx":
        return [
            Mistake("that of a soft band (0.5-2 keV); give the bolometric one", np.log10(_SOFT_SHARE) * flat, *near),
            Mistake("h^-2 erg/s where the map says erg/s", 2 * np.log10(h) * flat, *near),
            Mistake("erg/s where the map says h^-2 erg/s", -2 * np.log10(h) * flat, *near),
        ]
    if name == "temperature":
        return [Mistake("1e7 K where the map says keV", -np.log10(_KEV_PER_1E7_K) * flat, *near)]
    return [
        # baryon (gas and star) and star fractions over gas fractions, measured on the list of Green et al. (2019)
        Mistake("that of a baryon fraction; give the gas fraction", 0.157 - 0.07 * (log_m - 13.69), *near),
        Mistake("that of a star fraction; give the gas fraction", -0.361 - 0.25 * (log_m - 13.69), 0.12, 0.3),
        Mistake("Msun where the map says Msun/h", -np.log10(h) * flat, *near),
        Mistake("Msun/h where the map says Msun", np.log10(h) * flat, *near),
    ]
