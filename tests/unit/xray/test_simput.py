"""Photon lists of the Magneticum portal."""

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from encluster.xray.settings import Telescope
from encluster.xray.simput import bin_photons, read_simput

TELESCOPE = Telescope(field_arcmin=6.4, exposure_s=1e4)
GRASP = 600 * 1e4


def write_list(  # type: ignore[no-untyped-def]
    path: Path,
    *,
    name: str = "PHLIST",
    drop: str = "",
    keywords: dict | None = None,
    reference: dict | None = None,
    source: dict | None = None,
    units: dict | None = None,
    lists: int = 1,
    **columns,
) -> Path:
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
    made = [fits.Column(key, "D", array=np.array(value)) for key, value in ({"SRC_ID": [1]} | (source or {})).items()]
    catalog = fits.BinTableHDU.from_columns(made, name="SRC_CAT")
    made = [
        fits.Column(key, "E", array=np.float32(value), unit=(units or {}).get(key))
        for key, value in data.items()
        if key != drop
    ]
    photons = [fits.BinTableHDU.from_columns(made, name=name) for _ in range(lists)]
    for hdu in photons:
        hdu.header.update(dict(REFRA=0.0, REFDEC=0.0) if reference is None else reference)
    fits.HDUList([fits.PrimaryHDU(header=header), catalog, *photons]).writeto(path, overwrite=True)
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
    # both sides of RA = 0 are there, around the center
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
        (dict(keywords={"AREA": "big"}), "AREA = 'big', expected a positive number cm2"),
        (dict(units={"RA": "furlong"}), "column RA: unit 'furlong' is not known; expected deg or a unit of its kind"),
        (dict(units={"DEC": "keV"}), "column DEC: unit 'keV' is not known; expected deg"),
        (dict(units={"ENERGY": "deg"}), "column ENERGY: unit 'deg' is not known; expected keV"),
        (dict(units={"RA": "h"}), "column RA: unit 'h' is not known"),
        (dict(reference={"REFRA": 0.0}), "one of the keywords REFRA and REFDEC; expected both or none"),
        (dict(reference={"REFRA": "12h", "REFDEC": 0.0}), "keyword REFRA = '12h', expected a number of degrees"),
        (dict(reference={"REFRA": (0.0, "[kpc] here"), "REFDEC": 0.0}), "REFRA: unit 'kpc' is not known"),
        (dict(source={"SRC_ID": [1, 2]}), "SRC_CAT lists 2 sources; expected one"),
        (dict(source={"IMGROTA": [30.0]}), "SRC_CAT row 0, column IMGROTA: 30.0, expected 0"),
        (dict(source={"imgscal": [2.0]}), "SRC_CAT row 0, column IMGSCAL: 2.0, expected 1"),
        (dict(source={"IMGSCAL": [np.nan]}), "column IMGSCAL: nan, expected 1"),
        (dict(lists=2), "2 HDUs are called PHLIST; expected one"),
        # the far side of the sky, which a tangent plane shows as if it were near
        (dict(RA=[180.0, 180.1], DEC=[0.0, 0.1], ENERGY=[1, 1]), "row 0 is at RA 180, DEC 0 deg, more than 10 deg"),
        (dict(RA=[0.0, 180.0], DEC=[0.0, 0.0], ENERGY=[1, 1]), "row 1 is at RA 180, DEC 0 deg"),
        (
            dict(reference={}, RA=[150.0, 150.1], DEC=[2.5, 2.3], ENERGY=[1, 1]),
            "row 0 is at RA 150, DEC 2.5 deg, more than 10 deg from the reference position RA 0, DEC 0; set its keyw",
        ),
        (dict(reference={}, RA=[0, 0], DEC=[90, 89.9], ENERGY=[1, 1]), "row 0 is at RA 0, DEC 90 deg"),
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
        # half of the cluster is in the field
        (
            dict(reference={"REFRA": 359.95, "REFDEC": 0.0}),
            "lie 3.0 arcmin east and -?0.0 arcmin north of the reference",
        ),
        (dict(reference={"REFRA": 0.0, "REFDEC": 0.045}), "lie -?0.0 arcmin east and -2.7 arcmin north of"),
    ],
)
def test_wrong_lists_are_refused_on_binning(path: Path, arguments: dict, message: str) -> None:
    photons = read_simput(write_list(path, **arguments))
    with pytest.raises(ValueError, match=message):
        bin_photons(photons, telescope=TELESCOPE, rng=np.random.default_rng(2), where="list")


