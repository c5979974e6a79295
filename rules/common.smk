"""Functions and constraints that the rules share; no rules here."""

import glob
import json
import os
import re
import shlex
import sys
import time
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError
from snakemake.settings.types import DeploymentMethod

# relative, so that commands read well and the folder can be moved
ROOT = Path(os.path.relpath(Path(str(workflow.current_basedir)).parent))
if ":" in str(ROOT):
    raise WorkflowError(f"{ROOT}: Python cannot import from a path with a colon; run snakemake in that folder itself")
if set(str(ROOT.resolve())) & set("{}"):
    raise WorkflowError(
        f"{ROOT.resolve()}: Snakemake takes braces in a path for wildcards; give the folder another name"
    )
sys.path.insert(0, str((ROOT / "src").resolve()))

from encluster.running.configuration import check, mock_set, model, models, results_folder
from encluster.training.duration import describe_plan, find_gpu
from encluster.running.code_dependencies import modules_behind

FIGURES = [f"fig{number:02d}" for number in range(1, 22)]
TABLES = ["tab01", "tab02", "tab03", "tab04"]
SCORECARD = ["scorecard.csv", "scorecard.md", "scorecard.html", "numbers.tex"]

try:
    config.update(check(config, yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())))
    RESULTS = results_folder(config["results"], ROOT)
except ValueError as error:
    raise WorkflowError(f"configuration: {error}") from None

for section, key in ((config["halos"], "path"), (config["xray"]["simput"], "pattern")):
    section[key] = section[key] and os.path.expanduser(section[key])
STARTED = time.time()
# the number of this run, for its jobs too, wherever they run
os.environ.setdefault("ENCLUSTER_RUN", str(time.time_ns()))


envvars:
    "ENCLUSTER_RUN",


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
PREFIX = (
    f"set -euo pipefail; export PYTHONPATH={shlex.quote(str(ROOT / 'src'))}${{PYTHONPATH:+:$PYTHONPATH}}"
    f" MPLBACKEND=Agg OMP_NUM_THREADS=1; source {shlex.quote(str(ROOT / 'workflow/scripts/attempt.sh'))}; "
)
if not {DeploymentMethod.CONDA, DeploymentMethod.APPTAINER} & set(workflow.deployment_settings.deployment_method):
    # `python` is the one that Snakemake runs on, unless Snakemake provides an environment or a container
    PREFIX += f'python() {{ {shlex.quote(sys.executable)} "$@"; }}; '
shell.prefix(PREFIX.replace("{", "{{").replace("}", "}}"))


MODELS = models(config)


wildcard_constraints:
    chunk=r"\d{1,4}",
    mocks="|".join(["mocks", *config["mock_sets"]]),
    variant="|".join(sorted({row["variant"] for row in MODELS.values()})),
    model="|".join(MODELS),


def as_is(value):
    """A parameter whose braces are no wildcards: Snakemake takes what a function returns as it is."""
    return lambda wildcards: value


def spec_of(*keys, **sections):
    """Canonical JSON of the configuration keys that a step uses: a change there reruns this step and no other."""
    return json.dumps({key: config[key] for key in keys} | sections, sort_keys=True)


def xray_spec(*left_out):
    """The X-ray part of the configuration without what a step does not use."""
    xray = {key: value for key, value in config["xray"].items() if key not in ("chunks", *left_out)}
    redshift = {"redshift": config["survey"]["redshift"]}
    return as_is(spec_of("seed", "cosmology", "mass_function", xray=xray, survey=redshift))


def attempt(output):
    """The mark beside a job's first output and which earlier run left it; workflow/scripts/attempt.sh says why."""
    mark = str(Path(output).with_name(f".{Path(output).name}.attempt"))

    def read(wildcards):
        path = Path(mark.format(**dict(wildcards.items())))
        run, before = [*path.read_text().split(), "none", "none"][:2] if path.exists() else ("none", "none")
        return [str(path), before if run == os.environ["ENCLUSTER_RUN"] else run]

    return read


