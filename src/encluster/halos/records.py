"""Records of a simulation and their conversion to a catalog: checks, mass cut, one redshift (decision D2)."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.consistency import gas_fraction_problem, radius_problem, two_gas_masses_problem
from encluster.halos.contract import (
    MIN_CLUSTERS,
    Origin,
    Problem,
    check_constant,
    check_ids,
    check_number,
    column_problem,
)
from encluster.halos.scaling import OBSERVABLES
from encluster.halos.settings import Evolution
from encluster.types import BoolArray, FloatArray, IntArray

MOST_BAD = 0.2  # largest share of rows that may be dropped; more bad rows mean a wrong unit or column
LEAST_MASS = 1e6  # Msun/h; a smaller number is a log10, or lacks a factor


@dataclass(frozen=True, kw_only=True)
class Records:
    """Clusters in a simulation's list, each at the redshift of its own snapshot, in the catalog's units.

    A value that the file lacks is NaN; a word that is not a number is infinite.

    Parameters
    ----------
    origin : Origin
        File, rows and column names, for messages.
    id, m500c, temperature, lx, m_gas, f_core, y500, redshift : IntArray or FloatArray
        (n,) columns as in `encluster.halos.catalog.HaloCatalog`.
    r500c_kpc : FloatArray, optional
        (n,) R500c at the record's redshift [physical kpc], if the file has it; used only for a check.
    gas_fraction : FloatArray, optional
        (n,) gas fraction, if the file has a column of it; used only for a check.
    provenance : tuple[str, ...], optional
        Lines of text about the file.
    """

    origin: Origin
    id: IntArray
    m500c: FloatArray
    temperature: FloatArray
    lx: FloatArray
    m_gas: FloatArray
    f_core: FloatArray
    y500: FloatArray
    redshift: FloatArray
    r500c_kpc: FloatArray | None = None
    gas_fraction: FloatArray | None = None
    provenance: tuple[str, ...] = ()

    def __len__(self) -> int:
        return int(self.id.size)

    def select(self, keep: BoolArray) -> "Records":
        """Return the records for which `keep`, (n,), is true; messages still give the rows of the file."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("origin", "provenance")}
        chosen: dict[str, Any] = {name: None if array is None else array[keep] for name, array in arrays.items()}
        return replace(self, origin=self.origin.select(keep), **chosen)

    def problems(self, cosmology: Cosmology) -> list[Problem]:
        """Compare every row with the contract, and its columns with each other.

        Parameters
        ----------
        cosmology : Cosmology
            Source of the radius that belongs to a mass.

        Returns
        -------
        list of Problem
            A problem for each check; it may have no bad row.
        """
        names = ("redshift", "m500c", "temperature", "lx", "f_core", "y500")
        found = [column_problem(name, getattr(self, name), self.origin) for name in names]
        found += [
            gas_fraction_problem(self.m_gas, self.m500c, self.origin),
            column_problem("m_gas", self.m_gas, self.origin),
        ]
        if self.gas_fraction is not None:
            found.append(two_gas_masses_problem(self.m_gas, self.gas_fraction, self.m500c, self.origin))
        if self.r500c_kpc is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                expected = cosmology.r500c_kpc(self.m500c, self.redshift)
                hint = _radius_hint(self.r500c_kpc / expected, cosmology.h, float(np.nanmedian(self.redshift)))
            found.append(radius_problem(self.r500c_kpc, expected, self.origin, hint=hint))
        return found

    def without_bad_rows(self, cosmology: Cosmology, on_bad: str) -> "Records":
        """Return the records without rows that break the contract.

        Parameters
        ----------
        cosmology : Cosmology
            Source of the radius that belongs to a mass.
        on_bad : str
            With ``stop``, a bad row is an error; with ``drop``, bad rows are dropped and listed in the provenance.

        Returns
        -------
        Records
            The good rows.

        Raises
        ------
        ValueError
            If a row is bad and `on_bad` is ``stop``, or more than a fifth of the rows are bad.
        """
        problems = self.problems(cosmology)
        bad = np.any([problem.bad for problem in problems], axis=0)
        if not bad.any():
            return self
        first = next(problem for problem in problems if problem.bad.any()).first()
        if on_bad != "drop":
            raise ValueError(first)
        if bad.mean() > MOST_BAD:
            raise ValueError(
                f"{first}; {bad.sum()} of {len(self)} rows are bad, which halos.on_bad = drop does not drop:"
                " a unit or a column is wrong"
            )
        reasons = [
            p.message(int(i)).removeprefix(f"{self.origin.where}: ") for p in problems for i in np.flatnonzero(p.bad)
        ]
        listed = ", ".join(str(self.origin.row(int(i))) for i in np.flatnonzero(bad))
        line = f"{bad.sum()} bad rows dropped (halos.on_bad = drop): rows {listed}"
        return replace(self.select(~bad), provenance=(*self.provenance, line, *(f"dropped: {r}" for r in reasons)))

    def check_list(self) -> None:
        """Check the list as a whole.

        Raises
        ------
        ValueError
            If the ids are not unique, or a quantity has one value for all clusters.
        """
        check_ids(self.id, self.origin)
        names = ("m500c", "temperature", "lx", "m_gas", "gas_fraction", "f_core", "y500")
        check_constant({x: getattr(self, x) for x in names if getattr(self, x) is not None}, self.origin)


