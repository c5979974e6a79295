"""Draw the mock catalogues of the whole grid (sections 2.1.1 to 2.2.2) into one HDF5 file."""

import json

import numpy as np

from encluster import command, storage
from encluster.cosmology import Cosmology
from encluster.halos.catalog import read_catalog
from encluster.mocks import MockGrid, MockModel, Simulation, write_mocks
from encluster.scaling import OBSERVABLES, PowerLaw
from encluster.survey import abundance_from_settings, survey_from_settings


def main() -> None:
    """Read halos, profiles and scaling relations; write the mocks."""
    parser = command.parser(__doc__, inputs=("halos", "profiles", "scaling"))
    parser.add_argument("--cores", type=int, default=1, help="processes that draw; the bytes do not depend on it")
    parser.add_argument("--block", type=int, default=256, help="catalogues drawn at once; neither on this")
    arguments = parser.parse_args()
    spec = arguments.spec
    halos = read_catalog(arguments.halos)
    profiles, _ = storage.read_h5(arguments.profiles, "profiles")
    if not np.array_equal(profiles["id"], halos.id):
        raise ValueError(f"{arguments.profiles}: column id differs from that of {arguments.halos}; make it again")
    scaling = storage.read_json(arguments.scaling)
    simulation = Simulation.from_arrays(
        id=halos.id,
        m500c=halos.m500c,
        observables={x: getattr(halos, x) for x in OBSERVABLES},
        m_gas_shell=profiles["m_gas_shell"],
        gamma=profiles["gamma"],
        relation={x: PowerLaw(**scaling["relations"][x]) for x in OBSERVABLES},
    )
    settings = spec["mocks"]
    grid = MockGrid(
        sigma8=_grid(settings["sigma8"]),
        normalisation=_grid(settings["normalisation"]),
        scatter=tuple(settings["scatter"]),
        lx_slope=tuple(settings["lx_slope"]),
        sigma_wl=tuple(settings["sigma_wl"]),
    )
    survey, edges = survey_from_settings(spec["survey"], Cosmology(**spec["cosmology"]))
    if settings["abundance"] == "simulation" and halos.thinned:
        raise ValueError(
            f"{arguments.halos}: the list is thinned, so mocks.abundance = simulation has no meaning; "
            "choose mass_function"
        )
    abundance = abundance_from_settings(spec, grid.sigma8, edges, log_m=halos.log_m, ratio=scaling["abundance_ratio"])
    mocks = MockModel(
        grid=grid,
        simulation=simulation,
        survey=survey,
        log_m_edges=edges,
        abundance=abundance,
        seed=spec["seed"],
        flux_limit=settings["flux_limit"],
        window=settings["neighbours"]["window_dex"],
        minimum=settings["neighbours"]["minimum"],
    )
    write_mocks(
        arguments.output,
        mocks,
        source=halos.source,
        configuration=json.dumps(spec, sort_keys=True),
        cores=arguments.cores,
        block=arguments.block,
    )


def _grid(values: dict) -> tuple[float, ...]:
    """Return evenly spaced values, both ends included, free of rounding noise."""
    return tuple(np.linspace(values["first"], values["last"], values["number"]).round(10).tolist())


if __name__ == "__main__":
    command.run(main)
