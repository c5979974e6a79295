"""Functions and constraints that the rules share; no rules here."""

import glob
import json
import os
import re
import sys
import time
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError
from snakemake.io import IOFile

# relative, so that commands read well and the folder can be moved
ROOT = Path(os.path.relpath(Path(str(workflow.current_basedir)).parent))
sys.path.insert(0, str((ROOT / "src").resolve()))

from encluster.configuration import check, mock_set, model, models
from encluster.plan import describe_plan, find_gpu
from encluster.sources import modules_behind

FIGURES = [f"fig{number:02d}" for number in range(1, 22)]
TABLES = ["tab01", "tab02", "tab03", "tab04"]
SCORECARD = ["scorecard.csv", "scorecard.md", "scorecard.html", "numbers.tex"]

try:
    config.update(check(config, yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())))
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
FETCHED = f"{RESULTS}/halos/download/{config['halos']['sha256']}"
LIST = FETCHED if URL else config["halos"]["path"]
HALOS = {key: value for key, value in config["halos"].items() if key not in ("url", "sha256")} | {"path": LIST}

CHUNKS = config["xray"]["chunks"]
SOURCE = config["halos"].get("label", config["halos"]["source"])

shell.executable("bash")
# each job is one thread of linear algebra; training sets its own
shell.prefix(f"set -euo pipefail; export PYTHONPATH={ROOT / 'src'} MPLBACKEND=Agg OMP_NUM_THREADS=1; ")


MODELS = models(config)


wildcard_constraints:
    chunk=r"\d{1,4}",
    mocks="|".join(["mocks", *config["mock_sets"]]),
    variant="|".join(sorted({row["variant"] for row in MODELS.values()})),
    model="|".join(MODELS),


def spec_of(*keys, **sections):
    """Canonical JSON of the configuration keys that a step uses: a change there reruns this step and no other."""
    return json.dumps({key: config[key] for key in keys} | sections, sort_keys=True)


def xray_spec(*left_out):
    """The X-ray part of the configuration without what a step does not use; a function, as it has braces of its own."""
    xray = {key: value for key, value in config["xray"].items() if key not in ("chunks", *left_out)}
    redshift = {"redshift": config["survey"]["redshift"]}
    return lambda wildcards: spec_of("seed", "cosmology", "mass_function", xray=xray, survey=redshift)


def mocks_of(variant):
    """The mock catalogues of a variant: those of its own name, if there are such, or the standard ones."""
    return mocks_file(variant if variant in config["mock_sets"] else "mocks")


def features_of(name):
    """What a model reads."""
    return f"{RESULTS}/features/{MODELS[name]['variant']}.h5"


def mocks_file(name):
    """Mock catalogues: `mocks`, or a row of the configuration's `mock_sets`."""
    return f"{RESULTS}/mocks/{name}.h5"


def trained(name, *files):
    """Files of one model's training: history, predictions, provenance."""
    return {file.partition(".")[0]: f"{RESULTS}/models/{name}/{file}" for file in files}


def looked_into(name):
    """What a model does with its testing catalogues."""
    return f"{RESULTS}/interpretation/{name}.h5"


def provenances(*names):
    """Inputs of a reduction, by name: how models were trained."""
    return {f"provenance_{name}": f"{RESULTS}/models/{name}/provenance.json" for name in names}


def interpretations(*names):
    """Inputs of a reduction, by name: what models do."""
    return {f"interpretation_{name}": looked_into(name) for name in names}


def audits(*names):
    """Inputs of a reduction, by name: whether models are overspecialised."""
    return {f"audit_{name}": f"{RESULTS}/audits/{name}.json" for name in names}


def reduced(*names):
    """Inputs of a reduction, by name: others' results."""
    return {name: f"{RESULTS}/{name}.csv" for name in names}


def photon_lists():
    """The SIMPUT lists that are there; whether each cluster has one is looked at before the first job."""
    return sorted(glob.glob(config["xray"]["simput"]["pattern"].replace("{id}", "*")))


def code_of(name, *others):
    """A command and all of the library behind it, as inputs: an edited file reruns the step, a touched one does not."""
    roots = [ROOT / "workflow/scripts" / f"{name}.py", *(ROOT / other for other in others)]
    return [str(path) for path in [*roots, *modules_behind(*roots, library=ROOT / "src/encluster")]]


def preflight():
    """Stop before anything is touched where something is wrong that can be known by now; then keep what there is."""
    from encluster import keeping, preflight

    try:
        preflight.check(Path(RESULTS), {**config, "halos": {**HALOS, "path": None if URL else LIST}})
        keeping.keep(Path(RESULTS))
    except ValueError as error:
        raise WorkflowError(f"error: {error}") from None


def banner():
    """What will be trained, on what, and about how long."""
    grid = config["mocks"]
    mocks = grid["sigma8"]["number"] * grid["normalisation"]["number"] ** 3
    training = int(mocks * config["features"]["fractions"][0])
    names = list(config["models"])
    first = f"encluster: {SOURCE} halos, {mocks:,} mock catalogues; {len(names)} models: {', '.join(names)}."
    return "\n".join([first, describe_plan(model(config, names[0]), n_catalogues=training, gpu=find_gpu())])


def failures():
    """The last words of the jobs that failed, one line each; what they would have replaced is given back."""
    from encluster import keeping

    logs = [path for path in Path(RESULTS, "logs").rglob("*.log") if path.stat().st_mtime >= STARTED]
    last = {path: (path.read_text(errors="replace").strip().splitlines() or [""])[-1] for path in logs}
    said = [
        f"{line}\n  (from {path})" for path, line in last.items() if re.match(r"error:|\w*(Error|Exception)\b", line)
    ]
    restored = keeping.restore(Path(RESULTS))
    for path in restored:
        # Snakemake has recorded the bad input's checksum by now, and would take the old result for that of the bad input
        workflow.persistence.cleanup_metadata(IOFile(str(path)))
    kept = f"{len(restored)} earlier results were put back; they count as out of date." if restored else ""
    return "\n".join(["", *said, f"Earlier results still stand. {kept}".strip()])


def summary():
    """What was made, and where."""
    from encluster import keeping

    keeping.forget(Path(RESULTS))
    made = [*(f"{name}.pdf" for name in FIGURES), *(f"{name}.md" for name in [*TABLES, "ensemble"]), *SCORECARD]
    there = [f"  {RESULTS}/{name}" for name in made if Path(RESULTS, name).exists()]
    return "\n".join(["", f"Made with the {SOURCE} halo catalogue:", *there])