UNITS = {"deg": 1.0, "Degrees": 1.0, "rad": np.pi / 180, "radian": np.pi / 180, "arcmin": 60.0, "arcsec": 3600.0}


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize(("energy", "over_kev"), [("keV", 1.0), ("eV", 1000.0), ("KEV", 1.0), ("J", 1.602176634e-16)])
def test_units_are_those_of_the_file(path: Path, name: str, energy: str, over_kev: float) -> None:
    rng = np.random.default_rng(4)
    ra, dec, kev = rng.normal(0, 0.01, 500), rng.normal(0, 0.01, 500), rng.uniform(0.3, 3, 500)
    factor = UNITS[name]
    columns = dict(RA=ra * factor, DEC=dec * factor, ENERGY=kev * over_kev)
    found = read_simput(write_list(path, units={"RA": name, "DEC": name, "ENERGY": energy}, **columns))
    np.testing.assert_allclose(found.energy, kev, rtol=1e-6)
    np.testing.assert_allclose(found.x, np.deg2rad(ra), rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(found.y, np.deg2rad(dec), rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize(
    ("ra", "dec"), [(180.0, 0.0), (0.0, 0.0), (359.999, 5.0), (150.0, -60.0), (90.0, 89.0), (-0.002, -89.0)]
)
@pytest.mark.parametrize("unit", ["deg", "rad", "arcmin"])
def test_a_cluster_anywhere_on_the_sky_is_read_alike(path: Path, ra: float, dec: float, unit: str) -> None:
    """One photon 0.01 deg to the north and one 0.01 deg to the east; great circles by hand."""
    factor = UNITS[unit]
    step = np.rad2deg(2 * np.arcsin(np.sin(np.deg2rad(0.005)) / np.cos(np.deg2rad(dec))))
    columns = dict(RA=np.array([ra, ra + step]) % 360 * factor, DEC=np.array([dec + 0.01, dec]) * factor)
    reference = {"REFRA": (ra * factor, f"[{unit}] of the cluster"), "REFDEC": (dec * factor, f"[{unit}]")}
    write_list(path, units={"RA": unit, "DEC": unit}, reference=reference, ENERGY=[1.0, 1.0], **columns)
    with fits.open(path, mode="update") as hdus:  # in double precision
        table = hdus["PHLIST"]
        made = [fits.Column(c.name, "D", unit=c.unit, array=columns.get(c.name, [1.0, 1.0])) for c in table.columns]
        hdus["PHLIST"] = fits.BinTableHDU.from_columns(made, name="PHLIST")
        hdus["PHLIST"].header.update(reference)
    found = read_simput(path)
    small = np.deg2rad(0.01)
    np.testing.assert_allclose([found.x[0], found.y[0], found.x[1]], [0, small, small], rtol=1e-4, atol=1e-9)
    # the parallel is not a great circle: it bends toward the pole
    assert abs(found.y[1]) <= 1.01 * small**2 / 2 * abs(np.tan(np.deg2rad(dec))) + 1e-12


def test_the_portals_convention_holds_without_keywords(path: Path) -> None:
    with_keywords, without = read_simput(write_list(path)), read_simput(write_list(path, reference={}))
    np.testing.assert_array_equal(with_keywords.x, without.x)
    # where the source is on the sky makes no difference to its image
    elsewhere = {"RA": [150.0], "DEC": [2.0], "IMGROTA": [0.0], "IMGSCAL": [1.0]}
    np.testing.assert_array_equal(read_simput(write_list(path, reference={}, source=elsewhere)).y, without.y)


@pytest.mark.parametrize("card", ["TDISP1  = 'odd     '", "TNULL1  =                   -1", "NOTE    = 'M\xfcnchen '"])
def test_odd_keywords_are_no_damage(path: Path, card: str) -> None:
    expected = read_simput(write_list(path))
    content = path.read_bytes()
    before = content.index(b"EXTNAME = 'PHLIST")
    end = content.index(b"END" + b" " * 77, before)
    path.write_bytes(content[:end] + card.ljust(80).encode("latin1") + b"END" + b" " * 77 + content[end + 160 :])
    found = read_simput(path)
    np.testing.assert_array_equal(found.energy, expected.energy)
    np.testing.assert_array_equal(found.x, expected.x)


def test_a_cut_is_found_wherever_it_is(path: Path) -> None:
    content = write_list(path).read_bytes()
    photons = content.index(b"EXTNAME = 'PHLIST") // 2880 * 2880
    for length, message in (
        (1000, "a header is damaged or cut short"),
        (photons - 2880 + 100, "the file is truncated"),
        (photons, "no HDU 'PHLIST'"),
        (photons + 100, "a header is damaged or cut short"),
        (photons + 2880 + 100, "the file is truncated"),
        (len(content) - 1, "the file is truncated"),
    ):
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match=message) as error:
            read_simput(path)
        assert "\n" not in str(error.value)


def test_what_is_no_fits_file_is_not_called_truncated(path: Path) -> None:
    path.write_text("ENERGY,RA,DEC\n1,0,0\n" * 300)
    with pytest.raises(ValueError, match="not a readable FITS file") as error:
        read_simput(path)
    assert "truncated" not in str(error.value)
    image = fits.ImageHDU(np.zeros((3, 3)), name="PHLIST")
    fits.HDUList([fits.PrimaryHDU(), image]).writeto(path, overwrite=True)
    with pytest.raises(ValueError, match="HDU PHLIST is not a binary table"):
        read_simput(path)
    columns = [fits.Column(name, form, array=[1, 1]) for name, form in (("ENERGY", "8A"), ("RA", "E"), ("DEC", "2E"))]
    columns[2] = fits.Column("DEC", "2E", array=np.zeros((2, 2)))
    for at, message in ((0, "column ENERGY: TFORM is 8A"), (2, "column DEC: TFORM is 2E")):
        columns[0] = fits.Column("ENERGY", "8A" if at == 0 else "E", array=["a", "b"] if at == 0 else [1, 1])
        table = fits.BinTableHDU.from_columns(columns, name="PHLIST")
        fits.HDUList([fits.PrimaryHDU(), table]).writeto(path, overwrite=True)
        with pytest.raises(ValueError, match=message):
            read_simput(path)


def test_missing_and_empty_lists_give_one_line(path: Path) -> None:
    with pytest.raises(ValueError, match="no such file"):
        read_simput(path)
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(ValueError, match="not a readable FITS file"):
        read_simput(path)
