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
