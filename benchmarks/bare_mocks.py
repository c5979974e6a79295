"""Mock catalogs of the surrogate for a machine with Keras, JAX, pydantic and PyYAML: no COLOSSUS, no astropy.

They are those of config/config.yaml with two differences. Profiles are the clusters' own, not fitted to photons. Where
COLOSSUS is missing, a polynomial stands for the mass function: that of Bocquet et al. (2016) at z = 0.07 for the
paper's cosmology, to 0.6 % where the box holds more than 0.01 clusters per bin of 0.01 dex.
"""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

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

    from encluster.halos.relations import fit_scaling
    from encluster.halos.surrogate import make_surrogate
    from encluster.mocks.build import mock_model
    from encluster.network.inputs import build_features
    from encluster.randomness import generator
    from encluster.running.configuration import Configuration
    from encluster.xray.density import shell_radii
    from encluster.xray.population import draw_shape, normalized

    config = Configuration()
    survey, mocks = config.mock_set("prescriptive" if variant == "prescriptive" else "mocks")
    common: dict[str, Any] = dict(cosmology=config.cosmology, mass_function=config.mass_function, seed=config.seed)
    cosmology = config.cosmology
    halos = make_surrogate(config.halos, survey_redshift=survey.redshift, **common)
    shells, slopes = [], []
    for row in range(len(halos)):
        shape = draw_shape(float(halos.f_core[row]), generator(config.seed, "photons", int(halos.id[row])))
        r500c = float(halos.r500c_kpc[row])
        gas = normalized(shape, m_gas=float(halos.m_gas[row]), r500c_kpc=r500c, h=cosmology.h)
        radii = r500c * shell_radii()
        shells.append(gas.gas_mass(np.concatenate([[0.0], radii]), h=cosmology.h))
        slopes.append(gas.slope(radii))
    scaling = fit_scaling(halos, cosmology, box_mpc_h=config.box_mpc_h, model=config.mass_function)
    profiles = {"id": halos.id, "m_gas_shell": np.array(shells), "gamma": np.array(slopes), "radius": shell_radii()}
    model = mock_model(
        survey, mocks, box_mpc_h=config.box_mpc_h, halos=halos, profiles=profiles, scaling=scaling, **common
    )
    n = len(model.grid)
    chosen = np.arange(n)
    if catalogs is not None and catalogs < n:
        chosen = np.sort(generator(config.seed, "some catalogs").choice(n, catalogs, replace=False))
    drawn = replace(model.draw(chosen.tolist()), attributes={"source": "surrogate"})
    return build_features(drawn, seed=config.seed, variant=variant, fractions=config.features.fractions)
