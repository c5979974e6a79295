"""Photon lists of the Magneticum portal."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from encluster.xray.emission import Telescope
from encluster.xray.simput import bin_photons, read_simput

TELESCOPE = Telescope(field_arcmin=6.4, exposure_s=1e4)
GRASP = 600 * 1e4


def write_list(path: Path, *, name: str = "PHLIST", drop: str = "", keywords: dict | None = None, **columns) -> Path:  # type: ignore[no-untyped-def]
    """A list in the portal's form; right ascension wraps around 0 = 360."""
    rng = np.random.default_rng(1)
    n = 4000
    data = {
        "ENERGY": rng.uniform(0.1, 4.0, n),
        "RA": rng.normal(0, 0.01, n) % 360,
        "DEC": rng.normal(0, 0.01, n),
    } | columns
    header = fits.Header()
    values = dict(SIMUL="Box2/hr", SNAPNUM=136, REDSHIFT=0.066, MODE=1, INSTR="generic", AREA=1200.0, TIME=1e4)
    header.update({key: value for key, value in (values | (keywords or {})).items() if value is not None})
    source = fits.BinTableHDU.from_columns([fits.Column("SRC_ID", "J", array=[1])], name="SRC_CAT")
    made = [fits.Column(key, "E", array=np.float32(value)) for key, value in data.items() if key != drop]
    photons = fits.BinTableHDU.from_columns(made, name=name)
    photons.header.update(REFRA=0.0, REFDEC=0.0)
    fits.HDUList([fits.PrimaryHDU(header=header), source, photons]).writeto(path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "7.fits"


def test_band_thinning_and_field(path: Path) -> None:
    photons = read_simput(write_list(path))
    assert photons.redshift == 0.066
    assert photons.grasp == 2 * GRASP
    image = bin_photons(photons, telescope=TELESCOPE, rng=np.random.default_rng(2), where="list")
    expected = 0.5 * np.sum((photons.energy >= 0.5) & (photons.energy < 2))
    assert expected > 500
    assert image.sum() == pytest.approx(expected, abs=4 * np.sqrt(expected / 2))
    # both sides of RA = 0 are there, around the centre
    assert image[:, :32].sum() > 0.4 * image.sum()
    assert image[:, 32:].sum() > 0.4 * image.sum()


def test_east_is_left_and_north_is_up(path: Path) -> None:
    ra, dec = np.array([60.5, -30.5]) / 3600, np.array([90.5, -0.5]) / 3600
    lists = read_simput(write_list(path, ENERGY=[1.0, 1.0], RA=ra % 360, DEC=dec, keywords={"AREA": 600.0}))
    image = bin_photons(lists, telescope=TELESCOPE, rng=np.random.default_rng(2), where="list")
    assert {tuple(index) for index in np.argwhere(image)} == {(47, 21), (31, 37)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(name="PHOTONS"), "no HDU 'PHLIST'"),
        (dict(drop="DEC"), "no column DEC"),
        (dict(ENERGY=[1.0, np.nan], RA=[0, 0], DEC=[0, 0]), "row 1, column ENERGY: nan"),
        (dict(ENERGY=[1.0, -2.0], RA=[0, 0], DEC=[0, 0]), "row 1, column ENERGY: -2.0, expected keV > 0"),
        (dict(keywords={"MODE": 2}), "MODE = 2, expected 1"),
        (dict(keywords={"TIME": None}), "TIME = None, expected a positive number s"),
        (dict(keywords={"AREA": 0.0}), "AREA = 0.0"),
    ],
)
def test_wrong_lists_are_refused_on_reading(path: Path, arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        read_simput(write_list(path, **arguments))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(ENERGY=[800.0, 1500.0], RA=[0, 0], DEC=[0, 0]), "none of 2 photons lies in 0.5-2.0 keV"),
        (dict(ENERGY=[1.0] * 50, RA=[3.0] * 50, DEC=[0] * 50), "no photon of the band lies in the field"),
        (dict(keywords={"TIME": 1e3}), "less than the wanted"),
    ],
)
def test_wrong_lists_are_refused_on_binning(path: Path, arguments: dict, message: str) -> None:
    photons = read_simput(write_list(path, **arguments))
    with pytest.raises(ValueError, match=message):
        bin_photons(photons, telescope=TELESCOPE, rng=np.random.default_rng(2), where="list")


def test_damaged_lists_give_one_line(path: Path) -> None:
    with pytest.raises(ValueError, match="no such file"):
        read_simput(path)
    content = write_list(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="not a readable FITS file"):
        read_simput(path)
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(ValueError, match="not a readable FITS file"):
        read_simput(path)


# --- other units, other places on the sky, several extensions


def offsets(path: Path) -> np.ndarray:
    photons = read_simput(path)
    return np.rad2deg(np.array([photons.x, photons.y])) * 3600


