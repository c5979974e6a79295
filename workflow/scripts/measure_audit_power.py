"""Measure how often the audit finds leaks of several kinds and sizes, planted in values drawn for real catalogs."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import starmap

import pandas as pd

from encluster import files
from encluster.catalogs import ClusterCatalogs
from encluster.interpretation.audit_power import COLUMNS, LEAKS, SIZES, SoundValues, large_enough, power
from encluster.running import command_line
from encluster.settings import MOST_SEED


def main() -> None:
    """Read the catalogs and terse values of a network; write a row for each kind and size, and one without a leak."""
    example = "--interpretation results/laptop/interpretation/standard.h5 --output power.csv"
    parser = command_line.parser(__doc__, example=example, inputs=("interpretation",), config=False)
    parser.add_argument("--audits", type=command_line.within(int, 1, 10000), default=20, help="audits of each leak")
    parser.add_argument(
        "--cores", type=command_line.THREADS, default=1, help="processes; the numbers do not depend on it"
    )
    parser.add_argument("--seed", type=command_line.within(int, 0, MOST_SEED), default=0, help="seed of the values")
    arguments = parser.parse_args()
    catalogs = ClusterCatalogs.read(arguments.interpretation, "interpretation")
    table = pd.DataFrame(columns=list(COLUMNS))
    if large_enough(catalogs):
        measured = partial(power, catalogs, SoundValues.like(catalogs), n_audits=arguments.audits, seed=arguments.seed)
        cells = [(kind, size) for kind in LEAKS for size in (0.0, *SIZES)]
        if arguments.cores == 1:
            rows = list(starmap(measured, cells))
        else:
            with ProcessPoolExecutor(arguments.cores, mp_context=multiprocessing.get_context("spawn")) as pool:
                rows = list(pool.map(measured, *zip(*cells, strict=True)))
        table = pd.DataFrame(rows)
    with files.replacing(arguments.output) as temporary:
        table.to_csv(temporary, index=False)


if __name__ == "__main__":
    command_line.run(main)
