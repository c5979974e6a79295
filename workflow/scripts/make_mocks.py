"""Draw the mock catalogs of the whole grid (sections 2.1.1 to 2.2.2) into one HDF5 file."""

import json

from encluster import files
from encluster.halos.catalog import read_catalog
from encluster.halos.scaling import ScalingRelations
from encluster.mocks.drawing import write_mocks
from encluster.mocks.settings import model_from_settings
from encluster.running import command_line


def main() -> None:
    """Read halos, profiles and scaling relations; write the mocks."""
    parser = command_line.parser(__doc__, inputs=("halos", "profiles", "scaling"))
    parser.add_argument(
        "--cores", type=command_line.THREADS, default=1, help="processes that draw; the bytes do not depend on it"
    )
    parser.add_argument(
        "--block",
        type=command_line.within(int, 1, 1_000_000),
        default=256,
        help="catalogs drawn at once; neither on this",
    )
    arguments = parser.parse_args()
    halos = read_catalog(arguments.halos)
    profiles, _ = files.read_h5(arguments.profiles, "profiles")
    try:
        model = model_from_settings(
            arguments.spec, halos=halos, profiles=profiles, scaling=ScalingRelations.read(arguments.scaling)
        )
    except ValueError as error:
        raise ValueError(f"{arguments.halos}, {arguments.profiles}: {error}") from error
    write_mocks(
        arguments.output,
        model,
        source=halos.source,
        configuration=json.dumps(arguments.spec, sort_keys=True),
        cores=arguments.cores,
        block=arguments.block,
    )


if __name__ == "__main__":
    command_line.run(main)
