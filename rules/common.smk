"""Functions and constraints that the rules share; no rules here."""

import glob
import hashlib
import json
import os
import re
import shlex
import sys
import time
from pathlib import Path

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

from encluster.paper.typesetting import plain, restructuredtext
from encluster.running.code_dependencies import code_hash
from encluster.running.configuration import Configuration
from encluster.running.figure_files import FigureFile
from encluster.running.results_folder import results_folder as folder_of_results
from encluster.training.duration import find_gpu

# what the files in paper_figures/ declare
PAPER = FigureFile.read_all(ROOT / "paper_figures")
FIGURES = [target for target in PAPER if target.startswith("fig")]
TABLES = [target for target in PAPER if target.startswith("tab")]
# fig01, tab01, ... are the paper's; others, for example fig_audit_power, are checks that `all` does not make
PUBLISHED_FIGURES, PUBLISHED_TABLES = ([x for x in of_kind if x[3:].isdigit()] for of_kind in (FIGURES, TABLES))
CHECKS = [target for target in [*FIGURES, *TABLES] if not target[3:].isdigit()]
SCORECARD = ["scorecard.csv", "scorecard.md", "scorecard.html", "numbers.tex"]

try:
    CONFIG = Configuration.of(config)
    RESULTS = folder_of_results(CONFIG.results, ROOT)
    CONFIG = CONFIG.changed(
        {
            "results": RESULTS,
            "halos": {"path": CONFIG.halos.path and os.path.expanduser(CONFIG.halos.path)},
            "xray": {
                "simput": {"pattern": CONFIG.xray.simput.pattern and os.path.expanduser(CONFIG.xray.simput.pattern)}
            },
        }
    )
except ValueError as error:
    raise WorkflowError(f"configuration: {error}") from None

# the report opens with them; they are there when the scorecard is
HEADLINES = Path(RESULTS, "headlines.rst")
config["headlines"] = HEADLINES.read_text(encoding="utf-8") if HEADLINES.is_file() else ""

STARTED = time.time()
# the number of this run, for its jobs too, wherever they run
os.environ.setdefault("ENCLUSTER_RUN", str(time.time_ns()))


envvars:
    "ENCLUSTER_RUN",


# the list comes from a path, or from an address by way of fetch_catalog; the surrogate needs neither
URL = CONFIG.halos.url
if CONFIG.halos.path and not Path(CONFIG.halos.path).is_file():
    raise WorkflowError(f"configuration: halos.path = {CONFIG.halos.path!r}: no such file")
LIST = f"{RESULTS}/halos/download/{CONFIG.halos.sha256}" if URL else CONFIG.halos.path
CHUNKS = CONFIG.xray.chunks
MODELS = CONFIG.all_models
# name of the features -> the model whose input they are
FEATURES = {CONFIG.features_of(row, permuted=permuted): row for row in MODELS.values() for permuted in (True, False)}

if workflow.is_main_process:
    from encluster.running.dates import note_dates, restore_dates
    from encluster.running.results_folder import differences

    restore_dates(Path(RESULTS))
    # Snakemake knows nothing of what made the files of a copied folder, and takes them for those of this configuration
    if changed := differences(Path(RESULTS), CONFIG):
        print(f"note: {RESULTS} was made with another configuration: {'; '.join(changed[:3])}", file=sys.stderr)

shell.executable("bash")
# each job is one thread of linear algebra; training sets its own
PREFIX = (
    f"SCRIPTS={shlex.quote(str(ROOT / 'workflow/scripts'))} CONFIG={shlex.quote(f'{RESULTS}/config.yaml')};"
    f" set -euo pipefail; export PYTHONPATH={shlex.quote(str(ROOT / 'src'))}${{PYTHONPATH:+:$PYTHONPATH}}"
    f" MPLBACKEND=Agg OMP_NUM_THREADS=1; source {shlex.quote(str(ROOT / 'workflow/scripts/attempt.sh'))}; "
)
if not {DeploymentMethod.CONDA, DeploymentMethod.APPTAINER} & set(workflow.deployment_settings.deployment_method):
    # `python` is the one that Snakemake runs on, unless Snakemake provides an environment or a container
    PREFIX += f'python() {{ {shlex.quote(sys.executable)} "$@"; }}; '
shell.prefix(PREFIX.replace("{", "{{").replace("}", "}}"))


# the simulation that the networks are trained on is in the results folder itself; other realizations of the surrogate,
# which no training uses, are in unseen/1/, unseen/2/, ...
UNSEEN = (
    [f"unseen/{k}/" for k in range(1, CONFIG.checks.realizations + 1)] if CONFIG.halos.source == "surrogate" else []
)


wildcard_constraints:
    chunk=r"\d{1,4}",
    simulation="|".join(["()", *UNSEEN]),  # an empty text, which Snakemake would take for no constraint
    mocks="|".join(["mocks", *CONFIG.mock_sets, *CONFIG.derived_mock_sets]),
    features="|".join(FEATURES),
    model="|".join(MODELS),
    target="|".join(PAPER),
    figure="|".join(FIGURES),
    table="|".join([*TABLES, "ensemble"]),


