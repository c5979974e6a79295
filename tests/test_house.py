"""The house keeps its order: arrows point one way, versions agree, made pages are up to date."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from encluster.running.code_dependencies import LEFT_OUT, modules_behind

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "src/encluster"
IGNORED = tuple(name.replace(".", "/") for name in LEFT_OUT)


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= (
                {f"{node.module}.{name.name}" for name in node.names} if node.module == "encluster" else {node.module}
            )
    return found


def modules() -> list[Path]:
    return [path for path in LIBRARY.rglob("*.py") if path != LIBRARY / "__init__.py"]


def test_the_commands_do_not_import_snakemake() -> None:
    """The contracts of import-linter in pyproject.toml say the same of the library, and which way its imports point."""
    for path in (ROOT / "workflow/scripts").glob("*.py"):
        assert not any(name.startswith("snakemake") for name in imports(path))


@pytest.mark.parametrize("name", ["draw", "reduce", "make_mocks", "build_features", "make_halos", "fit_profiles"])
def test_commands_start_without_tensorflow(name: str) -> None:
    code = (
        f"import sys; sys.argv = ['{name}', '--help']; sys.path.insert(0, 'workflow/scripts')\n"
        f"import contextlib, io, {name}\n"
        "loaded = {'tensorflow', 'keras', 'jax'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_an_edited_module_is_seen_by_every_command_behind_which_it_stands() -> None:
    """A slow twin: the interpreter itself says what a command imports, apart from the configuration."""
    for name in ("make_mocks", "fit_profiles", "build_features", "make_halos", "train"):
        script = ROOT / f"workflow/scripts/{name}.py"
        code = (
            "import runpy, sys, types; sys.argv = ['x', '--help']\n"
            "settings = types.SimpleNamespace(Configuration=None)\n"
            "sys.modules['encluster.running.configuration'] = settings\n"
            f"try: runpy.run_path({str(script)!r}, run_name='__main__')\n"
            "except SystemExit: pass\n"
            "del sys.modules['encluster.running.configuration']\n"
            "print('LOADED', *(m.__file__ for n, m in sys.modules.items() if n.startswith('encluster.')))"
        )
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        loaded = {Path(path) for path in said.rpartition("LOADED")[2].split()}
        left_out = {path for path in loaded if path.relative_to(LIBRARY).as_posix().startswith(IGNORED)}
        assert len(loaded - left_out) > 1
        assert loaded - left_out <= set(modules_behind(script, library=LIBRARY)), name


def test_data_beside_a_module_are_watched_too() -> None:
    behind = modules_behind(ROOT / "workflow/scripts/observe.py", library=LIBRARY)
    assert LIBRARY / "xray/data/emission_0.5-2keV.csv" in behind


def test_every_decision_names_keys_that_exist() -> None:
    text = (ROOT / "docs/explanation/decisions.md").read_text()
    described = (ROOT / "config/README.md").read_text()
    keys = re.findall(r"`((?:cosmology|survey|halos|mocks|xray|architecture|features)\.[a-z0-9_.]+)`", text)
    assert len(set(keys)) > 12
    for key in keys:
        assert f"`{key}" in described, key


def test_the_readme_is_finished() -> None:
    text = (ROOT / "README.md").read_text()
    assert not re.search(r"@[A-Z]+@", text)
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / link).exists(), link


def locked() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text()
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["analysis", "training"])
def test_conda_environments_state_the_locked_versions(name: str) -> None:
    versions = locked()
    content = yaml.safe_load((ROOT / f"envs/{name}.yaml").read_text())
    stated = [item for item in content["dependencies"] if isinstance(item, str)]
    stated += next(item["pip"] for item in content["dependencies"] if isinstance(item, dict))
    compared = 0
    for item in stated:
        package, _, version = re.sub(r"\[.*?\]", "", item).replace("==", "=").partition("=")
        if version and package != "python":
            assert versions[package.removesuffix("-base")] == version, item
            compared += 1
    assert compared >= 4


def test_the_analysis_environment_has_what_the_commands_import() -> None:
    content = yaml.safe_load((ROOT / "envs/analysis.yaml").read_text())["dependencies"]
    stated = [item for item in content if isinstance(item, str)] + content[-1]["pip"]
    named = {re.split(r"[=\[]", item)[0].removesuffix("-base") for item in stated}
    used = {
        name.split(".")[0] for path in [*modules(), *(ROOT / "workflow/scripts").glob("*.py")] for name in imports(path)
    }
    ours = {"encluster", *(path.stem for path in (ROOT / "paper_figures").glob("*.py"))}
    needed = {"yaml": "pyyaml"}
    others = {needed.get(name, name) for name in used - ours - set(sys.stdlib_module_names)}
    assert {"pydantic", "pooch", "h5py"} <= others
    assert others - {"keras", "tensorflow", "jax"} <= named


def test_the_lock_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert len(locked()) > 80
    assert "://" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block, block


def test_made_pages_are_up_to_date(tmp_path: Path) -> None:
    script = ROOT / "workflow/scripts/document.py"
    subprocess.run([sys.executable, script, "--root", tmp_path], check=True)
    pages = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(pages) == 4
    for page in pages:
        assert (tmp_path / page).read_text() == (ROOT / page).read_text(), f"{page}: run `make pages`"


def test_the_snakefile_is_a_table_of_contents() -> None:
    assert len((ROOT / "Snakefile").read_text().splitlines()) <= 60


def test_version_is_one() -> None:
    import encluster

    assert f"version: {encluster.__version__}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {encluster.__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert f"{{{encluster.__version__}}}" in (ROOT / "docs/how-to/cite.md").read_text()