def placed(path: Path, change: object, *, source: dict | None = None) -> Path:
    """A list of two photons, 60.5 arcsec east and 90.5 arcsec north, after a change of its HDUs."""
    ra, dec = np.array([60.5, 0.0]) / 3600, np.array([0.0, 90.5]) / 3600
    path.unlink(missing_ok=True)
    write_list(path, ENERGY=[1.0, 1.0], RA=ra, DEC=dec)
    with fits.open(path) as hdus:
        made = fits.HDUList([hdu.copy() for hdu in hdus])
    if source is not None:
        made[1] = fits.BinTableHDU.from_columns(
            [fits.Column(key, "D", array=np.atleast_1d(value)) for key, value in source.items()], name="SRC_CAT"
        )
    changed = change(made) or made  # type: ignore[operator]
    changed.writeto(path, overwrite=True)
    return path


def moved(ra0: float, dec0: float, unit: str = "deg", *, reference: bool) -> object:
    """Put the two photons about another position, in another unit."""

    def change(hdus: fits.HDUList) -> None:
        scale = {"deg": 1.0, "rad": np.pi / 180, "arcmin": 60.0, "arcsec": 3600.0}[unit]
        ra = (ra0 + np.array([60.5, 0.0]) / 3600 / np.cos(np.deg2rad(dec0))) % 360
        dec = dec0 + np.array([0.0, 90.5]) / 3600
        columns = [
            fits.Column("ENERGY", "D", array=[1000.0, 1000.0], unit="eV"),
            fits.Column("RA", "D", array=ra * scale, unit=unit),
            fits.Column("DEC", "D", array=dec * scale, unit=unit),
        ]
        hdus[2] = fits.BinTableHDU.from_columns(columns, name="PHLIST")
        if reference:
            hdus[2].header.update(REFRA=ra0, REFDEC=dec0)

    return change


TRUE = np.array([[60.5, 0.0], [0.0, 90.5]])


@pytest.mark.parametrize("unit", ["deg", "rad", "arcmin", "arcsec"])
@pytest.mark.parametrize(("ra0", "dec0"), [(0.0, 0.0), (180.0, 0.0), (359.99, -35.0), (83.6, 60.0)])
def test_units_and_places_on_the_sky(path: Path, unit: str, ra0: float, dec0: float) -> None:
    placed(path, moved(ra0, dec0, unit, reference=True))
    np.testing.assert_allclose(offsets(path), TRUE, atol=0.02)
    np.testing.assert_allclose(read_simput(path).energy, 1.0)


def test_without_a_reference_the_source_is_taken(path: Path) -> None:
    placed(path, moved(180.0, 20.0, reference=False), source={"SRC_ID": 1, "RA": 180.0, "DEC": 20.0})
    np.testing.assert_allclose(offsets(path), TRUE, atol=0.02)


@pytest.mark.parametrize(("ra0", "dec0"), [(180.0, 0.0), (90.0, 0.0), (0.0, 45.0), (345.0, 0.0), (180.0, 89.0)])
@pytest.mark.parametrize("named", [True, False])
def test_photons_far_from_the_reference_are_refused(path: Path, ra0: float, dec0: float, named: bool) -> None:
    """At RA 180 the plane of the sky would show them mirrored; at RA 90 it has no place for them."""

    def change(hdus: fits.HDUList) -> None:
        moved(ra0, dec0, reference=False)(hdus)  # type: ignore[operator]
        if named:
            hdus[2].header.update(REFRA=0.0, REFDEC=0.0)

    placed(path, change)
    with pytest.raises(ValueError, match=r"PHLIST row 0 lies at RA, DEC = .* set REFRA and REFDEC"):
        read_simput(path)


@pytest.mark.parametrize("unit", ["furlong", "keV", "s"])
def test_an_unknown_unit_is_refused(path: Path, unit: str) -> None:
    def change(hdus: fits.HDUList) -> None:
        hdus[2].columns["RA"].unit = unit

    placed(path, change)
    with pytest.raises(ValueError, match=f"column RA has the unit '{unit}'; expected one like deg"):
        read_simput(path)


def test_parts_of_one_list_are_put_together(path: Path) -> None:
    placed(path, lambda hdus: fits.HDUList([*hdus, hdus[2].copy()]))
    np.testing.assert_allclose(offsets(path), np.tile(TRUE, 2), atol=0.02)


def test_lists_of_several_clusters_are_refused(path: Path) -> None:
    def elsewhere(hdus: fits.HDUList) -> fits.HDUList:
        other = hdus[2].copy()
        other.header.update(REFRA=1.0)
        return fits.HDUList([*hdus, other])

    placed(path, elsewhere)
    with pytest.raises(ValueError, match="2 PHLIST extensions with different reference positions"):
        read_simput(path)
    placed(path, lambda hdus: None, source={"SRC_ID": [1, 2]})
    with pytest.raises(ValueError, match="SRC_CAT lists 2 sources; give one list per cluster"):
        read_simput(path)


def test_what_astropy_warns_of_is_not_truncated(path: Path) -> None:
    def change(hdus: fits.HDUList) -> None:
        hdus[2].header["TDISP1"] = "Q9.9"
        hdus[2].header["TNULL1"] = -1

    placed(path, change)
    assert len(read_simput(path).energy) == 2
    content = write_list(path.with_name("whole.fits")).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="the file is truncated, fetch it again"):
        read_simput(path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="not a readable FITS file"):
        read_simput(path)
