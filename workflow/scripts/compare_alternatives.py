"""Alternative interpretations of the text, compared without a network (decisions D1, D3, D4, D6, D7, D8, D16, D17).

The table has the number of clusters, the scatter of sigma8 predicted from it, and what an alternative costs elsewhere:
scatter_n_yx, the scatter of sigma8 at given N_cluster and median Y_X (Fig. 14; about 0.03 in the paper); break_yx and
break_lx, the rank correlation of log M_break with the catalogs' median Y_X and median L_X (Fig. 13; the paper calls
both medians a good proxy of M_break); and the scatter of mass proxies. `compare_alternatives` describes all columns.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from encluster import files, hdf5
from encluster.halos.catalog import read_catalog
from encluster.halos.scaling import ScalingRelations
from encluster.paper.alternative_statistics import compare_alternatives
from encluster.running import command_line
from encluster.running.configuration import Configuration


def main() -> None:
    """Read what make_mocks.py reads; write a row per alternative."""
    example = (
        "--config results/laptop/config.yaml --halos results/laptop/halos/halos.ecsv"
        " --profiles results/laptop/xray/profiles.h5 --scaling results/laptop/halos/scaling.json"
        " --output alternatives.csv"
    )
    parser = command_line.parser(__doc__, example=example, inputs=("halos", "profiles", "scaling"))
    parser.add_argument(
        "--cores", type=command_line.THREADS, default=1, help="processes; the numbers do not depend on it"
    )
    arguments = parser.parse_args()
    config = Configuration.read(arguments.config)
    halos = read_catalog(arguments.halos)
    profiles, _ = hdf5.read_h5(arguments.profiles, "profiles")
    inputs: dict[str, Any] = dict(
        survey=config.survey,
        mocks=config.mocks,
        cosmology=config.cosmology,
        mass_function=config.mass_function,
        box_mpc_h=config.box_mpc_h,
        seed=config.seed,
        fractions=config.features.fractions,
        halos=halos,
        profiles=profiles,
        scaling=ScalingRelations.read(arguments.scaling),
    )
    if arguments.cores == 1:
        table = compare_alternatives(**inputs)
    else:
        with ProcessPoolExecutor(arguments.cores, mp_context=multiprocessing.get_context("spawn")) as pool:
            table = compare_alternatives(**inputs, mapped=pool.map)
    with files.replacing(arguments.output) as temporary:
        table.assign(source=halos.source).to_csv(temporary, index=False)


if __name__ == "__main__":
    command_line.run(main)
