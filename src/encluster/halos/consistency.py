"""Consistency of the columns of a halo catalog with each other: gas fraction, gas mass, radius and mass."""

import numpy as np

from encluster.halos.contract import Origin, Problem
from encluster.types import FloatArray

GAS_FRACTION = (0.005, 0.3)  # allowed m_gas / m500c; the real list has 0.047 ... 0.130
GAS_MASS_TOLERANCE = 0.05  # allowed relative difference of two columns that both give the gas mass
RADIUS_TOLERANCE = 0.05  # allowed relative difference of radius and mass; a missing h is 12 %, a missing 1 + z 7 %


def gas_fraction_problem(m_gas: FloatArray, m500c: FloatArray, origin: Origin) -> Problem:
    """Compare the gas fraction of each cluster with the allowed range.

    Parameters
    ----------
    m_gas, m500c : FloatArray
        (n,) gas mass and mass within R500c [Msun/h].
    origin : Origin
        Origin of the columns, for messages.

    Returns
    -------
    Problem
        The bad rows.
    """
    low, high = GAS_FRACTION
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = np.asarray(m_gas) / np.asarray(m500c)

    def message(index: int) -> str:
        return (
            f"{origin.at('m_gas', index)}: the gas fraction m_gas / m500c = {fraction[index]:.4g} is outside"
            f" {low:g} ... {high:g}; both masses must be in Msun/h"
        )

    return Problem(bad=~((fraction >= low) & (fraction <= high)), message=message)


def two_gas_masses_problem(m_gas: FloatArray, gas_fraction: FloatArray, m500c: FloatArray, origin: Origin) -> Problem:
    """Compare a column of gas masses with a column of gas fractions of the same list.

    Parameters
    ----------
    m_gas, gas_fraction, m500c : FloatArray
        (n,) gas mass [Msun/h], gas fraction, and mass within R500c [Msun/h].
    origin : Origin
        Origin of the columns, for messages.

    Returns
    -------
    Problem
        The rows in which the two differ by more than 5 %.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(m_gas) / (np.asarray(gas_fraction) * np.asarray(m500c))

    def message(index: int) -> str:
        return (
            f"{origin.at('m_gas', index)}: the gas mass is {ratio[index]:.3g} times that of column"
            f" {origin.names.get('gas_fraction', 'gas_fraction')!r} times m500c; correct the units, or map only one"
        )

    return Problem(bad=~(np.abs(ratio - 1) <= GAS_MASS_TOLERANCE), message=message)


def radius_problem(given_kpc: FloatArray, expected_kpc: FloatArray, origin: Origin, *, hint: str = "") -> Problem:
    """Compare radii with those that follow from the masses.

    Parameters
    ----------
    given_kpc, expected_kpc : FloatArray
        (n,) radii [physical kpc].
    origin : Origin
        Origin of the columns, for messages.
    hint : str, optional
        The likely cause, for messages.

    Returns
    -------
    Problem
        The rows in which the two differ by more than 5 %.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(given_kpc) / np.asarray(expected_kpc)

    def message(index: int) -> str:
        return (
            f"{origin.at('r500c_kpc', index)}: the radius is {given_kpc[index]:.4g} kpc, but the mass implies"
            f" {expected_kpc[index]:.4g} kpc (ratio {ratio[index]:.3f}, must be 1 within {RADIUS_TOLERANCE:.0%})"
            + (f"; {hint}" if hint else "")
        )

    return Problem(bad=~(np.abs(ratio - 1) <= RADIUS_TOLERANCE), message=message)
