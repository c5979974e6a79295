"""Run other readings of the paper's text on statistics that need no network (decisions D3, D4, D6, D7, D8, D16)."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from encluster import files
from encluster.halos.catalog import read_catalog
from encluster.halos.scaling import ScalingRelations
from encluster.paper.alternatives import compare_readings
from encluster.running import command_line


def main() -> None:
    """Read what make_mocks.py reads; write a row per reading."""
    parser = command_line.parser(__doc__, inputs=("halos", "profiles", "scaling"))
    parser.add_argument(
        "--cores", type=command_line.THREADS, default=1, help="processes; the numbers do not depend on it"
    )
    arguments = parser.parse_args()
    halos = read_catalog(arguments.halos)
    profiles, _ = files.read_h5(arguments.profiles, "profiles")
    inputs: dict[str, Any] = dict(halos=halos, profiles=profiles, scaling=ScalingRelations.read(arguments.scaling))
    if arguments.cores == 1:
        table = compare_readings(arguments.spec, **inputs)
    else:
        with ProcessPoolExecutor(arguments.cores, mp_context=multiprocessing.get_context("spawn")) as pool:
            table = compare_readings(arguments.spec, **inputs, mapped=pool.map)
    with files.replacing(arguments.output) as temporary:
        table.assign(source=halos.source).to_csv(temporary, index=False)


if __name__ == "__main__":
    command_line.run(main)
