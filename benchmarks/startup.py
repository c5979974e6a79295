"""Start-up: Snakemake on a finished project, beside one trivial rule; the slowest figure, beside loading Matplotlib.

Makes the finished project itself, the tiny configuration in a temporary folder (a minute or two). Figures are drawn
from the CSVs in results/ where `make` has left some, else from those of the tiny project. Each time is of a whole
process, the best of three. With --imports nothing of this is measured: it prints what each command loads before it
reads its arguments.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import record

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "workflow/scripts"
TINY = ("--configfile", "config/tiny.yaml", "--", "all")
TRIVIAL = 'rule all:\n    output: "made.txt"\n    shell: "touch {output}"\n'
FORMS = (".pdf", ".png")


def main() -> None:
    """Print a line for each; with --imports, one for each command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--results", type=Path, default=ROOT / "results/laptop", help="figures are drawn from these CSVs"
    )
    parser.add_argument("--imports", action="store_true", help="print what each command loads")
    record.add_option(parser)
    arguments = parser.parse_args()
    if arguments.imports:
        print_imports()
        return
    with tempfile.TemporaryDirectory() as folder:
        for found in (*snakemake_times(Path(folder)), figure_time(Path(folder), arguments.results)):
            print(f"{found.name}: {found.ours:.2f}, beside {found.beside:.2f}", flush=True)
            record.append(arguments.table, [found])


def snakemake_times(folder: Path) -> Iterator[record.Measurement]:
    """Make a finished project and a trivial one in `folder`; time Snakemake on both."""
    project, trivial = folder / "tiny", folder / "trivial"
    left_out = shutil.ignore_patterns(".*", "results", "tests", "docs", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, project, ignore=left_out)
    trivial.mkdir()
    (trivial / "Snakefile").write_text(TRIVIAL)
    print("making the tiny project", flush=True)
    for place, target in ((project, TINY), (trivial, ("all",))):
        _seconds(_snakemake("--cores", "all", *target), place)
    for name, options, goal in (
        ("snakemake -n all, finished project", ("-n",), 3),
        ("snakemake all, nothing to do", ("--cores", "all"), 4),
        ("snakemake -n all, everything to do", ("-n", "--forceall"), 3),
    ):
        yield record.Measurement(
            name=f"{name}, beside a trivial Snakefile [s]",
            ours=_best(_snakemake(*options, *TINY), project),
            beside=_best(_snakemake(*options, "all"), trivial),
            goal=f"ours <= {goal}",
            machine=record.machine(1),
        )


def figure_time(folder: Path, results: Path) -> record.Measurement:
    """Draw each figure once, and the slowest again."""
    tables = {path.stem: path for place in (folder / "tiny/results/tiny", results) for path in place.glob("fig??.csv")}
    commands = {
        name: [
            *(sys.executable, SCRIPTS / "draw.py", "--table", path),
            *("--output", *(folder / f"{name}{form}" for form in FORMS)),
        ]
        for name, path in sorted(tables.items())
    }
    seconds = {name: _seconds(command, ROOT) for name, command in commands.items()}
    slowest = max(seconds, key=lambda name: seconds[name])
    print(f"the slowest figure is {slowest}, from {tables[slowest]}", flush=True)
    return record.Measurement(
        name=f"{slowest}, the slowest figure, from its CSV, beside loading matplotlib.pyplot [s]",
        ours=_best(commands[slowest], ROOT),
        beside=_best([sys.executable, "-c", "import matplotlib.pyplot"], ROOT),
        goal="ours <= 3",
        machine=record.machine(1),
    )


def print_imports() -> None:
    """Print the wall time of `--help`, and the packages whose own modules took longest to load."""
    print("command                  s   modules loaded by each package: ms")
    for script in sorted(SCRIPTS.glob("*.py")):
        start = time.perf_counter()
        command = [sys.executable, "-X", "importtime", script, "--help"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        wall = time.perf_counter() - start
        own: Counter[str] = Counter()
        for microseconds, module in re.findall(r"import time: +(\d+) \| +\d+ \| +(\w+)", said):
            own[module] += int(microseconds)
        heaviest = ", ".join(f"{package} {own[package] / 1000:.0f}" for package, _ in own.most_common(5))
        print(f"{script.stem:22s} {wall:5.2f}  {heaviest}", flush=True)


def _snakemake(*arguments: str) -> list[Any]:
    return [sys.executable, "-m", "snakemake", *arguments]


def _best(command: list[Any], folder: Path) -> float:
    return min(_seconds(command, folder) for _ in range(3))


def _seconds(command: list[Any], folder: Path) -> float:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "MPLBACKEND": "Agg"}
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr[-2000:]}")
    return seconds


if __name__ == "__main__":
    main()
