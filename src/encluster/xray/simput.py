"""Photon lists of the Magneticum portal: PHOX output in SIMPUT FITS, binned to the same images as our own photons."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning

from encluster.storage import require_file
from encluster.types import FloatArray, IntArray
from encluster.xray.emission import BAND_KEV, Telescope

_COLUMNS = ("ENERGY", "RA", "DEC")
_ICM_MODE = 1


@dataclass(frozen=True, kw_only=True)
class PhotonList:
    """Photons of one cluster.

    Parameters
    ----------
    energy : (n,) observed [keV]
    x, y : (n,) tangential offsets from the reference position, east and north [rad]
    redshift : of the simulation's snapshot
    grasp : area times exposure that the list was made for [cm2 s]
    """

    energy: FloatArray
    x: FloatArray
    y: FloatArray
    redshift: float
    grasp: float


def read_simput(path: Path) -> PhotonList:
    """Read a photon list of the portal.

    Raises
    ------
    ValueError : the file is missing, empty or corrupt; lacks the HDU PHLIST, a column or a keyword; holds NaN; or was
        made of something else than hot gas
    """
    header, data, reference = _load(path)
    for name in _COLUMNS:
        bad = np.flatnonzero(~np.isfinite(data[name]))
        if bad.size:
            raise ValueError(f"{path}: PHLIST row {bad[0]}, column {name}: {data[name][bad[0]]}, expected a number")
    if np.any(data["ENERGY"] <= 0):
        row = int(np.argmin(data["ENERGY"]))
        raise ValueError(f"{path}: PHLIST row {row}, column ENERGY: {data['ENERGY'][row]}, expected keV > 0")
    if header.get("MODE", _ICM_MODE) != _ICM_MODE:
        raise ValueError(f"{path}: keyword MODE = {header['MODE']}, expected {_ICM_MODE} (photons of the hot gas)")
    values = {}
    for key, unit in (("AREA", "cm2"), ("TIME", "s"), ("REDSHIFT", "")):
        value = header.get(key)
        if not isinstance(value, int | float) or not value > 0:
            raise ValueError(f"{path}: keyword {key} = {value!r}, expected a positive number {unit}".rstrip())
        values[key] = float(value)
    x, y = _tangential(data["RA"], data["DEC"], *reference)
    return PhotonList(
        energy=data["ENERGY"], x=x, y=y, redshift=values["REDSHIFT"], grasp=values["AREA"] * values["TIME"]
    )


def _load(path: Path) -> tuple[fits.Header, dict[str, FloatArray], tuple[float, float]]:
    """First header, columns of PHLIST, and its reference position [deg]."""
    require_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", AstropyWarning)
            with fits.open(path, memmap=False) as hdus:
                header = hdus[0].header.copy()
                names = [hdu.name for hdu in hdus]
                if "PHLIST" in names:
                    table = hdus["PHLIST"]
                    columns = [name.upper() for name in table.columns.names]
                    data = {name: table.data[name].astype(np.float64) for name in _COLUMNS if name in columns}
                    reference = (float(table.header.get("REFRA", 0.0)), float(table.header.get("REFDEC", 0.0)))
    except Exception as error:  # astropy raises many kinds on damaged files
        raise ValueError(f"{path}: not a readable FITS file, perhaps truncated; fetch it again") from error
    if "PHLIST" not in names:
        raise ValueError(f"{path}: no HDU 'PHLIST' (found {', '.join(names)}); expected a SIMPUT photon list")
    missing = [name for name in _COLUMNS if name not in data]
    if missing:
        raise ValueError(f"{path}: PHLIST has no column {missing[0]} (found {', '.join(columns)})")
    return header, data, reference


def _tangential(ra: FloatArray, dec: FloatArray, ra0: float, dec0: float) -> tuple[FloatArray, FloatArray]:
    """Gnomonic offsets [rad]; trigonometry takes care of right ascensions on both sides of 0 = 360."""
    alpha, delta, delta0 = np.deg2rad(ra - ra0), np.deg2rad(dec), np.deg2rad(dec0)
    along = np.sin(delta0) * np.sin(delta) + np.cos(delta0) * np.cos(delta) * np.cos(alpha)
    x = np.cos(delta) * np.sin(alpha) / along
    y = (np.cos(delta0) * np.sin(delta) - np.sin(delta0) * np.cos(delta) * np.cos(alpha)) / along
    return x, y


def bin_photons(photons: PhotonList, *, telescope: Telescope, rng: np.random.Generator, where: str) -> IntArray:
    """Thin a list to the telescope's area and exposure and bin the 0.5-2 keV photons: (n, n) int32, east to the left.

    Parameters
    ----------
    photons : the list
    telescope : area, exposure, field and pixels
    rng : decides which photons stay
    where : the list's name, for errors

    Raises
    ------
    ValueError : the list has less exposure than wanted, or no photon in the band or the field
    """
    wanted = telescope.area_cm2 * telescope.exposure_s
    if wanted > photons.grasp * (1 + 1e-6):
        raise ValueError(
            f"{where}: AREA * TIME = {photons.grasp:.4g} cm2 s is less than the wanted {wanted:.4g}; get a deeper "
            "list or lower xray.exposure_s"
        )
    in_band = (photons.energy >= BAND_KEV[0]) & (photons.energy < BAND_KEV[1])
    if not in_band.any():
        raise ValueError(
            f"{where}: none of {photons.energy.size} photons lies in {BAND_KEV[0]}-{BAND_KEV[1]} keV; is ENERGY in keV?"
        )
    keep = in_band & (rng.random(photons.energy.size) < wanted / photons.grasp)
    n, pixel = telescope.n_pixels, np.deg2rad(telescope.pixel_arcsec / 3600)
    column = np.floor(n / 2 - photons.x[keep] / pixel).astype(np.int64)
    row = np.floor(n / 2 + photons.y[keep] / pixel).astype(np.int64)
    inside = (column >= 0) & (column < n) & (row >= 0) & (row < n)
    if not inside.any():
        raise ValueError(f"{where}: no photon of the band lies in the field of {telescope.field_arcmin:g} arcmin")
    image = np.bincount(row[inside] * n + column[inside], minlength=n * n)
    return image.astype(np.int32).reshape(n, n)