def mocks_of(variant):
    """The mock catalogs of a variant: those of its own name, if there are such, or the standard ones."""
    return mocks_file(variant if variant in config["mock_sets"] else "mocks")


def features_of(name):
    """What a model reads."""
    return f"{RESULTS}/features/{MODELS[name]['variant']}.h5"


def mocks_file(name):
    """Mock catalogs: `mocks`, or a row of the configuration's `mock_sets`."""
    return f"{RESULTS}/mocks/{name}.h5"


def trained(name, *files):
    """Files of one model's training: history, predictions, provenance."""
    return {file.partition(".")[0]: f"{RESULTS}/models/{name}/{file}" for file in files}


def looked_into(name):
    """What a model does with its testing catalogs."""
    return f"{RESULTS}/interpretation/{name}.h5"


def provenances(*names):
    """Inputs of a reduction, by name: how models were trained."""
    return {f"provenance_{name}": f"{RESULTS}/models/{name}/provenance.json" for name in names}


def interpretations(*names):
    """Inputs of a reduction, by name: what models do."""
    return {f"interpretation_{name}": looked_into(name) for name in names}


def audits(*names):
    """Inputs of a reduction, by name: whether models are overspecialized."""
    return {f"audit_{name}": f"{RESULTS}/audits/{name}.json" for name in names}


def reduced(*names):
    """Inputs of a reduction, by name: others' results."""
    return {name: f"{RESULTS}/{name}.csv" for name in names}


def photon_lists():
    """The SIMPUT lists that are there; whether each cluster has one is looked at before the first job."""
    pattern = "*".join(map(glob.escape, config["xray"]["simput"]["pattern"].split("{id}")))
    return sorted(path for path in glob.glob(pattern) if not set("{}") & set(path))


def code_of(name, *others, data=()):
    """A command and all of the library behind it, as inputs: an edited file reruns the step, a touched one does not."""
    roots = [ROOT / "workflow/scripts" / f"{name}.py", *(ROOT / other for other in others)]
    files = [*roots, *modules_behind(*roots, library=ROOT / "src/encluster"), *(ROOT / path for path in data)]
    return [str(path) for path in files]


def preflight():
    """Stop before anything is touched where something is wrong that can be known by now."""
    from encluster.running import checks

    try:
        size = checks.check(Path(RESULTS), {**config, "halos": {**HALOS, "path": None if URL else LIST}})
    except ValueError as error:
        raise WorkflowError(f"error: {error}") from None
    return size


def banner(size):
    """What will be trained, on what, about how long, and what is to be known of the list."""
    grid = config["mocks"]
    mocks = grid["sigma8"]["number"] * grid["normalization"]["number"] ** 3
    training = int(mocks * config["features"]["fractions"][0])
    names = list(config["models"])
    first = (
        f"encluster: {SOURCE} halos, {mocks:,} mock catalogs; {len(names)} models: {', '.join(names)};"
        f" about {size.megabytes:,.0f} MB of results."
    )
    plan = describe_plan(model(config, names[0]), n_catalogs=training, n_clusters=size.n_clusters, gpu=find_gpu())
    return "\n".join([first, plan, *size.notes])


def failures():
    """The last words of the jobs that failed, one line each, and what became of their earlier results."""
    logs = [path for path in Path(RESULTS, "logs").rglob("*.log") if path.stat().st_mtime >= STARTED]
    last = {path: (path.read_text(errors="replace").strip().splitlines() or [""])[-1] for path in logs}
    said = [
        f"{line}\n  (from {path})" for path, line in last.items() if re.match(r"error:|\w*(Error|Exception)\b", line)
    ]
    kept = "A result stays until a new one replaces it; what a failed job should have replaced counts as out of date."
    return "\n".join(["", *said, kept])


def summary():
    """What was made, and where."""
    made = [*(f"{name}.pdf" for name in FIGURES), *(f"{name}.md" for name in [*TABLES, "ensemble"]), *SCORECARD]
    there = [f"  {RESULTS}/{name}" for name in made if Path(RESULTS, name).exists()]
    return "\n".join(["", f"Made with the {SOURCE} halo catalog:", *there])