def bring_to_survey(
    records: Records,
    *,
    cosmology: Cosmology,
    survey_redshift: float,
    evolution: Evolution,
    log_m_limit: float,
    thinned: bool,
    source: str,
    on_bad: str = "stop",
) -> HaloCatalog:
    """Cut the records in mass, and scale their observables to the survey's redshift at fixed M500c (decision D2).

    Each observable is multiplied by [E(z_survey) / E(z_record)]^g; R500c is computed from the mass. Rows below the
    limit are dropped; only their mass is checked.

    Parameters
    ----------
    records : Records
        Records of the simulation.
    cosmology : Cosmology
        Source of E(z) and the critical density.
    survey_redshift : float
        Redshift to which the observables are scaled.
    evolution : Evolution
        Exponent g of each of `encluster.halos.scaling.OBSERVABLES`, and of ``y500``.
    log_m_limit : float
        Lower limit, log10 M500c [Msun/h].
    thinned : bool
        Whether the list is incomplete in mass.
    source : str
        The simulation that the numbers come from.
    on_bad : str, optional
        Treatment of a bad row; see `Records.without_bad_rows`.

    Returns
    -------
    HaloCatalog
        The catalog.

    Raises
    ------
    ValueError
        If a value breaks the contract, fewer than 50 clusters remain, or a list that should be complete has several
        snapshots.
    """
    where = records.origin.where
    with np.errstate(invalid="ignore", divide="ignore"):
        light = (records.m500c >= LEAST_MASS) & (np.log10(records.m500c) < log_m_limit)
    heavy = records.select(~light)
    kept = heavy.without_bad_rows(cosmology, on_bad) if len(heavy) else heavy
    if len(kept) < MIN_CLUSTERS:
        # if most masses are impossible, their unit is wrong
        masses = column_problem("m500c", records.m500c, records.origin)
        if masses.bad.mean() > 0.5:
            raise ValueError(masses.first())
    check_number(len(kept), where, what=f" of {len(records)} are above log_m_limit = {log_m_limit:g}")
    kept.check_list()
    low, high = float(kept.redshift.min()), float(kept.redshift.max())
    if not thinned and low != high:
        raise ValueError(
            f"{kept.origin.column('redshift')} runs from {low:g} to {high:g}: the number density of a list of several"
            " snapshots has no meaning; set halos.thinned: true, or give a list of one snapshot"
        )
    growth = cosmology.e(survey_redshift) / cosmology.e(kept.redshift)
    exponents = ", ".join(f"{name} {getattr(evolution, name):g}" for name in (*OBSERVABLES, "y500"))
    text = f"{low:g}" if low == high else f"{low:g} ... {high:g}"
    return HaloCatalog(
        id=kept.id,
        m500c=kept.m500c,
        r500c_kpc=cosmology.r500c_kpc(kept.m500c, survey_redshift),
        temperature=kept.temperature * growth**evolution.temperature,
        lx=kept.lx * growth**evolution.lx,
        m_gas=kept.m_gas * growth**evolution.m_gas,
        f_core=kept.f_core,
        y500=kept.y500 * growth**evolution.y500,
        redshift=kept.redshift,
        source=source,
        survey_redshift=survey_redshift,
        log_m_limit=log_m_limit,
        thinned=thinned,
        names=kept.origin.labels or (),
        provenance=(
            *kept.provenance,
            f"{len(kept)} of {len(records)} clusters kept: log10 M500c >= {log_m_limit:g} [Msun/h]",
            f"scaled from z = {text} to z = {survey_redshift:g} at fixed M500c by powers of E(z): {exponents}",
            f"r500c_kpc computed from m500c at z = {survey_redshift:g}, h = {cosmology.h:g}, om0 = {cosmology.om0:g}",
        ),
    )


def _radius_hint(ratio: FloatArray, h: float, z: float) -> str:
    """Return the likely mistake if nearly all radii differ from those of their masses by the same factor."""
    guesses = {
        1e-3: "r500c looks like Mpc",
        1e3: "r500c looks like pc",
        h: "r500c looks like kpc/h, not kpc",
        1 / h: "r500c looks like kpc, not kpc/h",
        1 + z: "r500c looks comoving, not physical",
        1 / (1 + z): "r500c looks physical, not comoving",
        (1 + z) * h: "r500c looks like comoving kpc/h",
        np.cbrt(h): "m500c looks like Msun, not Msun/h",
        1 / np.cbrt(h): "m500c looks like Msun/h, not Msun",
    }
    typical = float(np.nanmedian(ratio))
    if abs(typical - 1) <= 0.03:
        return ""
    found = min(guesses, key=lambda guess: abs(typical / guess - 1))
    return guesses[found] if abs(typical / found - 1) < 0.03 else "check the units of both, comoving or physical, and h"
