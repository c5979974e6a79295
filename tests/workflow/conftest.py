"""The workflow, copied and run once for all tests of this folder."""

import subprocess
from pathlib import Path

import pytest

from harness import copied, snakemake


@pytest.fixture(scope="session")
def workflow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the workflow in which nothing has run."""
    return copied(tmp_path_factory.mktemp("workflow"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return a copy in which the whole chain ran with the tiny configuration, and what that run said."""
    folder = copied(tmp_path_factory.mktemp("tiny"))
    return folder, snakemake(folder, "--cores", "2", "--configfile", "config/tiny.yaml", "--", "all")
