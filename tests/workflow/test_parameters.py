"""What rules hand to the commands: settings that they read, and options that they have."""

import ast
import inspect
import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from encluster.running.code_dependencies import modules_behind
from encluster.running.configuration import Configuration
from encluster.running.figure_files import FigureFile
from encluster.settings import Settings
from encluster.xray.settings import XraySettings
from harness import ROOT, SCRIPTS, TARGETS, TINY, copied, overlay, parser_of, script, snakemake

Tiny = tuple[Path, subprocess.CompletedProcess[str]]
Rules = dict[str, tuple[str, dict[str, Any]]]
# sections behind the methods of `Configuration`
BEHIND = {
    "mock_set": {"mocks"},
    "training_of": {"seed", "architecture", "training"},
    "only": set(),
    "placeholders": set(),
    "with_seed": {"seed"},
    "results": set(),
}
# what rules say of themselves to a file, for one choice of wildcards
INSPECT = """
include: "Snakefile"
from types import SimpleNamespace

found = {}
for item in workflow.rules:
    settings = dict(item.params.items()).get("settings")
    for target in PAPER if item.name == "reduce" else [""]:
        chosen = SimpleNamespace(
            chunk="0", mocks="mocks", model="standard", features="standard", simulation="", target=target
        )
        given = json.loads(settings(chosen)) if callable(settings) else {}
        found[f"{item.name} {target}".strip()] = [item.shellcmd, given]
Path("rules.json").write_text(json.dumps(found))
"""


def rules_of(folder: Path, *given: str) -> Rules:
    """Return the shell command of each rule and the settings among its parameters."""
    (folder / "inspect.smk").write_text(INSPECT)
    done = snakemake(folder, "-n", "--snakefile", "inspect.smk", *given, "--", "halos")
    assert done.returncode == 0, done.stderr
    return {name: tuple(found) for name, found in json.loads((folder / "rules.json").read_text()).items()}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    return rules_of(copied(tmp_path_factory.mktemp("rules")))


def read_by(path: Path) -> set[str]:
    """Return the sections that a command reads from the configuration: attributes of its variable `config`."""
    used = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "config"
    }
    return {section for name in used for section in BEHIND.get(name, {name})}


def test_a_command_reads_no_section_that_is_not_a_parameter_of_its_rule(rules: Rules) -> None:
    compared = set()
    for name, (shell, settings) in rules.items():
        called = re.search(r"\"\$SCRIPTS\"/(\w+)\.py", shell or "")
        if called is None:  # it names files that others make
            assert name in ("all", "checks", "halos", "ensemble", *TARGETS) or name[:4] in ("fig_", "tab_")
            continue
        path = SCRIPTS / f"{called[1]}.py"
        read = read_by(path)
        assert bool(read) == ("Configuration.read" in path.read_text()) == ("--config " in shell), path.name
        if name.startswith("reduce "):
            read |= set(FigureFile.read(ROOT / f"paper_figures/{name.removeprefix('reduce ')}.py").settings)
        given = {key.partition(".")[0] for key in settings}
        # the ensemble's seeds are a parameter of their own
        assert read - {"ensemble"} <= given, name
        if not name.startswith("reduce "):
            assert given <= read, f"{name}: a change of these would make it again for nothing"
            # the values are parameters; what these objects compute from them is code
            kinds = [type(getattr(Configuration(), section)) for section in read & settings.keys()]
            defined = {Path(inspect.getfile(kind)) for kind in kinds if issubclass(kind, Settings)}
            assert defined <= set(modules_behind(path, library=ROOT / "src/encluster")), name
        compared |= read
    # `models` and `checks` name networks and mock catalogs, whose settings are parameters
    fields = set(Configuration.model_fields) - {"results", "overwrite", "models", "checks"}
    assert compared == fields | {"mock_sets", "standard_architecture"}


