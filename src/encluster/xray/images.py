"""Files of counts images: one FITS file per chunk, one compressed image with a celestial WCS per cluster."""

import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning
from astropy.wcs import WCS

from encluster.files import replacing, require_file
from encluster.types import IntArray
from encluster.xray.settings import BAND_KEV, Telescope

_KEYS = ("CLUSTER", "M500C", "REDSHIFT", "EXPOSURE", "AREA", "COUNTS", "CDELT2", "SOURCE")
_FITS_BLOCK = 2880


@dataclass(frozen=True, kw_only=True)
class CountsImage:
    """Counts image of one cluster.

    Parameters
    ----------
    cluster : int
        Id in the halo catalog.
    m500c : float
        True mass [Msun/h].
    redshift : float
        Redshift of the gas in the observation.
    counts : IntArray
        (n, n) photons per pixel, row = y; the cluster's center is the image's center.
    source : str
        Origin of the photons.
    """

    cluster: int
    m500c: float
    redshift: float
    counts: IntArray
    source: str


def image_wcs(telescope: Telescope) -> WCS:
    """Return the tangential projection of an image whose center is the cluster's center at RA = Dec = 0.

    Parameters
    ----------
    telescope : Telescope
        Field and pixels.

    Returns
    -------
    astropy.wcs.WCS
        The projection; its reference pixel is (n + 1) / 2, counted from 1.
    """
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crpix = [(telescope.n_pixels + 1) / 2] * 2
    wcs.wcs.cdelt = [-telescope.pixel_arcsec / 3600, telescope.pixel_arcsec / 3600]
    wcs.wcs.cunit = ["deg", "deg"]
    wcs.wcs.crval = [0.0, 0.0]
    return wcs


def write_images(path: Path, images: Iterable[CountsImage], *, number: int, telescope: Telescope, source: str) -> None:
    """Write images one after the other with one image in memory; the file appears when all are written.

    Parameters
    ----------
    path : Path
        The file.
    images : iterable of CountsImage
        Images of the telescope's size.
    number : int
        Number of images.
    telescope : Telescope
        Pixels, area and exposure, for the headers.
    source : str
        The simulation that the clusters come from.

    Raises
    ------
    ValueError
        If the number of images or the shape of an image is wrong; no file is written then.
    """
    primary = fits.PrimaryHDU()
    primary.header["NIMAGES"] = (number, "images that follow, one a cluster")
    # a header allows only ASCII, and 80 characters per line
    ascii_source = source.encode("ascii", "backslashreplace").decode()
    primary.header["SOURCE"] = ascii_source
    if len(ascii_source) + ascii_source.count("'") <= 30:
        primary.header.comments["SOURCE"] = "simulation that made the clusters"
    shape = (telescope.n_pixels,) * 2
    written = 0
    with replacing(path) as temporary, temporary.open("wb") as stream:
        stream.write(_primary_bytes(primary))
        for image in images:
            if image.counts.shape != shape:
                raise ValueError(f"{path}: image of cluster {image.cluster} is {image.counts.shape}, expected {shape}")
            stream.write(_extension(image, telescope))
            written += 1
        if written != number:
            raise ValueError(f"{path}: got {written} images, expected {number}")


def _extension(image: CountsImage, telescope: Telescope) -> bytes:
    header = image_wcs(telescope).to_header()
    header["CLUSTER"] = (image.cluster, "id in the halo catalog")
    header["M500C"] = (image.m500c, "[Msun/h] true mass")
    header["REDSHIFT"] = (image.redshift, "redshift of the gas")
    header["EXPOSURE"] = (telescope.exposure_s, "[s]")
    header["AREA"] = (telescope.area_cm2, "[cm2] effective area")
    header["EMIN"] = (BAND_KEV[0], "[keV] observed band")
    header["EMAX"] = (BAND_KEV[1], "[keV] observed band")
    header["COUNTS"] = (int(image.counts.sum()), "photons in the image")
    header["SOURCE"] = (image.source, "what made the photons")
    header["BUNIT"] = "photon"
    shape = image.counts.shape  # one tile: three times as fast as one tile per row
    compressed = fits.CompImageHDU(
        image.counts.astype(np.int32), header=header, compression_type="RICE_1", tile_shape=shape
    )
    both = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), compressed]).writeto(both)
    return both.getvalue()[both.getvalue().index(b"XTENSION") :]


def number_of_images(path: Path) -> int:
    """Return the number of images from the first header of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    int
        Number of images.
    """
    with _opened(path) as hdus:
        return _announced(path, hdus)


def read_images(path: Path) -> Iterator[CountsImage]:
    """Read the images of a chunk, one at a time.

    Parameters
    ----------
    path : Path
        The file.

    Yields
    ------
    CountsImage
        Images in the order of the file.

    Raises
    ------
    ValueError
        If the file is missing, empty, truncated or corrupt, or an image lacks a keyword or photons.
    """
    number = number_of_images(path)
    alone = _primary_bytes(fits.PrimaryHDU())
    with path.open("rb") as stream:
        fits.Header.fromfile(stream)
        for index in range(1, number + 1):
            # astropy keeps everything that it has read from an open file; therefore each image becomes its own file
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error", AstropyWarning)
                    with fits.open(io.BytesIO(alone + _next_extension(stream))) as hdus:
                        header, counts = hdus[1].header, np.array(hdus[1].data)
            except Exception as error:  # astropy raises many types of errors for damaged files
                raise ValueError(
                    f"{path}: image {index} of {number} is damaged or missing; make the file again"
                ) from error
            yield _checked(path, index, header, counts)


def _next_extension(stream: BinaryIO) -> bytes:
    """Return header and data of the extension at the position of `stream`, unchanged."""
    start = stream.tell()
    header = fits.Header.fromfile(stream)
    size = header["NAXIS1"] * header["NAXIS2"] + header["PCOUNT"]
    length = stream.tell() - start + -(-size // _FITS_BLOCK) * _FITS_BLOCK
    stream.seek(start)
    content = stream.read(length)
    if len(content) < length:
        raise ValueError("the file ends before the image")
    return content


def _checked(path: Path, index: int, header: fits.Header, counts: IntArray) -> CountsImage:
    missing = [key for key in _KEYS if key not in header]
    if missing:
        raise ValueError(f"{path}: image {index} has no keyword {missing[0]}")
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.min() < 0:
        raise ValueError(f"{path}: image {index} must be a square of counts >= 0, is {counts.shape}")
    if int(counts.sum(dtype=np.int64)) != header["COUNTS"]:
        raise ValueError(f"{path}: image {index} is damaged: its counts differ from its keyword COUNTS")
    return CountsImage(
        cluster=int(header["CLUSTER"]),
        m500c=float(header["M500C"]),
        redshift=float(header["REDSHIFT"]),
        counts=counts,
        source=str(header["SOURCE"]),
    )


def _primary_bytes(primary: fits.PrimaryHDU) -> bytes:
    stream = io.BytesIO()
    primary.writeto(stream)
    return stream.getvalue()


def _opened(path: Path) -> fits.HDUList:
    require_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", AstropyWarning)
            return fits.open(path, memmap=False, lazy_load_hdus=True)
    except Exception as error:  # as above
        raise ValueError(f"{path}: not a readable FITS file; make it again") from error


def _announced(path: Path, hdus: fits.HDUList) -> int:
    number = hdus[0].header.get("NIMAGES")
    if not isinstance(number, int) or number < 1:
        raise ValueError(f"{path}: the first header's NIMAGES is {number!r}, expected the number of images")
    return number
