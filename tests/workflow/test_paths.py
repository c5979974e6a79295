"""Names of folders and files remain names, wherever the project lies; jobs run on the right Python and library."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from encluster.halos.catalog import read_catalog
from harness import COLUMNS, ROOT, TINY, copied, good, snakemake

MAKE_HALOS = ("--cores", "1", "--", "halos")
# what a shell, Snakemake, a glob, YAML, LaTeX or HTML would take for its own
NAMES = [
    "it's",
    "two  blanks",
    "$(touch mark)",
    "`touch mark`",
    "a;touch mark",
    "a&b",
    '"quoted"',
    "a\\b",
    "[x]*?",
    "ü=#",
]
DATA = "-{}-".format("".join(NAMES))


def overlay(folder: Path, **content: object) -> str:
    (folder / "overlay.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    return str(folder / "overlay.yaml")


def read(folder: Path, path: Path, **halos: object) -> str:
    """Write a list of sixty clusters and a configuration that reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    good().to_csv(path, index=False)
    name = os.path.relpath(path, folder)
    return overlay(folder, halos={"source": "table", "path": name, "columns": yaml.safe_load(COLUMNS), **halos})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the workflow in a folder of an awkward name."""
    folder = tmp_path / "it's my, $(touch mark) project & [x]"
    folder.mkdir()
    return copied(folder)


def test_a_path_and_a_label_of_any_characters_are_data(project: Path) -> None:
    label = f"{{x}} {{{{y}}}} {DATA}"[:60]
    given = read(project, project / DATA / f"{DATA}.csv", label=label)
    done = snakemake(project, "--cores", "1", "--configfile", given, "--", "halos", "tab02")
    assert done.returncode == 0, done.stdout + done.stderr
    halos = read_catalog(project / "results/halos/halos.ecsv")
    assert len(halos) == 60
    assert halos.source == label
    assert list(project.parent.rglob("mark")) == []
    again = snakemake(project, "-n", "--configfile", given, "--", "halos", "tab02")
    assert "Nothing to be done" in again.stdout + again.stderr


def test_photon_lists_of_any_name_are_inputs(project: Path) -> None:
    pattern = f"lists {DATA}/{{id}}.fits"
    folder = project / f"lists {DATA}"
    folder.mkdir()
    for name in ("1.fits", "2.fits", "{x}.fits"):
        (folder / name).touch()
    given = overlay(project, xray={"photons": "simput", "simput": {"pattern": pattern}})
    done = snakemake(
        project,
        "-n",
        "-p",
        "--quiet",
        "host",
        "--configfile",
        "config/tiny.yaml",
        given,
        "--",
        f"{TINY}/xray/images/0.fits",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"lists {DATA}/1.fits, lists {DATA}/2.fits" in done.stdout
    assert "{x}.fits" not in done.stdout


@pytest.mark.parametrize("results", ["a b/c", "größe+x=1@y-2", "~/x y"])
def test_results_are_made_where_they_should_be(
    project: Path, results: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home of all"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    before = {path.name for path in project.iterdir()}
    given = overlay(project, results=results)
    done = snakemake(project, "--configfile", "config/tiny.yaml", given, *MAKE_HALOS)
    assert done.returncode == 0, done.stdout + done.stderr
    place = home / results.removeprefix("~/") if results.startswith("~") else project / results
    assert (place / "halos/halos.ecsv").stat().st_size > 1000
    assert (place / "logs/make_halos.log").is_file()
    made = {path.name for path in project.iterdir()} - before
    assert made == {"overlay.yaml", ".snakemake", *([] if results.startswith("~") else [Path(results).parts[0]])}


@pytest.mark.parametrize("results", ["x/$(touch${IFS}mark)x", "a;b", "a&b", "(a)", "-x", ".", "..", "src", "results\n"])
def test_a_bad_results_folder_is_refused_before_anything_is_made(project: Path, results: str) -> None:
    given = overlay(project, results=results)
    before = sorted(path.name for path in project.iterdir())
    done = snakemake(project, "--configfile", given, *MAKE_HALOS)
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if "configuration: " in line]
    assert len(said) == 1
    assert f"results = {results!r}: " in said[0]
    assert sorted({path.name for path in project.iterdir()} - {".snakemake"}) == before


@pytest.mark.parametrize("how", ["--snakefile", "--directory"])
def test_the_workflow_runs_from_another_folder(project: Path, how: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    given = read(elsewhere, elsewhere / "list.csv")
    place, option = (elsewhere, project / "Snakefile") if how == "--snakefile" else (project, elsewhere)
    done = snakemake(place, how, str(option), "--configfile", given, *MAKE_HALOS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (elsewhere / "results/halos/halos.ecsv").is_file()
    assert not (project / "results").exists()
    plan = snakemake(place, "-n", how, str(option), "--configfile", given, "--", "all")
    assert plan.returncode == 0, plan.stdout + plan.stderr
    # of a list, five networks for each of five splits into halves too
    assert re.search(r"^train +36$", plan.stdout, re.MULTILINE)


@pytest.mark.parametrize(("name", "message"), [("a{b}", "braces in a path"), ("a:b", "a path with a colon")])
def test_a_project_in_a_folder_that_cannot_be_used_is_named(tmp_path: Path, name: str, message: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    copied(folder)
    done = snakemake(tmp_path, "-n", "--snakefile", str(folder / "Snakefile"), "--", "halos")
    assert done.returncode != 0
    assert len([line for line in (done.stdout + done.stderr).splitlines() if message in line]) == 1


@pytest.fixture
def others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put another `python` first on the PATH and another encluster first among the libraries."""
    folder = tmp_path / "others"
    (folder / "encluster").mkdir(parents=True)
    (folder / "encluster/__init__.py").write_text("raise ImportError('the wrong library')\n")
    (folder / "of_the_user.py").touch()
    (folder / "python").write_text("#!/bin/sh\necho the wrong python >&2\nexit 1\n")
    (folder / "python").chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


