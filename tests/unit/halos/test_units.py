"""Units: the spellings of catalogs, portals and papers; and what a file's own unit contradicts."""

import numpy as np
import pytest

from encluster.cosmology import Cosmology
from encluster.halos.units import Unit

COSMOLOGY = Cosmology()
H = COSMOLOGY.h
Z = np.array([0.0, 0.1, 0.35])


@pytest.mark.parametrize(
    ("quantity", "text", "factor"),
    [
        ("m500c", "Msun/h", 1.0),
        ("m500c", "Msol/h", 1.0),
        ("m500c", "h^-1 Msun", 1.0),
        ("m500c", "h-1 M_sun", 1.0),
        ("m500c", "10^14 h^-1 Msun", 1e14),
        ("m500c", "1e14Msun/h", 1e14),
        ("m500c", "M\N{CIRCLED DOT OPERATOR}/h", 1.0),
        ("m500c", "solMass", H),
        ("m500c", "10**13 solMass", 1e13 * H),
        ("m500c", "10+14 solMass", 1e14 * H),
        ("m500c", "x10^14 Msun", 1e14 * H),
        ("m500c", "1e10 M_odot", 1e10 * H),
        ("m500c", "kg", H / 1.98841e30),
        ("lx", "erg s-1", 1e-44),
        ("lx", "ergs/s", 1e-44),
        ("lx", "10**42 erg s-1", 1e-2),
        ("lx", "1e44erg/s", 1.0),
        ("lx", "1e44 h^-2 erg/s", H**-2),
        ("lx", "1e10 Msun km^3/(Mpc s^3)", 6.444e-11),
        ("temperature", "kev", 1.0),
        ("temperature", "1e7 K", 0.8617333),
        ("temperature", "MK", 0.08617333),
        ("r500c_kpc", "Mpc", 1e3),
        ("r500c_kpc", "kpc/h", 1 / H),
        ("r500c_kpc", "pkpc", 1.0),
        ("gas_fraction", "%", 0.01),
        ("gas_fraction", "", 1.0),
    ],
)
def test_spellings(quantity: str, text: str, factor: float) -> None:
    converted = Unit.parse(quantity, text).convert(np.full(3, 2.0), cosmology=COSMOLOGY, redshift=Z)
    np.testing.assert_allclose(converted, 2 * factor, rtol=2e-4)


@pytest.mark.parametrize("text", ["comoving kpc/h", "ckpc/h"])
def test_comoving_lengths(text: str) -> None:
    converted = Unit.parse("r500c_kpc", text).convert(np.full(3, 700.0), cosmology=COSMOLOGY, redshift=Z)
    np.testing.assert_allclose(converted, 700 / H / (1 + Z))


@pytest.mark.parametrize("text", ["log10 Msun", "dex(solMass)", "log Msun", "log10(Msun)"])
def test_logarithms(text: str) -> None:
    converted = Unit.parse("m500c", text).convert(np.full(3, 14.0), cosmology=COSMOLOGY, redshift=Z)
    np.testing.assert_allclose(converted, 1e14 * H)


def test_an_angle_becomes_a_length_through_the_redshift() -> None:
    from astropy.cosmology import FlatLambdaCDM

    z = np.array([0.07, 0.35])
    kpc = Unit.parse("r500c_kpc", "arcmin").convert(np.full(2, 5.0), cosmology=COSMOLOGY, redshift=z)
    oracle = FlatLambdaCDM(H0=70.4, Om0=0.272, Tcmb0=0).kpc_proper_per_arcmin(z).value
    np.testing.assert_allclose(kpc, 5 * oracle, rtol=1e-5)
    seconds = Unit.parse("r500c_kpc", "arcsec").convert(np.full(2, 300.0), cosmology=COSMOLOGY, redshift=z)
    np.testing.assert_allclose(seconds, kpc)


def test_scale_factors_are_redshifts_too() -> None:
    unit = Unit.parse("redshift", "scale factor")
    np.testing.assert_allclose(unit.convert(1 / (1 + Z), cosmology=COSMOLOGY, redshift=Z), Z, atol=1e-15)


@pytest.mark.parametrize(
    ("quantity", "text", "message"),
    [
        ("m500c", "keV", "unit 'keV' of m500c is not a mass"),
        ("temperature", "Msun", "unit 'Msun' of temperature is not a temperature"),
        ("m500c", "Msun/h70", "of m500c is not"),
        ("lx", "10^44", "of lx is not a luminosity"),
        ("m500c", "kg,g", "unit 'kg,g' of m500c is not known"),
        ("m500c", "comoving Msun", "only lengths can be comoving"),
        ("m500c", "bananas", "unit 'bananas' of m500c is not known; write it as [log10] [comoving] [factor] unit"),
        ("gas_fraction", "kpc", "is not a pure number"),
    ],
)
def test_what_is_no_unit_of_a_quantity(quantity: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match="unit") as error:
        Unit.parse(quantity, text)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("mapped", "stated", "contradicts"),
    [
        ("Msun/h", "Msol/h", False),
        ("1e14 Msun", "10**14 solMass", False),
        ("1e14 Msun", "10**13 solMass", True),
        ("Msun/h", "solMass", True),
        ("Msun", "keV", True),
        ("log10 Msun", "Msun", True),
        ("log10 Msun", "dex(solMass)", False),
        ("Msun", "", False),
        ("Msun", "see paper", False),
    ],
)
def test_what_a_file_states_beside_the_map(mapped: str, stated: str, contradicts: bool) -> None:
    assert Unit.parse("m500c", mapped).contradicts("m500c", stated) is contradicts


def test_a_file_cannot_state_that_a_length_is_comoving() -> None:
    assert not Unit.parse("r500c_kpc", "comoving kpc/h").contradicts("r500c_kpc", "kpc/h")
    assert Unit.parse("r500c_kpc", "comoving kpc/h").contradicts("r500c_kpc", "Mpc/h")
