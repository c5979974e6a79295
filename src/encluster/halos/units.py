"""Units of a list's columns: their usual spellings, and the conversion to the catalog's units."""

import re
from dataclasses import dataclass

import numpy as np
from astropy import units as u

from encluster.cosmology import Cosmology
from encluster.types import FloatArray

UNIT_FORM = "[log10] [comoving] [factor] unit"
SCALE_FACTOR = "scale factor"
_LITTLE_H = u.def_unit("littleh")


@dataclass(frozen=True)
class Dimension:
    """Physical dimension of a quantity.

    Parameters
    ----------
    name : str
        Name of the dimension, for messages.
    unit : astropy.units.UnitBase
        The catalog's unit without powers of h.
    power_of_h : int
        Power of h in the catalog's unit.
    examples : tuple of str
        Units to name in a message.
    """

    name: str
    unit: u.UnitBase
    power_of_h: int
    examples: tuple[str, ...]


MASS = Dimension("a mass", u.Msun, -1, ("Msun/h", "Msun", "g", "kg"))
LENGTH = Dimension("a length", u.kpc, 0, ("kpc", "Mpc", "kpc/h", "Mpc/h", "arcmin", "arcsec"))
TEMPERATURE = Dimension("a temperature", u.keV, 0, ("keV", "eV", "K"))
LUMINOSITY = Dimension("a luminosity", u.Unit(1e44 * u.erg / u.s), 0, ("erg/s", "W"))
PURE = Dimension("a pure number", u.dimensionless_unscaled, 0, ("1", "%"))
DIMENSIONS = {
    "m500c": MASS,
    "m_gas": MASS,
    "r500c_kpc": LENGTH,
    "temperature": TEMPERATURE,
    "lx": LUMINOSITY,
    "gas_fraction": PURE,
    "f_core": PURE,
    "y500": PURE,
    "redshift": PURE,
    "id": PURE,
}
_EQUIVALENT = u.temperature_energy() + u.dimensionless_angles()

