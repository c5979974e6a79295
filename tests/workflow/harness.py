"""A copy of the workflow in a folder of its own, and a way to run it there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "rules", "workflow", "config", "profiles", "envs", "paper_figures", "src")
TARGETS = (*(f"fig{k:02d}" for k in range(1, 22)), *(f"tab{k:02d}" for k in range(1, 5)))
SCORECARD = ("scorecard.csv", "scorecard.md", "scorecard.html", "numbers.tex")


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
