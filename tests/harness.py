"""A copy of the workflow in a folder of its own, and a way to run it there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
PARTS = ("Snakefile", "rules", "workflow", "config", "profiles", "envs", "paper_figures", "src")
TARGETS = (*(f"fig{k:02d}" for k in range(1, 22)), *(f"tab{k:02d}" for k in range(1, 5)))
SCORECARD = ("scorecard.csv", "scorecard.md", "scorecard.html", "numbers.tex")
COLUMNS = (
    "{m500c: {column: M, unit: Msun/h}, temperature: {column: T, unit: keV}, lx: {column: L, unit: 1e44 erg/s},"
    " m_gas: {column: G, unit: Msun/h}, id: {column: id, unit: '1'}}"
)


def good(n: int = 60, lightest: float = 13.6) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    mass = 10 ** (lightest + rng.exponential(0.3, n).clip(max=1.2))
    ratio = mass / 10**14.4
    gas = 0.1 * mass * ratio**0.2
    return pd.DataFrame({"id": range(n), "M": mass, "T": 3.9 * ratio**0.6, "L": 1.8 * ratio**1.7, "G": gas})


def copied(folder: Path) -> Path:
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy2(source, folder / part)
    return folder


def snakemake(folder: Path, *arguments: str, timeout: float = 1500) -> subprocess.CompletedProcess[str]:
    """Run snakemake in `folder`, with the interpreter of the tests first on the PATH."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "MPLBACKEND": "Agg"}
    command = [sys.executable, "-m", "snakemake", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout)
