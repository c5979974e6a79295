"""Draw the mock catalogs of the whole grid (sections 2.1.1 to 2.2.2) into one HDF5 file."""

import json

from encluster import hdf5
from encluster.halos.catalog import read_catalog
from encluster.halos.scaling import ScalingRelations
from encluster.mocks.build import mock_model
from encluster.mocks.drawing import write_mocks
from encluster.running import command_line
from encluster.running.configuration import Configuration


def main() -> None:
    """Read halos, profiles and scaling relations; write the mocks."""
    example = (
        "--config results/laptop/config.yaml --mocks smaller --halos results/laptop/halos/halos.ecsv"
        " --profiles results/laptop/xray/profiles.h5 --scaling results/laptop/halos/scaling.json --output smaller.h5"
    )
    parser = command_line.parser(__doc__, example=example, inputs=("halos", "profiles", "scaling"), seed=True)
    parser.add_argument("--mocks", default="mocks", help="mocks (the standard ones) or a row of mock_sets")
    parser.add_argument(
        "--cores", type=command_line.THREADS, default=1, help="number of processes; the output does not depend on it"
    )
    arguments = parser.parse_args()
    config = Configuration.read(arguments.config).with_seed(arguments.seed)
    survey, mocks = config.mock_set(arguments.mocks)
    halos = read_catalog(arguments.halos)
    profiles, _ = hdf5.read_h5(arguments.profiles, "profiles")
    try:
        model = mock_model(
            survey,
            mocks,
            cosmology=config.cosmology,
            mass_function=config.mass_function,
            box_mpc_h=config.box_mpc_h,
            seed=config.seed,
            halos=halos,
            profiles=profiles,
            scaling=ScalingRelations.read(arguments.scaling),
        )
    except ValueError as error:
        raise ValueError(f"{arguments.halos}, {arguments.profiles}: {error}") from error
    configuration = {"survey": survey.model_dump(), "mocks": mocks.model_dump()}
    write_mocks(
        arguments.output,
        model,
        source=halos.source,
        configuration=json.dumps(configuration, sort_keys=True),
        cores=arguments.cores,
    )


if __name__ == "__main__":
    command_line.run(main)
