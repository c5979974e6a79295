"""Counts images on disk."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from encluster.xray.images import CountsImage, image_wcs, read_images, write_images
from encluster.xray.settings import Telescope

TELESCOPE = Telescope(field_arcmin=6.4)  # 64 pixels


def images(number: int = 3) -> Iterator[CountsImage]:
    for i in range(number):
        counts = np.random.default_rng(i).poisson(0.3 + 100 * i, (64, 64)).astype(np.int32)
        yield CountsImage(cluster=10 + i, m500c=1e14, redshift=0.07, counts=counts, source="test")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "images" / "0.fits"
    write_images(made, images(), number=3, telescope=TELESCOPE, source="surrogate")
    return made


def test_round_trip(path: Path) -> None:
    for read, written in zip(read_images(path), images(), strict=True):
        np.testing.assert_array_equal(read.counts, written.counts)
        assert (read.cluster, read.m500c, read.redshift, read.source) == (written.cluster, 1e14, 0.07, "test")


@pytest.mark.parametrize("label", ["it's {a} $x$", "\N{GREEK SMALL LETTER ALPHA}" * 60, "x" * 60, "'" * 30, "a" * 31])
def test_a_list_of_any_label_has_images(label: str, tmp_path: Path) -> None:
    path = tmp_path / "0.fits"
    write_images(path, images(), number=3, telescope=TELESCOPE, source=label)
    assert [image.cluster for image in read_images(path)] == [10, 11, 12]
    with fits.open(path) as hdus:
        assert hdus[0].header["SOURCE"] == label.encode("ascii", "backslashreplace").decode()


def test_headers_tell_the_observation(path: Path) -> None:
    with fits.open(path) as hdus:
        assert hdus[0].header["SOURCE"] == "surrogate"
        header = hdus[2].header
        expected = dict(CLUSTER=11, M500C=1e14, EXPOSURE=1e5, AREA=600, EMIN=0.5, EMAX=2.0, REDSHIFT=0.07)
        assert {key: header[key] for key in expected} == expected
        assert header["CTYPE1"] == "RA---TAN"
        wcs = WCS(header)
    ra, dec = wcs.pixel_to_world_values(31.5, 31.5)
    assert np.hypot((ra + 180) % 360 - 180, dec) * 3600 < 1e-6
    ra, dec = wcs.pixel_to_world_values(21.5, 41.5)  # ten pixels of 6" to the left is east
    assert ra * 3600 == pytest.approx(60, rel=1e-6)
    assert dec * 3600 == pytest.approx(60, rel=1e-6)
    np.testing.assert_allclose(image_wcs(TELESCOPE).world_to_pixel_values(ra, dec), [21.5, 41.5], atol=1e-6)


def test_the_same_images_give_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.fits"
    write_images(again, images(), number=3, telescope=TELESCOPE, source="surrogate")
    assert again.read_bytes() == path.read_bytes()


def test_a_wrong_number_or_shape_leaves_the_old_file(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ValueError, match="got 2 images, expected 3"):
        write_images(path, images(2), number=3, telescope=TELESCOPE, source="x")
    with pytest.raises(ValueError, match=r"cluster 10 is \(64, 64\)"):
        write_images(path, images(), number=3, telescope=Telescope(), source="x")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda p: p.unlink(), "no such file"),
        (lambda p: p.write_bytes(b""), "empty"),
        (lambda p: p.write_bytes(b"SIMPLE but not really" * 300), "not a readable FITS file"),
        (lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]), "damaged or missing"),
        (lambda p: p.write_bytes(p.read_bytes()[:-2880]), "damaged"),
    ],
)
def test_damaged_files_give_one_line(path: Path, damage, message: str) -> None:  # type: ignore[no-untyped-def]
    damage(path)
    with pytest.raises(ValueError, match=message) as error:
        list(read_images(path))
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_changed_pixels_are_noticed(path: Path) -> None:
    with fits.open(path, disable_image_compression=True) as hdus:
        start = hdus[2].fileinfo()["datLoc"]
    content = bytearray(path.read_bytes())
    content[start + 60] ^= 0x5A
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"image 2 .* damaged"):
        list(read_images(path))


def test_a_foreign_fits_file_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.fits"
    fits.PrimaryHDU(np.zeros((4, 4))).writeto(foreign)
    with pytest.raises(ValueError, match="NIMAGES is None"):
        list(read_images(foreign))
