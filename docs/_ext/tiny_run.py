"""Run the workflow with config/tiny.yaml in a copy of the project, once for all tutorials."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from sphinx.util import logging

ROOT = Path(__file__).parents[2]
COPY = ROOT / "docs/_build/project"
LOG = COPY / "run.log"
PARTS = ("Snakefile", "rules", "workflow", "config", "profiles", "envs", "paper_figures", "src")
TARGET = ("--configfile", "config/tiny.yaml", "--", "all")


def make_results(_: Any) -> None:
    """Copy the project and run it, unless the copy's results belong to the present code."""
    COPY.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source, copy = ROOT / part, COPY / part
        if source.is_dir():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy2(source, copy)
    if LOG.exists() and "Nothing to be done" in _snakemake("-n"):
        return
    logging.getLogger(__name__).info("running the workflow with config/tiny.yaml: two to three minutes")
    LOG.unlink(missing_ok=True)
    for folder in ("results", ".snakemake"):  # a killed run leaves a lock in the latter
        shutil.rmtree(COPY / folder, ignore_errors=True)
    LOG.write_text(_snakemake("--cores", "2"))


def _snakemake(*arguments: str) -> str:
    """Return what snakemake says; RuntimeError where it fails."""
    environment = {**os.environ, "MPLBACKEND": "Agg", "COLUMNS": "100"}
    command = [sys.executable, "-m", "snakemake", *arguments, *TARGET]
    done = subprocess.run(
        command, cwd=COPY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"snakemake {' '.join(arguments)} failed in {COPY}:\n{done.stdout}")
    return done.stdout


def setup(app: Any) -> dict[str, bool]:
    """Make the results before Sphinx reads the tutorials."""
    app.connect("builder-inited", make_results)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
