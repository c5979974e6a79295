"""Photon lists of the Magneticum portal: PHOX output in SIMPUT FITS, binned to the same images as simulated photons."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy import units
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning

from encluster.files import require_file
from encluster.types import FloatArray, IntArray
from encluster.xray.settings import BAND_KEV, Telescope

# units of the portal for columns without TUNIT
_COLUMNS = {"ENERGY": units.keV, "RA": units.deg, "DEC": units.deg}
# spellings that differ from the FITS standard in case
_SPELLINGS = {
    **{"kev": units.keV, "ev": units.eV, "deg": units.deg, "degree": units.deg, "degrees": units.deg},
    **{"rad": units.rad, "radian": units.rad, "radians": units.rad, "arcmin": units.arcmin, "arcsec": units.arcsec},
}
_ICM_MODE = 1
_FARTHEST_DEG = 10.0  # largest distance from the reference position; the widest field has a half diagonal of 1.4 deg
_OFF_CENTER = 0.25  # largest offset of a cluster over the side of the field; more means a wrong reference position


@dataclass(frozen=True, kw_only=True)
class PhotonList:
    """Photons of one cluster.

    Parameters
    ----------
    energy : FloatArray
        (n,) observed energy [keV].
    x, y : FloatArray
        (n,) tangential offsets from the reference position, east and north [rad].
    redshift : float
        Redshift of the simulation's snapshot.
    grasp : float
        Area times exposure of the list [cm^2 s].
    """

    energy: FloatArray
    x: FloatArray
    y: FloatArray
    redshift: float
    grasp: float


def read_simput(path: Path) -> PhotonList:
    """Read a photon list of the portal.

    Columns are read in the units that the file states; the default is keV and degrees. The image is centered on REFRA
    and REFDEC of the photons' header, in degrees unless the keyword's comment begins with another unit in brackets.
    Without these keywords it is centered on RA = DEC = 0, as in the SIMPUT standard and in the portal's files.

    A file with several lists or several sources is an error, because an image shows one cluster. A source whose list
    must be rotated or scaled is an error too.

    Parameters
    ----------
    path : Path
        A FITS file.

    Returns
    -------
    PhotonList
        Photons in keV and radians.

    Raises
    ------
    ValueError
        If the file is missing, empty or damaged; lacks the HDU PHLIST, a column or a keyword; holds NaN; has an unknown
        unit; has photons of another origin than hot gas; or its photons lie far from the reference position.
    """
    header, photons, catalog = _load(path)
    _require_one_plain_source(path, catalog)
    reference = [_reference(path, photons.header, key) for key in ("REFRA", "REFDEC")]
    if (reference[0] is None) != (reference[1] is None):
        raise ValueError(f"{path}: PHLIST has one of the keywords REFRA and REFDEC; expected both or none")
    energy, ra, dec = (_column(path, photons, name) for name in _COLUMNS)
    if np.any(energy <= 0):
        row = int(np.argmin(energy))
        raise ValueError(f"{path}: PHLIST row {row}, column ENERGY: {energy[row]}, expected keV > 0")
    if header.get("MODE", _ICM_MODE) != _ICM_MODE:
        raise ValueError(f"{path}: keyword MODE = {header['MODE']}, expected {_ICM_MODE} (photons of the hot gas)")
    values = {}
    for key, unit in (("AREA", "cm2"), ("TIME", "s"), ("REDSHIFT", "")):
        value = header.get(key)
        if not isinstance(value, int | float) or not 0 < value < np.inf:
            raise ValueError(f"{path}: keyword {key} = {value!r}, expected a positive number {unit}".rstrip())
        values[key] = float(value)
    x, y = _tangential(path, ra, dec, reference[0] or 0.0, reference[1] or 0.0)
    return PhotonList(energy=energy, x=x, y=y, redshift=values["REDSHIFT"], grasp=values["AREA"] * values["TIME"])


def _load(path: Path) -> tuple[fits.Header, fits.BinTableHDU, fits.BinTableHDU | None]:
    """Return the first header, the HDU PHLIST, and SRC_CAT if there is one."""
    require_file(path)
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", AstropyWarning)
            with fits.open(path, memmap=False) as hdus:
                header = hdus[0].header.copy()
                names = [hdu.name for hdu in hdus]
                tables = {name: hdus[name] for name in ("PHLIST", "SRC_CAT") if name in names}
                for table in tables.values():
                    _ = table.data  # read while the file is open
    except Exception as error:  # astropy raises many types of errors for damaged files
        reason = " ".join(str(error).split())
        raise ValueError(f"{path}: {_damage(said, f'not a readable FITS file ({reason})')}; fetch it again") from error
    if damage := _damage(said, ""):  # astropy only warns of damage; its warnings of odd keywords are harmless
        raise ValueError(f"{path}: {damage}; fetch it again")
    if "PHLIST" not in names:
        raise ValueError(f"{path}: no HDU 'PHLIST' (found {', '.join(names)}); expected a SIMPUT photon list")
    for name, table in tables.items():
        if names.count(name) > 1:
            raise ValueError(f"{path}: {names.count(name)} HDUs are called {name}; expected one, of one cluster")
        if not isinstance(table, fits.BinTableHDU):
            raise ValueError(f"{path}: HDU {name} is not a binary table")
    return header, tables["PHLIST"], tables.get("SRC_CAT")


def _damage(said: list[warnings.WarningMessage], otherwise: str) -> str:
    messages = [str(warning.message) for warning in said]
    if any("truncated" in message for message in messages):
        return "the file is truncated"
    return "a header is damaged or cut short" if any("validating header" in text for text in messages) else otherwise


def _require_one_plain_source(path: Path, catalog: fits.BinTableHDU | None) -> None:
    if catalog is None:
        return
    if len(catalog.data) != 1:
        raise ValueError(f"{path}: SRC_CAT lists {len(catalog.data)} sources; expected one, of one cluster")
    there = {str(name).upper(): name for name in catalog.columns.names}
    for name, plain in (("IMGROTA", 0), ("IMGSCAL", 1)):
        if name in there and catalog.data[there[name]][0] != plain:
            found = catalog.data[there[name]][0]
            raise ValueError(f"{path}: SRC_CAT row 0, column {name}: {found}, expected {plain}; it is not applied")


def _unit(text: str, wanted: units.UnitBase, where: str) -> units.UnitBase:
    """Return the unit in a text; raise ValueError if it cannot be converted to `wanted`."""
    try:
        unit = _SPELLINGS.get(text.strip().lower()) or units.Unit(text.strip())
        unit.to(wanted)
    except (ValueError, TypeError):  # errors of astropy for other text, and for another physical dimension
        raise ValueError(f"{where}: unit {text!r} is not known; expected {wanted} or a unit of its kind") from None
    return unit


def _column(path: Path, table: fits.BinTableHDU, name: str) -> FloatArray:
    """Return a column in keV or degrees."""
    there = {str(column.name).upper(): column for column in table.columns}
    if name not in there:
        raise ValueError(f"{path}: PHLIST has no column {name} (found {', '.join(there)})")
    column, wanted = there[name], _COLUMNS[name]
    values = np.asarray(table.data[column.name])
    if values.ndim != 1 or values.dtype.kind not in "fiu":
        raise ValueError(f"{path}: PHLIST, column {name}: TFORM is {column.format}, expected one number a row")
    unit = _unit(column.unit, wanted, f"{path}: PHLIST, column {name}") if column.unit else wanted
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise ValueError(f"{path}: PHLIST row {bad[0]}, column {name}: {values[bad[0]]}, expected a number")
    return np.asarray(values.astype(np.float64) * unit.to(wanted))


def _reference(path: Path, header: fits.Header, key: str) -> float | None:
    """Return a coordinate of the reference position [deg], or None if the header has none."""
    value = header.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise ValueError(f"{path}: PHLIST, keyword {key} = {value!r}, expected a number of degrees")
    said = re.match(r"\s*\[([^\]]+)\]", header.comments[key])
    unit = _unit(said[1], units.deg, f"{path}: PHLIST, keyword {key}") if said else units.deg
    return float(value * unit.to(units.deg))


def _tangential(path: Path, ra: FloatArray, dec: FloatArray, ra0: float, dec0: float) -> tuple[FloatArray, FloatArray]:
    """Return gnomonic offsets [rad], correct on both sides of right ascension 0 = 360.

    The projection maps a point on the far side of the sky to its antipode; therefore photons there are an error.
    """
    alpha, delta, delta0 = np.deg2rad(ra - ra0), np.deg2rad(dec), np.deg2rad(dec0)
    along = np.sin(delta0) * np.sin(delta) + np.cos(delta0) * np.cos(delta) * np.cos(alpha)
    far = np.flatnonzero(along < np.cos(np.deg2rad(_FARTHEST_DEG)))
    if far.size:
        row = far[0]
        raise ValueError(
            f"{path}: PHLIST row {row} is at RA {ra[row]:.6g}, DEC {dec[row]:.6g} deg, more than {_FARTHEST_DEG:g} deg "
            f"from the reference position RA {ra0:.6g}, DEC {dec0:.6g}; set its keywords REFRA and REFDEC to the "
            "position of the cluster"
        )
    x = np.cos(delta) * np.sin(alpha) / along
    y = (np.cos(delta0) * np.sin(delta) - np.sin(delta0) * np.cos(delta) * np.cos(alpha)) / along
    return x, y


def bin_photons(photons: PhotonList, *, telescope: Telescope, rng: np.random.Generator, where: str) -> IntArray:
    """Thin a list to the telescope's area and exposure and bin the 0.5-2 keV photons.

    Parameters
    ----------
    photons : PhotonList
        The list.
    telescope : Telescope
        Area, exposure, field and pixels.
    rng : numpy.random.Generator
        Generator that selects the photons.
    where : str
        Name of the list, for messages.

    Returns
    -------
    IntArray
        (n, n) photons per pixel, with east to the left.

    Raises
    ------
    ValueError
        If the list has too little exposure, has no photon in the band or in the field, or its photons are centered on
        another position than the image.
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
    # the cluster may be off center although many photons lie inside the field
    offset = np.rad2deg([np.median(photons.x[in_band]), np.median(photons.y[in_band])]) * 60
    if np.abs(offset).max() > _OFF_CENTER * telescope.field_arcmin:
        raise ValueError(
            f"{where}: the photons lie {offset[0]:.1f} arcmin east and {offset[1]:.1f} arcmin north of the reference "
            "position (REFRA, REFDEC of PHLIST, 0 without them); set it to the position of the cluster"
        )
    image = np.bincount(row[inside] * n + column[inside], minlength=n * n)
    return image.astype(np.int32).reshape(n, n)
