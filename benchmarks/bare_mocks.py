"""Mock catalogs of the surrogate for a machine that has nothing but JAX and Keras: no COLOSSUS, no astropy.

They are those of config/config.yaml with two differences. Profiles are the clusters' own, not fitted to photons. Where
COLOSSUS is missing, a polynomial stands for the mass function: that of Bocquet et al. (2016) at z = 0.07 for the
paper's cosmology, to 0.6 % where the box holds more than 0.01 clusters per bin of 0.01 dex.
"""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

SPEC: dict[str, Any] = {
    "seed": 2021,
    "cosmology": {"h0": 70.4, "om0": 0.272, "ob0": 0.0456, "ns": 0.963, "sigma8": 0.809},
    "mass_function": "bocquet16",
    "box_mpc_h": 352.0,
    "survey": {
        "redshift": 0.07,
        "m_min": {"log10": 13.6, "unit": "Msun/h"},
        "m_break": {"log10": 14.4, "unit": "Msun"},
        "slope": 2.4,
        "volume_fraction": 0.5,
        "bin_dex": 0.01,
        "smoothing_dex": 0.0,
    },
    "mocks": {
        "sigma8": {"first": 0.70, "last": 0.92, "number": 23},
        "normalization": {"first": 0.8, "last": 1.3, "number": 6},
        "scatter": [0.7, 1.3],
        "lx_slope": [0.7, 1.3],
        "sigma_wl": [0.1, 0.3],
        "abundance": "mass_function",
        "flux_limit": "luminosity",
        "neighbors": {"window_dex": 0.1, "minimum": 5},
        "observables": "scattered",
        "prescriptive_exponents": {"lx": -1.0, "temperature": 2.0, "m_gas": -1.0, "y500": 1.0},
    },
}
FRACTIONS = (0.8, 0.1, 0.1)
# log10 dn / dlog10 M500c [(Mpc/h)^-3] in powers of log10 M500c [Msun/h] - 14.5 (rows) and of ln(sigma8 / 0.8)
MASS_FUNCTION = np.array(
    [
        [-5.5879, 2.8481, -3.7613, 2.5649],
        [-2.4822, 4.0295, -4.1955, 2.7209],
        [-1.2391, 2.6972, -2.7752, 1.9287],
        [-0.6564, 1.4241, -1.5387, 0.8716],
        [-0.3424, 0.6497, -0.4965, 0.0252],
        [-0.1282, 0.1587, 0.0014, -0.1106],
    ]
)


class _Colossus:
    """What `encluster.cosmology` asks of COLOSSUS."""

    current_cosmo: dict[str, float] | None = None

    def setCosmology(self, name: str, parameters: dict[str, float], persistence: str) -> None:  # noqa: N802
        """Remember sigma8; the rest of the cosmology is fixed."""
        self.current_cosmo = parameters

    def massFunction(self, mass: Any, z: float, **options: Any) -> Any:  # noqa: N802
        """Return dn / dlnM of the polynomial."""
        assert self.current_cosmo is not None
        x, y = np.log10(mass) - 14.5, np.log(self.current_cosmo["sigma8"] / 0.8)
        return 10.0 ** np.polynomial.polynomial.polyval2d(x, y + 0 * x, MASS_FUNCTION) / np.log(10)


def fill_in() -> str:
    """Put something in the place of COLOSSUS and astropy where they are missing; return what the masses come from."""
    try:
        import astropy.table  # noqa: F401
    except ImportError:
        # tables are neither read nor written here
        _module("astropy")
        _module("astropy.table").Table = SimpleNamespace  # type: ignore[attr-defined]
    try:
        import colossus.cosmology.cosmology  # noqa: F401
    except ImportError:
        ours = _Colossus()
        for name in ("colossus", "colossus.cosmology", "colossus.lss"):
            _module(name)
        sys.modules["colossus.cosmology"].cosmology = ours  # type: ignore[attr-defined]
        sys.modules["colossus.lss"].mass_function = ours  # type: ignore[attr-defined]
        return "a polynomial in place of COLOSSUS's mass function, to 0.6 %"
    return "COLOSSUS's mass function"


def _module(name: str) -> ModuleType:
    sys.modules[name] = ModuleType(name)
    return sys.modules[name]


def make_features(variant: str, catalogs: int | None) -> Any:
    """Return what the network reads of the mock catalogs, or of so many of them, chosen at random."""
    from dataclasses import replace

    from encluster.cosmology import Cosmology
    from encluster.halos.relations import fit_scaling
    from encluster.halos.surrogate import SurrogateSettings, make_surrogate
    from encluster.mocks.settings import model_from_settings
    from encluster.network.inputs import build_features
    from encluster.randomness import generator
    from encluster.xray.density import shell_radii
    from encluster.xray.population import draw_shape, normalized

    spec, cosmology = SPEC, Cosmology(**SPEC["cosmology"])
    if variant == "prescriptive":
        spec = {**SPEC, "mocks": {**SPEC["mocks"], "observables": "prescriptive"}}
    halos = make_surrogate(SurrogateSettings(), cosmology, SPEC["seed"])
    shells, slopes = [], []
    for row in range(len(halos)):
        shape = draw_shape(float(halos.f_core[row]), generator(SPEC["seed"], "photons", int(halos.id[row])))
        r500c = float(halos.r500c_kpc[row])
        gas = normalized(shape, m_gas=float(halos.m_gas[row]), r500c_kpc=r500c, h=cosmology.h)
        radii = r500c * shell_radii()
        shells.append(gas.gas_mass(np.concatenate([[0.0], radii]), h=cosmology.h))
        slopes.append(gas.slope(radii))
    scaling = fit_scaling(halos, cosmology, box_mpc_h=SPEC["box_mpc_h"], model=SPEC["mass_function"])
    profiles = {"id": halos.id, "m_gas_shell": np.array(shells), "gamma": np.array(slopes), "radius": shell_radii()}
    model = model_from_settings(spec, halos=halos, profiles=profiles, scaling=scaling)
    n = len(model.grid)
    chosen = np.arange(n)
    if catalogs is not None and catalogs < n:
        chosen = np.sort(generator(SPEC["seed"], "some catalogs").choice(n, catalogs, replace=False))
    mocks = replace(model.draw(chosen.tolist()), attributes={"source": "surrogate"})
    return build_features(mocks, seed=SPEC["seed"], variant=variant, fractions=FRACTIONS)
