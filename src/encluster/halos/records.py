"""From a simulation's records to the catalogue: checks, the mass cut, and one redshift for all (decision D2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog
from encluster.halos.contract import (
    Origin,
    check_column,
    check_gas_fraction,
    check_ids,
    check_number,
    check_radius,
)
from encluster.scaling import OBSERVABLES
from encluster.types import BoolArray, FloatArray, IntArray

# Exponents of E(z) at fixed M500c, measured on 3,292 records of Magneticum Box2/hr at z = 0.10-0.29 (science test).
# The listed Y500c goes as M_gas T / R500c^2, hence the steep one; an integral over the sphere would have 1.05.
EVOLUTION: Mapping[str, float] = {"lx": 3.88, "temperature": 0.31, "m_gas": 0.74, "y500": 2.41}


@dataclass(frozen=True, kw_only=True)
class Records:
    """Clusters as a simulation lists them, each at the redshift of its own snapshot; our units.

    Parameters
    ----------
    origin : file, rows and column names, for messages
    id, m500c, temperature, lx, m_gas, f_core, y500, redshift : as in `encluster.halos.HaloCatalog`
    r500c_kpc : (n,) physical kpc at the record's redshift, or None where the file has none; only checked
    provenance : lines of text about the file
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
    provenance: tuple[str, ...] = ()

    def __len__(self) -> int:
        return int(self.id.size)

    def select(self, keep: BoolArray) -> "Records":
        """Return the records where `keep`, (n,), holds; messages still name the rows of the file."""
        names = ("id", "m500c", "temperature", "lx", "m_gas", "f_core", "y500", "redshift")
        rows = np.arange(1, len(self) + 1) if self.origin.rows is None else self.origin.rows
        return replace(
            self,
            origin=replace(self.origin, ids=self.id[keep], rows=rows[keep]),
            r500c_kpc=None if self.r500c_kpc is None else self.r500c_kpc[keep],
            **{name: getattr(self, name)[keep] for name in names},
        )

    def check(self, cosmology: Cosmology) -> None:
        """Raise ValueError where a value breaks the contract; names file, column, row and value."""
        for name in ("redshift", "m500c", "temperature", "lx", "f_core", "y500"):
            check_column(name, getattr(self, name), self.origin)
        check_gas_fraction(self.m_gas, self.m500c, self.origin)
        check_column("m_gas", self.m_gas, self.origin)
        if self.r500c_kpc is not None:
            expected = cosmology.r500c_kpc(self.m500c, self.redshift)
            hint = _radius_hint(self.r500c_kpc / expected, cosmology.h, float(np.median(self.redshift)))
            check_radius(self.r500c_kpc, expected, self.origin, hint=hint)
        check_ids(self.id, self.origin)


def bring_to_survey(
    records: Records,
    *,
    cosmology: Cosmology,
    survey_redshift: float,
    evolution: Mapping[str, float],
    log_m_limit: float,
    thinned: bool,
    source: str,
) -> HaloCatalog:
    """Cut the records in mass, and bring their observables to the survey's redshift at fixed M500c.

    Each observable is multiplied by [E(z_survey) / E(z_record)]^g; R500c is computed anew from the mass. Masses of all
    records must be right; of those below the limit, nothing else is looked at.

    Parameters
    ----------
    records : as listed by the simulation
    cosmology : for E(z) and the critical density
    survey_redshift : what the observables are brought to
    evolution : exponent g of each of `encluster.scaling.OBSERVABLES`, and of ``y500``
    log_m_limit : lower limit, log10 M500c [Msun/h]
    thinned : True where the list is incomplete in mass
    source : which simulation made the numbers

    Raises
    ------
    ValueError : a value breaks the contract, fewer than 50 clusters, several snapshots in a list said to be complete
    """
    where = records.origin.where
    check_column("m500c", records.m500c, records.origin)
    kept = records.select(np.log10(records.m500c) >= log_m_limit)
    check_number(len(kept), where, what=f" of {len(records)} are above log_m_limit = {log_m_limit:g}")
    kept.check(cosmology)
    low, high = float(kept.redshift.min()), float(kept.redshift.max())
    if not thinned and low != high:
        raise ValueError(
            f"{kept.origin.column('redshift')} runs from {low:g} to {high:g}: the number density of a list of several"
            " snapshots means nothing; set halos.thinned: true, or give a list of one snapshot"
        )
    growth = cosmology.e(survey_redshift) / cosmology.e(kept.redshift)
    exponents = ", ".join(f"{name} {evolution[name]:g}" for name in (*OBSERVABLES, "y500"))
    text = f"{low:g}" if low == high else f"{low:g} ... {high:g}"
    return HaloCatalog(
        id=kept.id,
        m500c=kept.m500c,
        r500c_kpc=cosmology.r500c_kpc(kept.m500c, survey_redshift),
        temperature=kept.temperature * growth ** evolution["temperature"],
        lx=kept.lx * growth ** evolution["lx"],
        m_gas=kept.m_gas * growth ** evolution["m_gas"],
        f_core=kept.f_core,
        y500=kept.y500 * growth ** evolution["y500"],
        redshift=kept.redshift,
        source=source,
        survey_redshift=survey_redshift,
        log_m_limit=log_m_limit,
        thinned=thinned,
        provenance=(
            *kept.provenance,
            f"{len(kept)} of {len(records)} clusters kept: log10 M500c >= {log_m_limit:g} [Msun/h]",
            f"brought from z = {text} to z = {survey_redshift:g} at fixed M500c by powers of E(z): {exponents}",
            f"r500c_kpc computed from m500c at z = {survey_redshift:g}, h = {cosmology.h:g}, om0 = {cosmology.om0:g}",
        ),
    )


def _radius_hint(ratio: FloatArray, h: float, z: float) -> str:
    """Guess which factor is missing where nearly all radii disagree with their masses in the same way."""
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
    typical = float(np.median(ratio))
    if abs(typical - 1) <= 0.03:
        return ""
    found = min(guesses, key=lambda guess: abs(typical / guess - 1))
    return guesses[found] if abs(typical / found - 1) < 0.03 else "check the units of both, comoving or physical, and h"
