"""Make src/encluster/xray/data/emission_0.5-2keV.csv from the CHIANTI spectra in the wheel of xrtpy 0.5.1 (BSD-2).

This command is not a rule of the workflow. Run it by hand: pip download --no-deps xrtpy==0.5.1, then this command with
the wheel.

The wheel has total spectra for fixed abundances. This command computes the part of hydrogen and helium (free-free with
Elwert's Gaunt factor averaged over a Maxwellian, free-bound of hydrogenic ions; He/H = 0.0851); the rest of CHIANTI's
spectrum is the part of metals at Z = 1. Above CHIANTI's last temperature (8.6 keV), the part of hydrogen and helium is
computed, and the metals have a constant share of it.
"""

import tempfile
import zipfile
from pathlib import Path

import numpy as np
from scipy.io import readsav

from encluster.files import require_file, sha256, write_text
from encluster.running.command_line import parser, run, within
from encluster.types import FloatArray

MEMBER = "xrtpy/response/data/chianti_emission_models/XRT_emiss_model.default_CHIANTI_photospheric.geny"
BAND_KEV = (0.5, 2.0)
HELIUM = 0.0851  # He/H by number in CHIANTI's photospheric abundances
RYDBERG_KEV = 0.0136057
HC_KEV_ANGSTROM = 12.398420
KELVIN_KEV = 8.617333e-8
ERG_KEV = 1.602177e-9
HZ_KEV = 2.417989e17


def free_free_gaunt(energy: FloatArray, kt: float, charge: int) -> FloatArray:
    """Return the thermally averaged Gaunt factor: Born's approximation with Elwert's factor.

    Parameters
    ----------
    energy : FloatArray
        (n,) photon energies [keV].
    kt : float
        Temperature [keV].
    charge : int
        Charge of the ion.

    Returns
    -------
    FloatArray
        (n,) Gaunt factors.
    """
    nodes, weights = np.polynomial.laguerre.laggauss(48)
    final = nodes * kt
    initial = final + energy[:, None]
    eta_initial, eta_final = (charge * np.sqrt(RYDBERG_KEV / e) for e in (initial, final))
    elwert = np.sqrt(initial / final) * np.expm1(-2 * np.pi * eta_initial) / np.expm1(-2 * np.pi * eta_final)
    root_initial, root_final = np.sqrt(initial), np.sqrt(final)
    born = np.sqrt(3) / np.pi * np.log((root_initial + root_final) / (root_initial - root_final))
    return np.asarray((born * elwert) @ weights)


def hydrogen_helium(energy: FloatArray, kt: float) -> FloatArray:
    """Return the photons of the continuum of H and He per n_e n_p.

    Parameters
    ----------
    energy : FloatArray
        (n,) photon energies [keV].
    kt : float
        Temperature [keV].

    Returns
    -------
    FloatArray
        (n,) photons [cm^3 / s / keV].
    """
    gaunt = np.zeros_like(energy)
    for charge, abundance in ((1, 1.0), (2, HELIUM)):
        rydberg = charge**2 * RYDBERG_KEV
        bound = np.zeros_like(energy)
        for n in range(1, 8):
            threshold = rydberg / n**2
            bound += (energy > threshold) * 2 * rydberg / kt / n**3 * np.exp(threshold / kt)
        # 0.95: the Gaunt factor of recombination at energies far above the edge, as in this band
        gaunt += abundance * charge**2 * (free_free_gaunt(energy, kt, charge) + 0.95 * bound)
    erg_per_hz = 6.842e-38 / np.sqrt(kt / KELVIN_KEV) * np.exp(-energy / kt) * gaunt
    return erg_per_hz * HZ_KEV / (energy * ERG_KEV)


def table(wheel: Path, redshift: float) -> list[tuple[float, ...]]:
    """Return the rows of the emission table.

    Parameters
    ----------
    wheel : Path
        Wheel of xrtpy 0.5.1.
    redshift : float
        Redshift of the gas.

    Returns
    -------
    list of tuple of float
        Rows of kT [keV], photons from H+He and from metals [cm^3/s], energy from H+He and from metals [erg cm^3/s].

    Raises
    ------
    ValueError
        If the file is not the wheel of xrtpy 0.5.1.
    """
    try:
        with zipfile.ZipFile(require_file(wheel)) as archive, tempfile.NamedTemporaryFile(suffix=".geny") as file:
            file.write(archive.read(MEMBER))
            file.flush()
            model = readsav(file.name)["p0"]
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"{wheel}: not the wheel of xrtpy 0.5.1 ({error})") from error
    wave = model["WAVE"][0].astype(float)
    step = wave[1] - wave[0]
    low, high = (e * (1 + redshift) for e in BAND_KEV)
    # share of each wavelength bin inside the band
    longest = np.minimum(wave + step / 2, HC_KEV_ANGSTROM / low)
    shortest = np.maximum(wave - step / 2, HC_KEV_ANGSTROM / high)
    inside = np.clip((longest - shortest) / step, 0, 1)
    used = inside > 0
    energy, width = HC_KEV_ANGSTROM / wave[used], step * inside[used]
    kev_per_angstrom = energy**2 / HC_KEV_ANGSTROM
    rows: list[tuple[float, ...]] = []
    temperatures = model["TEMP"][0].astype(float) * KELVIN_KEV
    for kt, spectrum in zip(temperatures, 4 * np.pi * model["SPEC"][0][:, used].astype(float), strict=True):
        if kt >= 0.1:
            light = hydrogen_helium(energy, float(kt)) * kev_per_angstrom * width
            metals = spectrum * width - light
            rows.append((kt, light.sum(), metals.sum(), light @ energy * ERG_KEV, metals @ energy * ERG_KEV))
    last = rows[-1]
    for kt in last[0] * 10.0 ** (0.05 * np.arange(1, 12)):
        light = hydrogen_helium(energy, float(kt)) * kev_per_angstrom * width
        photons, erg = light.sum(), light @ energy * ERG_KEV
        rows.append((kt, photons, photons * last[2] / last[1], erg, erg * last[4] / last[3]))
    return rows


def main() -> None:
    """Read the arguments, write the table."""
    arguments = parser(__doc__, example="--wheel pyatomdb.whl --output emission.csv", inputs=("wheel",), config=False)
    arguments.add_argument("--redshift", type=within(float, 0, 3), default=0.07)
    chosen = arguments.parse_args()
    lines = [
        "# Emissivity of hot gas in the observed 0.5-2 keV band, per n_e n_p (collisional equilibrium, CHIANTI 9.01,",
        "# photospheric abundances: Z = 1 has Fe/H = 3.2e-5). Total = hhe + Z * metals.",
        f"# redshift = {chosen.redshift}",
        f"# Made by workflow/scripts/make_emission_table.py from {Path(chosen.wheel).name}",
        f"# sha256 {sha256(chosen.wheel)}, {Path(MEMBER).name}",
        "# Above 8.62 keV: bremsstrahlung of H and He, metals in the same share as at 8.62 keV.",
        "# kt [keV], photons [cm3/s], energy [erg cm3/s]",
        "kt,photons_hhe,photons_metals,energy_hhe,energy_metals",
    ]
    for row in table(chosen.wheel, chosen.redshift):
        lines.append(f"{row[0]:.5f}," + ",".join(f"{value:.5e}" for value in row[1:]))
    write_text(chosen.output, "\n".join(lines) + "\n")


if __name__ == "__main__":
    run(main)
