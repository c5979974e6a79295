"""Join the profiles of all chunks, in the order of the halo catalog."""

from pathlib import Path

import numpy as np

from encluster.halos.catalog import read_catalog
from encluster.hdf5 import write_h5
from encluster.running.command_line import parser, run
from encluster.xray.chunks import merge, profile_attributes


def main() -> None:
    """Read the chunks, check that each cluster occurs once, write one file."""
    example = (
        "--halos results/laptop/halos/halos.ecsv --profiles results/laptop/xray/profiles/*.h5 --output profiles.h5"
    )
    command = parser(__doc__, example=example, inputs=("halos",), config=False)
    command.add_argument("--profiles", type=Path, required=True, nargs="+", help="the chunks' files, in any order")
    arguments = command.parse_args()
    catalog = read_catalog(arguments.halos)
    arrays = merge(catalog, arguments.profiles)
    write_h5(arguments.output, "profiles", arrays, profile_attributes(catalog))
    error = np.median(arrays["m_gas_err"] / arrays["m_gas"])
    print(f"{len(catalog)} profiles, median error of the gas mass {100 * error:.2f} % -> {arguments.output}")


if __name__ == "__main__":
    run(main)
