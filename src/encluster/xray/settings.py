"""The X-ray part of the configuration, checked and as typed objects."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from encluster.cosmology import Cosmology
from encluster.xray.emission import BAND_KEV, Observation, Telescope
from encluster.xray.photons import Structure
from encluster.xray.wavelets import Wavelet

_KEYS = (
    "photons",
    "chunks",
    "area_cm2",
    "exposure_s",
    "energy_band_kev",
    "field_arcmin",
    "pixel_arcsec",
    "metallicity",
    "clumps",
    "line_of_sight",
    "wavelet",
    "annuli",
    "inner_shell",
    "simput",
)


@dataclass(frozen=True, kw_only=True)
class XraySettings:
    """Everything that the X-ray commands read from the configuration.

    Parameters
    ----------
    seed : all random numbers derive from it
    observation : telescope, cosmology, redshift and metallicity
    structure : clumps and line-of-sight groups
    mass_function : model that gives the number of groups
    wavelet : parameters of the masks
    n_annuli : annuli of a brightness profile
    inner_shell : outer radius of the innermost gas-mass shell [R500c] (decision D10)
    photons : "simulate" or "simput"
    simput_pattern : path of a cluster's photon list with ``{id}`` in it, or None
    """

    seed: int
    observation: Observation
    structure: Structure
    mass_function: str
    wavelet: Wavelet
    n_annuli: int
    inner_shell: float
    photons: str
    simput_pattern: str | None


def settings(spec: Mapping[str, Any]) -> XraySettings:
    """Read ``--spec``: keys seed, cosmology, survey.redshift, mass_function and xray.

    Raises
    ------
    ValueError : a key is missing, unknown, or its value out of range
    """
    xray = _section(spec, "xray", _KEYS)
    band = xray.get("energy_band_kev", BAND_KEV)
    if tuple(band) != BAND_KEV:
        raise ValueError(f"xray: energy_band_kev = {band} must be {list(BAND_KEV)}, the band of the emission table")
    n_annuli = xray.get("annuli", 24)
    if not (isinstance(n_annuli, int) and 12 <= n_annuli <= 60):
        raise ValueError(f"xray: annuli = {n_annuli} must be a whole number in 12 ... 60")
    photons = xray.get("photons", "simulate")
    if photons not in ("simulate", "simput"):
        raise ValueError(f"xray: photons = {photons!r} must be simulate or simput")
    inner_shell = xray.get("inner_shell", 0.1)
    if not 0.02 <= inner_shell <= 0.5:
        raise ValueError(f"xray: inner_shell = {inner_shell} must lie in 0.02 ... 0.5 (R500c)")
    clumps = _section(xray, "clumps", ("mean_number", "emission_fraction"))
    sight = _section(xray, "line_of_sight", ("depth_mpc", "overdensity"))
    return XraySettings(
        seed=int(_needed(spec, "seed")),
        observation=Observation(
            telescope=Telescope(**_chosen(xray, tuple(field.name for field in fields(Telescope)))),
            cosmology=Cosmology(**_needed(spec, "cosmology")),
            redshift=float(_needed(_needed(spec, "survey"), "redshift")),
            metallicity=float(xray.get("metallicity", 0.3)),
        ),
        structure=Structure(
            clump_number=clumps.get("mean_number", 4.0),
            clump_fraction=clumps.get("emission_fraction", 0.02),
            depth_mpc=sight.get("depth_mpc", 50.0),
            overdensity=sight.get("overdensity", 4.0),
        ),
        mass_function=str(spec.get("mass_function", "bocquet16")),
        wavelet=Wavelet(**_section(xray, "wavelet", tuple(field.name for field in fields(Wavelet)))),
        n_annuli=n_annuli,
        inner_shell=float(inner_shell),
        photons=photons,
        simput_pattern=_section(xray, "simput", ("pattern",)).get("pattern"),
    )


def _needed(section: Mapping[str, Any], key: str) -> Any:
    if key not in section:
        raise ValueError(f"configuration: key {key!r} is missing; there are {', '.join(sorted(section))}")
    return section[key]


def _section(parent: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    """A section of the configuration, empty where absent; other keys than `known` are an error."""
    section = parent.get(name) or {}
    unknown = [key for key in section if key not in known]
    if unknown:
        raise ValueError(f"configuration: {name} has no key {unknown[0]!r}; it knows {', '.join(known)}")
    return section


def _chosen(section: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: section[key] for key in keys if key in section}