def as_is(value):
    """A parameter whose braces are no wildcards: Snakemake takes what a function returns as it is."""
    return lambda wildcards: value


def settings_of(*keys, **others):
    """The settings that a step reads, ``section`` or ``section.key``: a change there reruns this step and no other."""
    chosen = {}
    for key in keys:
        section, _, name = key.partition(".")
        value = getattr(CONFIG, section)
        chosen[key] = getattr(value, name) if name else value
    return json.dumps(chosen | others, sort_keys=True, default=lambda item: item.model_dump())


def code_of(name, target=None, data=()):
    """One hash over a command and the modules behind it: an edited file reruns the step, a touched one does not.

    The commands `reduce` and `draw` call the function of that name in the file of a figure or table, the `target`.
    """
    roots = [ROOT / "workflow/scripts" / f"{name}.py"]
    if target:
        roots.append((ROOT / "paper_figures" / f"{target}.py", name))
    return code_hash(*roots, library=ROOT / "src/encluster", data=[ROOT / path for path in data])


def content_of(path):
    """The checksum of a file that a person gives: its date says nothing on another machine."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if path and Path(path).is_file() else "none"


def attempt(output):
    """The mark beside a job's first output and which earlier run left it; workflow/scripts/attempt.sh says why."""
    mark = str(Path(output).with_name(f".{Path(output).name}.attempt"))

    def read(wildcards):
        path = Path(mark.format(**dict(wildcards.items())))
        run, before = [*path.read_text().split(), "none", "none"][:2] if path.exists() else ("none", "none")
        return [str(path), before if run == os.environ["ENCLUSTER_RUN"] else run]

    return read


def seed_of(simulation):
    """The seed of a simulation's random numbers."""
    return CONFIG.seed + (UNSEEN.index(simulation) + 1 if simulation else 0)


def mocks_of(name):
    """The mock catalogs that a network is trained on."""
    return f"{RESULTS}/mocks/{CONFIG.mocks_of(MODELS[name])}.h5"


def features_of(name, permuted=False):
    """What a network reads; with `permuted` with the labels of its training."""
    return f"{RESULTS}/features/{CONFIG.features_of(MODELS[name], permuted=permuted)}.h5"


def networks_on(wildcards):
    """The networks that predict the catalogs of a file of mocks."""
    return CONFIG.networks_on(wildcards.mocks, unseen=bool(wildcards.simulation))


def photon_lists():
    """The SIMPUT lists that are there; whether each cluster has one is looked at before the first job."""
    pattern = "*".join(map(glob.escape, CONFIG.xray.simput.pattern.split("{id}")))
    return sorted(path for path in glob.glob(pattern) if not set("{}") & set(path))


def begin():
    """Check everything that can be checked before the first job; say what will run; write the configuration."""
    from collections import Counter

    from encluster.running import checks, results_folder, size

    folder, dag = Path(RESULTS), workflow.dag
    # a rule without output, like `all` or `fig11`, only names files
    jobs = [job for job in dag.needrun_jobs() if job.output]
    number = Counter(job.rule.name for job in jobs)
    models = sorted(job.wildcards.model for job in jobs if job.rule.name.startswith("train"))
    target = " ".join(sorted(rule.name for rule in dag.targetrules) or sorted(map(str, dag.targetfiles)))
    cores = workflow.cores or 1
    try:
        expected = checks.check(folder, CONFIG)
        replaced = [job for job in jobs if any(Path(str(output)).exists() for output in job.output)]
        changed = [] if CONFIG.overwrite else results_folder.differences(folder, CONFIG)
        if changed and (replaced or results_folder.spoils(changed)):
            seconds = size.expected_seconds(CONFIG, expected, number, models, cores=cores)
            raise ValueError(
                results_folder.refusal(folder, changed, replaced=len(replaced), seconds=seconds, target=target)
            )
        print(size.banner(CONFIG, expected, number, models, cores=cores, target=target), flush=True)
        results_folder.write_configuration(folder, CONFIG)
    except ValueError as error:
        raise WorkflowError(f"error: {error}") from None


def failures():
    """The last words of the jobs that failed, one line each, and what became of their earlier results."""
    logs = [path for path in Path(RESULTS, "logs").rglob("*.log") if path.stat().st_mtime >= STARTED]
    last = {path: (path.read_text(errors="replace").strip().splitlines() or [""])[-1] for path in logs}
    said = [
        f"{line}\n  (from {path})"
        for path, line in last.items()
        if re.match(r"error:|stopped after|\w*(Error|Exception)\b", line)
    ]
    kept = "A result stays until a new one replaces it; what a failed job should have replaced counts as out of date."
    return "\n".join(["", *said, kept])


def summary():
    """What this run made of figures, tables and the scorecard."""
    names = [*(f"{name}.pdf" for name in FIGURES), *(f"{name}.md" for name in [*TABLES, "ensemble"]), *SCORECARD]
    made = [name for name in names if Path(RESULTS, name).exists() and Path(RESULTS, name).stat().st_mtime >= STARTED]
    return "\n".join(
        ["", f"Made with the {CONFIG.halos.name} halo catalog in {RESULTS}:", *(f"  {name}" for name in made)]
    )