# spellings in catalogs and portals, and those of astropy
_SPELLINGS = (
    (r"^[x\u00d7*]\s*(?=10)", ""),
    (r"\u2212", "-"),
    (r"(?i)(?<![a-z])(?:m_?\{?(?:sun|sol|odot|\u2299|\u2609)\}?|sol(?:ar)?[ _]?mass(?:es)?)(?![a-z])", " solMass "),
    (r"(?i)(?<![a-z])kev(?![a-z])", "keV"),
    (r"(?i)(?<![a-z])ergs?(?![a-z])", "erg"),
    (r"(?i)(?<![a-z])sec(?:onds?)?(?![a-z])", "s"),
    (r"(?i)(?<![a-z])kelvins?(?![a-z])", "K"),
    (r"(?i)(?<![a-z])(kpc|mpc)s?(?![a-z])", lambda match: {"k": "kpc", "m": "Mpc"}[match[1][0].lower()]),
    (r"(?<![A-Za-z0-9_.])h(?![A-Za-z0-9_])", "littleh"),
    (r"(?<=\d)\s*(?=littleh|solMass)", " "),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit in the form `UNIT_FORM`, for example ``1e14 Msun`` or ``comoving kpc/h``.

    Parameters
    ----------
    factor : float, optional
        Size in the catalog's unit without powers of h; in radians for an angle.
    power_of_h : int, optional
        The conversion multiplies by h to this power.
    log, comoving, angle, scale_factor : bool, optional
        Whether the values are log10, comoving lengths, angles on the sky, or scale factors instead of redshifts.
    """

    factor: float = 1.0
    power_of_h: int = 0
    log: bool = False
    comoving: bool = False
    angle: bool = False
    scale_factor: bool = False

    @classmethod
    def parse(cls, quantity: str, text: str) -> "Unit":
        """Read a unit from text.

        Parameters
        ----------
        quantity : str
            One of `DIMENSIONS`.
        text : str
            The unit.

        Returns
        -------
        Unit
            The unit.

        Raises
        ------
        ValueError
            If the text is not a unit, or not a unit of this quantity.
        """
        dimension = DIMENSIONS[quantity]
        if quantity == "redshift" and text.strip().lower().replace("_", " ") in (SCALE_FACTOR, "redshift"):
            return cls(scale_factor="scale" in text.lower())
        rest, log = re.subn(r"^(?:log10|log|dex)(?![a-z])", "", text.strip(), flags=re.IGNORECASE)
        rest, physical = re.subn(r"^p(?=[kM]pc)", "", rest.strip())
        rest, comoving = re.subn(r"^comoving(?![a-z])|^c(?=[kM]pc)", "", rest, flags=re.IGNORECASE)
        parsed = _astropy_unit(rest)
        if parsed is None:
            raise ValueError(
                f"unit {text!r} of {quantity} is not known; write it as {UNIT_FORM}, with one of"
                f" {', '.join(dimension.examples)}"
            )
        power = next((p for b, p in zip(parsed.bases, parsed.powers, strict=True) if b is _LITTLE_H), 0)
        bare = parsed / _LITTLE_H**power
        angle = dimension is LENGTH and bare.physical_type == "angle" and not power
        target = u.rad if angle else dimension.unit
        if not bare.is_equivalent(target, _EQUIVALENT) or (dimension is PURE and power):
            raise ValueError(
                f"unit {text!r} of {quantity} is not {dimension.name}; write it as {UNIT_FORM}, with one of"
                f" {', '.join(dimension.examples)}"
            )
        if comoving and (dimension is not LENGTH or angle or physical):
            raise ValueError(f"unit {text!r} of {quantity}: only lengths can be comoving")
        return cls(
            factor=float(bare.to(target, equivalencies=_EQUIVALENT)),
            power_of_h=int(power) - dimension.power_of_h,
            log=bool(log),
            comoving=bool(comoving),
            angle=angle,
        )

    def convert(self, values: FloatArray, *, cosmology: Cosmology, redshift: FloatArray) -> FloatArray:
        """Return values in the catalog's unit: Msun/h, physical kpc, keV, 1e44 erg/s.

        Parameters
        ----------
        values : FloatArray
            (n,) values in this unit.
        cosmology : Cosmology
            Source of h, and of the distance if the unit is an angle.
        redshift : FloatArray
            (n,) redshift of each row.

        Returns
        -------
        FloatArray
            (n,) values in the catalog's unit.
        """
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            linear = 10.0**values if self.log else values
            if self.scale_factor:
                return 1 / linear - 1
            if self.angle:
                return linear * self.factor * _distance_kpc(cosmology, redshift)
            return linear * self.factor * cosmology.h**self.power_of_h / ((1 + redshift) if self.comoving else 1.0)

    def contradicts(self, quantity: str, text: str) -> bool:
        """Return whether the unit that the file states for the same column differs from this unit.

        A file cannot state that a length is comoving; text that is not a unit is ignored.

        Parameters
        ----------
        quantity : str
            One of `DIMENSIONS`.
        text : str
            The unit in the file.

        Returns
        -------
        bool
            True if the two differ in size, dimension, power of h or logarithm.
        """
        if not text.strip() or (_astropy_unit(text) is None and not re.match(r"(?i)log|dex", text.strip())):
            return False
        try:
            stated = Unit.parse(quantity, text)
        except ValueError:
            return True
        same = (stated.power_of_h, stated.log, stated.angle) == (self.power_of_h, self.log, self.angle)
        return not same or abs(stated.factor / self.factor - 1) > 1e-3


def _astropy_unit(text: str) -> u.UnitBase | None:
    """Return the unit in a text, or None."""
    for pattern, replacement in _SPELLINGS:
        text = re.sub(pattern, replacement, text)
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    text = re.sub(r"\s+", " ", re.sub(r"\s*([/*^])\s*", r"\1", text)).strip()
    if text in ("", "1", "-"):
        return u.dimensionless_unscaled
    try:
        with u.add_enabled_units([_LITTLE_H]):
            unit = u.Unit(text)
    except (ValueError, TypeError):
        return None
    return unit if isinstance(unit, u.UnitBase) else None  # "kg,m" is a unit of two columns


def _distance_kpc(cosmology: Cosmology, redshift: FloatArray) -> FloatArray:
    """Return the angular-diameter distance [kpc] of each row, (n,)."""
    known = {z: 1e3 * cosmology.angular_diameter_distance_mpc(z) for z in np.unique(redshift) if np.isfinite(z)}
    return np.array([known.get(z, np.nan) for z in redshift])
