"""Photon lists of the Magneticum portal: PHOX output in SIMPUT FITS, binned to the same images as our own photons."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy import units as u
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning

from encluster.storage import require_file
from encluster.types import FloatArray, IntArray
from encluster.xray.emission import BAND_KEV, Telescope

_COLUMNS = ("ENERGY", "RA", "DEC")
_ICM_MODE = 1
_FAR_DEG = 10.0  # a photon so far from the reference position belongs to no cluster: the position is wrong


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

    Units are those that TUNIT states (keV and degree where there is none). Positions are relative to REFRA and REFDEC
    of PHLIST; where these are missing, to the one source of SRC_CAT; where that has no position, to (0, 0), the
    portal's convention. Several PHLIST extensions of one source are parts of one list.

    Raises
    ------
    ValueError
        If the file is missing, empty, truncated or no FITS file; lacks the HDU PHLIST, a column or a keyword; has an
        unknown unit, NaN, several sources, or photons far from its reference position; or was made of something else
        than hot gas.
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
    x, y, cosine = _tangential(data["RA"], data["DEC"], *reference)
    far = np.flatnonzero(cosine < np.cos(np.deg2rad(_FAR_DEG)))
    if far.size:
        raise ValueError(
            f"{path}: PHLIST row {far[0]} lies at RA, DEC = {data['RA'][far[0]]:.4g}, {data['DEC'][far[0]]:.4g} deg,"
            f" more than {_FAR_DEG:g} deg from the reference position {reference[0]:g}, {reference[1]:g} deg; set REFRA"
            " and REFDEC [deg] in the header of PHLIST to the cluster's position"
        )
    return PhotonList(
        energy=data["ENERGY"], x=x, y=y, redshift=values["REDSHIFT"], grasp=values["AREA"] * values["TIME"]
    )


def _load(path: Path) -> tuple[fits.Header, dict[str, FloatArray], tuple[float, float]]:
    """Return the first header, the columns of PHLIST [keV, deg], and its reference position [deg]."""
    require_file(path)
    try:
        with warnings.catch_warnings():
            # astropy warns of much that does no harm, and of truncation too
            warnings.simplefilter("ignore", AstropyWarning)
            warnings.filterwarnings("error", message=".*truncated", category=AstropyWarning)
            with fits.open(path, memmap=False) as hdus:
                names = [hdu.name for hdu in hdus]
                parts = [hdu for hdu in hdus if hdu.name == "PHLIST"]
                if not parts:
                    raise _ContentError(f"no HDU 'PHLIST' (found {', '.join(names)}); expected a SIMPUT photon list")
                references = {_reference(hdus, part) for part in parts}
                if len(references) > 1:
                    raise _ContentError(
                        f"{len(parts)} PHLIST extensions with different reference positions; give one list per cluster"
                    )
                columns = [_columns(part) for part in parts]
                data = {name: np.concatenate([column[name] for column in columns]) for name in _COLUMNS}
                return hdus[0].header.copy(), data, references.pop()
    except _ContentError as error:
        raise ValueError(f"{path}: {error}") from None
    except Exception as error:  # astropy raises many kinds on damaged files
        problem = " ".join(str(error).split())
        cut = any(
            sign in problem for sign in ("truncated", "cannot reshape", "buffer is smaller", "requested but only")
        )
        said = "; the file is truncated, fetch it again" if cut else ""
        raise ValueError(f"{path}: not a readable FITS file{said} ({problem})") from error


class _ContentError(ValueError):
    """A readable file that is no photon list of one cluster."""


def _columns(part: fits.BinTableHDU) -> dict[str, FloatArray]:
    """Return the columns of one PHLIST in keV and degrees."""
    names = {name.upper(): name for name in part.columns.names}
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise _ContentError(f"PHLIST has no column {missing[0]} (found {', '.join(names)})")
    units = {name: part.columns[names[name]].unit for name in _COLUMNS}
    return {
        name: part.data[names[name]].astype(np.float64) * _factor(name, units[name], wanted)
        for name, wanted in zip(_COLUMNS, ("keV", "deg", "deg"), strict=True)
    }


def _factor(name: str, unit: str | None, wanted: str) -> float:
    """Return the factor from a column's own unit to the wanted one; 1 where it states none."""
    if not unit or not unit.strip():
        return 1.0
    try:
        return float(u.Unit(unit.strip().replace("degrees", "deg").replace("KEV", "keV")).to(wanted))
    except (ValueError, TypeError, u.UnitConversionError):
        raise _ContentError(f"column {name} has the unit {unit!r}; expected one like {wanted}") from None


def _reference(hdus: fits.HDUList, part: fits.BinTableHDU) -> tuple[float, float]:
    """Return the position that the photons of one PHLIST are relative to [deg]."""
    source = next((hdu for hdu in hdus if hdu.name == "SRC_CAT"), None)
    if source is not None and len(source.data) > 1:
        raise _ContentError(f"SRC_CAT lists {len(source.data)} sources; give one list per cluster")
    if "REFRA" in part.header and "REFDEC" in part.header:
        return float(part.header["REFRA"]), float(part.header["REFDEC"])
    names = {name.upper(): name for name in source.columns.names} if source is not None else {}
    if source is None or not {"RA", "DEC"} <= set(names) or not len(source.data):
        return 0.0, 0.0
    position = [
        float(source.data[names[name]][0]) * _factor(f"{name} of SRC_CAT", source.columns[names[name]].unit, "deg")
        for name in ("RA", "DEC")
    ]
    return position[0], position[1]


def _tangential(ra: FloatArray, dec: FloatArray, ra0: float, dec0: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return gnomonic offsets [rad] and the cosine of the distance; RA on both sides of 0 = 360 is taken care of."""
    alpha, delta, delta0 = np.deg2rad(ra - ra0), np.deg2rad(dec), np.deg2rad(dec0)
    along = np.sin(delta0) * np.sin(delta) + np.cos(delta0) * np.cos(delta) * np.cos(alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.cos(delta) * np.sin(alpha) / along
        y = (np.cos(delta0) * np.sin(delta) - np.sin(delta0) * np.cos(delta) * np.cos(alpha)) / along
    return x, y, along


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
