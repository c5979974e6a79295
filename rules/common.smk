"""Functions and constraints that the rules share; no rules here."""

import json
import os
import re
import sys
import time
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

# relative, so that commands read well and the folder can be moved
ROOT = Path(os.path.relpath(Path(str(workflow.current_basedir)).parent))
sys.path.insert(0, str((ROOT / "src").resolve()))

from encluster.configuration import check
from encluster.plan import describe_plan, find_gpu

FIGURES = ["fig01", "fig02", "fig03", "fig06", "fig07", "fig08"]
TABLES = ["tab01", "tab02", "tab03"]

try:
    check(config, yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text()))
except ValueError as error:
    raise WorkflowError(f"configuration: {error}") from None

RESULTS = config["results"]
for folder in [Path(RESULTS), *Path(RESULTS).parents]:
    if folder.exists() and not folder.is_dir():
        raise WorkflowError(f"configuration: results = {RESULTS!r}: {folder} is a file where a folder should be")
STARTED = time.time()

# the list comes from a path, or from an address by way of fetch_catalog; the surrogate needs neither
URL = config["halos"]["url"]
if not URL and config["halos"]["path"] and not Path(config["halos"]["path"]).is_file():
    raise WorkflowError(f"configuration: halos.path = {config['halos']['path']!r}: no such file")
LIST = f"{RESULTS}/halos/download/{Path(URL).name}" if URL else config["halos"]["path"]
HALOS = {key: value for key, value in config["halos"].items() if key not in ("url", "sha256")} | {"path": LIST}

CHUNKS = config["xray"]["chunks"]
NETWORK = ["architecture.py", "engine.py", "layers.py", "network.py"]
SOURCE = config["halos"].get("label", config["halos"]["source"])

shell.executable("bash")
# each job is one thread of linear algebra; training sets its own
shell.prefix(f"set -euo pipefail; export PYTHONPATH={ROOT / 'src'} MPLBACKEND=Agg OMP_NUM_THREADS=1; ")


wildcard_constraints:
    chunk=r"\d{1,4}",
    model="|".join(re.escape(name) for name in config["models"]),


def spec_of(*keys, **sections):
    """Canonical JSON of the configuration keys that a step uses: a change there reruns this step and no other."""
    return json.dumps({key: config[key] for key in keys} | sections, sort_keys=True)


def code_of(script, *modules):
    """A command and the modules behind it, as inputs: an edited one reruns the step, a touched one does not."""
    library = [str(ROOT / "src/encluster" / module) for module in modules]
    return [str(ROOT / "workflow/scripts" / f"{script}.py"), *library]


def package(name):
    """The modules of one package of the library, for `code_of`."""
    return sorted(str(p.relative_to(ROOT / "src/encluster")) for p in (ROOT / "src/encluster" / name).rglob("*.py"))


def preflight():
    """Stop before anything is touched where results cannot be written, or the list of clusters is not what it must be."""
    from encluster import preflight

    try:
        preflight.check(Path(RESULTS), HALOS, config)
    except ValueError as error:
        raise WorkflowError(f"error: {error}") from None


def banner():
    """What will be trained, on what, and about how long."""
    grid = config["mocks"]
    mocks = grid["sigma8"]["number"] * grid["normalisation"]["number"] ** 3
    settings = {"seed": config["seed"], "architecture": config["architecture"], "training": config["training"]}
    training = int(mocks * config["features"]["fractions"][0])
    models = ", ".join(config["models"])
    first = f"encluster: {SOURCE} halos, {mocks:,} mock catalogues, models: {models}."
    return "\n".join([first, describe_plan(settings, n_catalogues=training, gpu=find_gpu())])


def failures():
    """The last words of the jobs that failed: one line each, for what a user can mend."""
    logs = [path for path in Path(RESULTS, "logs").rglob("*.log") if path.stat().st_mtime >= STARTED]
    last = {path: (path.read_text(errors="replace").strip().splitlines() or [""])[-1] for path in logs}
    said = [
        f"{line}\n  (from {path})" for path, line in last.items() if re.match(r"error:|\w*(Error|Exception)\b", line)
    ]
    return "\n".join(
        ["", *said, "Nothing that was made before is lost; run the same command again once this is mended."]
    )


def summary():
    """What was made, and where."""
    made = [f"{RESULTS}/{name}.pdf" for name in FIGURES]
    made.extend(f"{RESULTS}/{name}.md" for name in TABLES)
    there = [f"  {name}" for name in made if Path(name).exists()]
    return "\n".join(["", f"Made with the {SOURCE} halo catalogue:", *there])
