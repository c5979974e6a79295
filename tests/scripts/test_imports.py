"""No command loads a large package before it knows that it needs it; Keras and Matplotlib come after the arguments."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "workflow/scripts"
LARGE = {"astropy", "colossus", "jax", "keras", "matplotlib", "pandas", "scipy", "snakemake", "tensorflow", "torch"}
TABLES, XRAY = {"pandas"}, {"astropy", "scipy"}
NEEDED: dict[str, set[str]] = {
    "audit_model": {"scipy"},
    "build_features": set(),
    "check_explanations": TABLES,
    "compare_alternatives": {"astropy", "pandas", "scipy"},
    "document": {"astropy"},
    "draw": TABLES,
    "fetch_catalog": set(),
    "fit_profiles": XRAY,
    "fit_scaling": XRAY,
    "interpret": set(),
    "predict_unseen": TABLES,
    "make_emission_table": {"scipy"},
    "make_halos": XRAY,
    "make_mocks": XRAY,
    "make_scorecard": TABLES,
    "measure_audit_power": {"pandas", "scipy"},
    "merge_profiles": XRAY,
    "observe": XRAY,
    "reduce": TABLES,
    "train": TABLES,
}


@pytest.mark.parametrize("script", sorted(path.stem for path in SCRIPTS.glob("*.py")))
def test_a_command_loads_only_what_it_needs(script: str) -> None:
    command = [sys.executable, "-X", "importtime", SCRIPTS / f"{script}.py", "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    loaded = set(re.findall(r"import time:.*\| +(\w+)", said))
    assert "argparse" in loaded
    assert loaded & LARGE <= NEEDED[script]
