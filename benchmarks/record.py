"""One line of the benchmarks' table, and how a script hands its lines over."""

import argparse
import csv
import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("name", "ours", "beside", "ratio", "goal", "met", "machine")


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What was measured, beside what, and what was hoped for.

    Parameters
    ----------
    name : with the unit of `ours` and `beside` in brackets: "leave one out, compact [s]"
    ours : what this package does
    beside : the same done plainly, or the machine's own ceiling, measured in the same run; None where there is none
    goal : "ours <= 10" or "ratio >= 0.75", where ratio is ours / beside; empty for none
    machine : that measured
    """

    name: str
    ours: float
    beside: float | None = None
    goal: str = ""
    machine: str

    @property
    def ratio(self) -> float | None:
        """Ours / beside."""
        return None if self.beside is None else self.ours / self.beside

    @property
    def met(self) -> str:
        """Whether the goal is: yes, no, or nothing where there is none."""
        if not self.goal:
            return ""
        what, sign, limit = re.fullmatch(r"(ours|ratio) (<=|>=) ([0-9.]+)", self.goal).groups()
        value = self.ours if what == "ours" else self.ratio
        return "yes" if (value <= float(limit) if sign == "<=" else value >= float(limit)) else "no"

    def row(self) -> list[str]:
        """Return the columns of `COLUMNS` as text."""
        numbers = ["" if value is None else f"{value:.3g}" for value in (self.ours, self.beside, self.ratio)]
        return [self.name, *numbers, self.goal, self.met, self.machine]


def machine(threads: int) -> str:
    """Return the processor and the threads used, in words."""
    name = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    return f"{name}, {threads} of {os.cpu_count()} cores"


def add_option(parser: argparse.ArgumentParser) -> None:
    """Let a script be told where its lines go."""
    parser.add_argument("--table", type=Path, help="CSV to which the measured lines are appended")


def append(path: Path | None, measurements: Iterable[Measurement]) -> None:
    """Add lines to a CSV, which gets a header if it is new; nothing for None."""
    if path is None:
        return
    new = not path.exists()
    with path.open("a", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([COLUMNS] * new)
        writer.writerows(measurement.row() for measurement in measurements)