@pytest.mark.parametrize("name", ["plain", "a:b", "a b"])
def test_jobs_run_on_the_python_of_snakemake_and_this_library(name: str, others: Path, tmp_path: Path) -> None:
    folder = tmp_path / name
    folder.mkdir()
    copied(folder)
    script = folder / "workflow/scripts/make_halos.py"
    script.write_text(
        "import sys, encluster, of_the_user\nfrom pathlib import Path\n"
        "Path(sys.argv[-1]).write_text(f'{sys.executable}\\n{Path(encluster.__file__).resolve()}')\n"
    )
    environment = {**os.environ, "PATH": f"{others}:{os.environ['PATH']}"}
    # the list is read before the first job, by this Python
    command = [sys.executable, "-m", "snakemake", "--configfile", "config/tiny.yaml", *MAKE_HALOS]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    executable, library = (folder / TINY / "halos/halos.ecsv").read_text().splitlines()
    assert executable == sys.executable
    assert library == str((folder / "src/encluster/__init__.py").resolve())


def test_the_python_of_an_environment_is_left_to_it(project: Path, others: Path) -> None:
    """No container is named here, so that with `--sdm apptainer` a job calls the `python` of the PATH."""
    environment = {**os.environ, "PATH": f"{others}:{os.environ['PATH']}", "PYTHONPATH": ""}
    command = [sys.executable, "-m", "snakemake", "--sdm", "apptainer", "--configfile", "config/tiny.yaml", *MAKE_HALOS]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert "the wrong python" in (project / TINY / "logs/make_halos.log").read_text()


def test_another_python_is_no_reason_to_make_anything_again(project: Path, tmp_path: Path) -> None:
    done = snakemake(project, "--configfile", "config/tiny.yaml", *MAKE_HALOS)
    assert done.returncode == 0, done.stdout + done.stderr
    other = tmp_path / "python of {another} machine"
    other.write_text(f'#!/bin/sh\necho "$0" >> "{tmp_path}/used"\nexec {sys.executable} "$@"\n')
    other.chmod(0o755)
    start = "import sys, runpy; sys.executable = sys.argv.pop(1); runpy.run_module('snakemake', run_name='__main__')"
    command = [sys.executable, "-c", start, str(other), "--configfile", "config/tiny.yaml"]
    again = subprocess.run([*command, *MAKE_HALOS], cwd=project, capture_output=True, text=True)
    assert "Nothing to be done" in again.stdout + again.stderr
    forced = subprocess.run([*command, "--forceall", *MAKE_HALOS], cwd=project, capture_output=True, text=True)
    assert forced.returncode == 0, forced.stdout + forced.stderr
    assert set((tmp_path / "used").read_text().splitlines()) == {str(other)}


def test_make_takes_a_list_and_a_project_of_any_name(project: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("needs make")
    shutil.copy2(ROOT / "Makefile", project)
    for name in ("requirements.lock", "pyproject.toml", f"{DATA}.npy"):
        (project / name).write_text("x")
    commands = project / ".venv/bin"
    commands.mkdir(parents=True)
    (commands / "snakemake").write_text('#!/bin/sh\nprintf "%s\\n" "$PATH" "$@" > told\n')
    (commands / "snakemake").chmod(0o755)
    (project / ".venv/.complete").touch()
    done = subprocess.run(["make", "magneticum", f"DATA={DATA}.npy"], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    path, *told = (project / "told").read_text().splitlines()
    assert path.startswith(f"{commands}:")
    assert told[-2] == "--config"
    assert yaml.safe_load(told[-1].removeprefix("halos=")) == {"path": f"{DATA}.npy"}
    assert not (project / "mark").exists()
    for target in ("fig12", "tab04", "scorecard"):
        subprocess.run(["make", target], cwd=project, capture_output=True, check=True)
        told = (project / "told").read_text().splitlines()
        assert told[-4:] == ["--configfile", "config/laptop.yaml", "--", target]
    missing = subprocess.run(["make", "magneticum", "DATA=it's $x"], cwd=project, capture_output=True, text=True)
    assert missing.returncode != 0
    assert "error: DATA=it's $x: no such file" in missing.stdout
