"""Cost of the mock catalogues against their number, each run beside the next smaller one: time and peak memory.

Needs what `make` leaves: results/halos and results/xray/profiles.h5.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import record
import yaml

ROOT = Path(__file__).parents[1]
SECTIONS = ("seed", "cosmology", "mass_function", "box_mpc_h", "survey", "mocks")


def main() -> None:
    """Run workflow/scripts/make_mocks.py on grids of rising size; print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=ROOT / "results")
    parser.add_argument("--cores", type=int, default=1)
    record.add_option(parser)
    arguments = parser.parse_args()
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    print("catalogues  wall s  over the row above  peak MB (largest process)")
    before, seconds = None, {}
    for number in (3, 4, 5, 6, 13):  # 23 x number^3
        config["mocks"]["normalisation"]["number"] = number
        spec = json.dumps({key: config[key] for key in SECTIONS})
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, ROOT / "workflow/scripts/make_mocks.py", "--spec", spec]
            command += ["--halos", arguments.results / "halos/halos.ecsv"]
            command += ["--profiles", arguments.results / "xray/profiles.h5"]
            command += ["--scaling", arguments.results / "halos/scaling.json"]
            command += ["--cores", str(arguments.cores), "--output", Path(folder) / "mocks.h5"]
            start = time.perf_counter()
            process = subprocess.Popen(command)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        if status:
            raise SystemExit("make_mocks.py failed")
        ratio = f"{wall / before:.2f}" if before else "-"
        print(f"{23 * number**3:10d}  {wall:6.1f}  {ratio:>18}  {usage.ru_maxrss / 1024:7.0f}", flush=True)
        before = seconds[23 * number**3] = wall
    few, many = 23 * 6**3, 23 * 13**3
    machine = record.machine(arguments.cores)
    tenfold = seconds[few] * many / few
    found = [
        record.Measurement(name=f"{few} mock catalogues [s]", ours=seconds[few], goal="ours <= 5", machine=machine),
        record.Measurement(
            name=f"{many} mock catalogues, beside {many / few:.1f} times {few} [s]",
            ours=seconds[many],
            beside=tenfold,
            goal="ratio <= 1",
            machine=machine,
        ),
    ]
    record.append(arguments.table, found)


if __name__ == "__main__":
    main()