def test_each_rule_calls_its_own_command(rules: Rules) -> None:
    others = {"scorecard": "make_scorecard", "train_together": "train"}
    others |= {"draw_figure": "draw", "draw_table": "draw"}
    others |= {name: "reduce" for name in rules if name.startswith("reduce ")}
    assert len(rules) > 60
    for name, (shell, _) in rules.items():
        if shell:
            assert re.findall(r"(\w+)\.py", shell) == [others.get(name, name)]


def test_the_observation_reads_no_setting_that_is_not_a_parameter(
    tiny: Tiny, rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two steps before the mocks are long, so that they name single keys of `xray`."""
    halos = tiny[0] / TINY / "halos/halos.ecsv"
    config = Configuration.read([overlay(tmp_path / "chunks.yaml", xray={"chunks": 90})])
    read: set[str] = set()

    def recording(self: XraySettings, name: str) -> Any:
        if name in XraySettings.model_fields:
            read.add(name)
        return object.__getattribute__(self, name)

    monkeypatch.setattr(Configuration, "read", lambda paths: config)
    monkeypatch.setattr(XraySettings, "__getattribute__", recording)
    images = tmp_path / "0.fits"
    given = ["--config", "x", "--halos", str(halos), "--chunk", "0"]
    for name, more in (("observe", ["--output", str(images)]), ("fit_profiles", ["--images", str(images)])):
        read.clear()
        output = [] if name == "observe" else ["--output", str(tmp_path / "0.h5")]
        monkeypatch.setattr("sys.argv", [name, *given, *more, *output])
        script(name).main()
        named = {key.partition(".")[2] for key in rules[name][1] if key.startswith("xray.")}
        # `photons` chooses which of two commands is called, and the chunks which clusters
        assert read <= named, name
        assert {"area_cm2", "exposure_s", "metallicity", "chunks"} <= read, name


def test_every_command_line_of_the_workflow_is_understood(workflow: Path) -> None:
    """A dry run does not notice an option that a command does not have."""
    fetched = {"source": "magneticum", "thinned": True, "url": "https://example.org/list.npy", "sha256": "0" * 64}
    parts: tuple[dict[str, Any], ...] = ({}, {"halos": fetched, "ensemble": {"together": True, "seeds": 3}})
    called = set()
    for k, sections in enumerate(parts):
        given = overlay(workflow / f"part_{k}.yaml", **sections)
        asked = ("-n", "-p", "--quiet", "host", "--configfile", "config/tiny.yaml", str(given))
        done = snakemake(workflow, *asked, "--", "all", "ensemble", "checks")
        assert done.returncode == 0, done.stderr
        lines = re.findall(
            r"^Shell command: attempt .*? python (\S+?/(\w+)\.py) (.*?)(?: > | 2>&1)", done.stdout, re.MULTILINE
        )
        assert len(lines) > 80
        for path, name, arguments in lines:
            assert Path(path).name == f"{name}.py"
            parser_of(name).parse_args(shlex.split(arguments))
            called.add(name)
    assert called == {path.stem for path in SCRIPTS.glob("*.py")} - {"document", "make_emission_table"}


def test_equal_numbers_make_equal_jobs(workflow: Path) -> None:
    """Text in --config, `1e-3` in an overlay and the number itself ask for the same training."""
    (workflow / "text.yaml").write_text("training: {learning_rate: 1e-3, epochs: 2e1, select_from_epoch: 1}")
    (workflow / "number.yaml").write_text("training: {learning_rate: 0.001, epochs: 20, select_from_epoch: 1}")
    nested = "training={learning_rate: 0.001, epochs: 20, select_from_epoch: '1'}"
    calls = [("--configfile", "text.yaml"), ("--configfile", "number.yaml"), ("--config", nested)]
    first, second, third = (rules_of(workflow, *call)["train"][1] for call in calls)
    assert first["training"] | {"learning_rate": 0.001, "epochs": 20, "select_from_epoch": 1} == first["training"]
    assert first == second == third
