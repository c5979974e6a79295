"""Run every benchmark, each in a process of its own, and write their lines as one table (`make bench`).

Needs what `make` leaves in results/. A benchmark that fails is named, and the others still run. Numbers mean something
only while nothing else runs on the machine.
"""

import argparse
import csv
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
# the shortest first
BENCHMARKS = [
    ["startup.py"],
    ["mock_catalogs.py"],
    ["xray_cost.py"],
    ["interpretation.py", "compact", "paper"],
    ["training_step.py", "compact", "paper"],
    ["training_step.py", "paper", "--precision", "mixed_bfloat16"],
    ["plain_fit.py", "compact"],
    ["laptop_training.py"],
    ["ensemble.py"],
]


def main() -> None:
    """Run them; print the table at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path("results/laptop/benchmarks.csv"))
    parser.add_argument("--only", nargs="*", metavar="NAME", help="of these scripts, for example startup.py")
    arguments = parser.parse_args()
    if not Path("results/laptop/features/standard.h5").exists():
        parser.error("results/laptop/features/standard.h5 is missing; run `make` first")
    chosen = [command for command in BENCHMARKS if not arguments.only or command[0] in arguments.only]
    table = arguments.output.with_suffix(".part")
    table.unlink(missing_ok=True)
    failed = []
    for script, *options in chosen:
        print(f"== {' '.join([script, *options])} (load {os.getloadavg()[0]:.1f})", flush=True)
        start = time.monotonic()
        status = subprocess.run([sys.executable, HERE / script, *options, "--table", table], check=False).returncode
        print(f"-- {time.monotonic() - start:.0f} s", flush=True)
        if status:
            failed.append(script)
    if table.exists():
        table.replace(arguments.output)
        _show(arguments.output)
    if failed:
        sys.exit(f"error: {', '.join(failed)} failed")


def _show(path: Path) -> None:
    with path.open(newline="") as stream:
        rows = [row[:-1] for row in csv.reader(stream)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    print(f"\n{path}")
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
