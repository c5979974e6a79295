"""Cost of the mock catalogs against their number: time, peak memory and size of the file.

4,968 are set beside a Python loop over clusters (one catalog in 47 is timed, the rest reckoned from it), greater
numbers beside as many times 4,968. Needs what `make` leaves: results/halos and results/xray/profiles.h5.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import record

ROOT = Path(__file__).parents[1]
PAPER = 6  # values of each normalization; 23 times their cube are the catalogs
STEP = 47  # of the catalogs that the loop draws; prime to the grid's numbers


def main() -> None:
    """Run workflow/scripts/make_mocks.py on grids of rising size, print a row for each; then the loop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=ROOT / "results/laptop")
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--curve", action="store_true", help="621 to 504,896 catalogs; the last is a file of 6 GB")
    parser.add_argument("--scratch", type=Path, help="folder for the files, which are removed; the system's by default")
    record.add_option(parser)
    arguments = parser.parse_args()
    inputs = {
        "halos": arguments.results / "halos/halos.ecsv",
        "profiles": arguments.results / "xray/profiles.h5",
        "scaling": arguments.results / "halos/scaling.json",
    }
    seconds, machine = {}, record.machine(arguments.cores)
    print(f"load {os.getloadavg()[0]:.1f}\ncatalogs  wall s  ms each  peak MB (largest process)  file MB")
    for values in (3, PAPER, 13, 28) if arguments.curve else (3, PAPER, 13):
        number = 23 * values**3
        seconds[number], peak, size = _cost(values, inputs, arguments.cores, arguments.scratch)
        each = 1e3 * seconds[number] / number
        print(f"{number:10d}  {seconds[number]:6.1f}  {each:7.3f}  {peak:25.0f}  {size:7.0f}", flush=True)
    few = 23 * PAPER**3
    loop, difference = _plain_loop(inputs)
    print(
        f"{few} by a loop over clusters, without start-up and file: {loop:.1f} s; largest difference {difference:.0e}"
    )
    loop_name = f"{few} mock catalogs, beside a loop over clusters, scaled up from one in {STEP} [s]"
    found = [record.Measurement(name=loop_name, ours=seconds[few], beside=loop, goal="ours <= 5", machine=machine)]
    for number in [number for number in seconds if number > few]:
        name = f"{number} mock catalogs, beside {number / few:.1f} times {few} [s]"
        beside = seconds[few] * number / few
        found.append(
            record.Measurement(name=name, ours=seconds[number], beside=beside, goal="ratio <= 1", machine=machine)
        )
    record.append(arguments.table, found)


def _cost(values: int, inputs: Mapping[str, Path], cores: int, scratch: Path | None) -> tuple[float, float, float]:
    """Seconds, peak memory of the largest process [MB] and size of the file [MB], start-up included."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        output = Path(folder) / "mocks.h5"
        overlay = Path(folder) / "grid.yaml"
        overlay.write_text(f"mocks: {{normalization: {{number: {values}}}}}\n")
        command = [sys.executable, ROOT / "workflow/scripts/make_mocks.py", "--config", overlay]
        command += [part for name, path in inputs.items() for part in (f"--{name}", path)]
        start = time.perf_counter()
        process = subprocess.Popen([*command, "--cores", str(cores), "--output", output])
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if status:
            raise SystemExit("make_mocks.py failed")
        return wall, usage.ru_maxrss / 1024, output.stat().st_size / 1e6


def _plain_loop(inputs: Mapping[str, Path]) -> tuple[float, float]:
    """Seconds of all catalogs drawn cluster by cluster, and the largest difference from what is written otherwise."""
    # only now, since a child's peak memory counts what its parent held
    import numpy as np

    from encluster import hdf5
    from encluster.halos.catalog import read_catalog
    from encluster.halos.scaling import OBSERVABLES, ScalingRelations
    from encluster.mocks.build import mock_model
    from encluster.randomness import generator
    from encluster.running.configuration import Configuration

    halos, profiles = read_catalog(inputs["halos"]), hdf5.read_h5(inputs["profiles"], "profiles")[0]
    config = Configuration()
    model = mock_model(
        config.survey,
        config.mocks,
        cosmology=config.cosmology,
        mass_function=config.mass_function,
        box_mpc_h=config.box_mpc_h,
        seed=config.seed,
        halos=halos,
        profiles=profiles,
        scaling=ScalingRelations.read(inputs["scaling"]),
    )
    simulation, chosen, rows, start = model.simulation, range(0, len(model.grid), STEP), [], time.perf_counter()
    for index in chosen:
        rng = generator(model.seed, "mocks", index)
        parameters = model.grid.parameters(index, rng)
        number = rng.poisson(model.expected(index, parameters))
        relations = {x: parameters.relation(x, simulation.relation[x]) for x in OBSERVABLES}
        stretch = {x: getattr(parameters, f"{x}_scatter") for x in OBSERVABLES}
        low, uniform = np.repeat(model.log_m_edges[:-1], number), rng.random((number.sum(), 2))
        for edge, (within, choice), deviate in zip(low, uniform, rng.standard_normal(len(low)), strict=True):
            log_m = edge + (model.log_m_edges[1] - model.log_m_edges[0]) * within
            distance = np.abs(simulation.log_m - log_m)
            near = np.flatnonzero(distance <= model.window)
            if len(near) < model.minimum:
                near = np.sort(np.argsort(distance)[: model.minimum])
            row = near[int(choice * len(near))]
            row_of = {"log_m500c": log_m, "log_m_wl": log_m + deviate * parameters.sigma_wl / np.log(10)}
            for x, relation in relations.items():
                row_of[f"log_{x}"] = relation.log_x(log_m) + stretch[x] * simulation.residual[x][row]
            shell = row_of["log_m_gas"] + simulation.log_shell_fraction[row]
            rows.append({**row_of, "log_m_gas_shell": shell, "gamma": simulation.gamma[row]})
    wall = (time.perf_counter() - start) * len(model.grid) / len(chosen)
    drawn = model.draw(chosen)
    return wall, max(np.abs(drawn[k] - [row[k] for row in rows]).max() for k in rows[0])


if __name__ == "__main__":
    main()
