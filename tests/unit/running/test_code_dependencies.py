"""The hash over a command and the modules behind it, on a small package whose imports are known."""

import subprocess
import sys
from pathlib import Path

import pytest

from encluster.running import code_dependencies
from encluster.running.code_dependencies import code_hash, modules_behind

ROOT = Path(__file__).parents[3]
FILES = {
    "scripts/command.py": "from encluster.first import a\nfrom beside import b\nimport json\n",
    "scripts/beside.py": "from encluster.second.settings import Settings\n",
    "scripts/other.py": "",
    "encluster/__init__.py": "",
    "encluster/first.py": "def f():\n    from encluster.lazy import x\n    from encluster.running import size\n",
    "encluster/lazy.py": "from encluster import settings\nfrom pathlib import Path\n",
    "encluster/typed.py": "4",
    "encluster/settings.py": "1",
    "encluster/unused.py": "",
    "encluster/second/__init__.py": "0",
    "encluster/second/settings.py": "if TYPE_CHECKING:\n    from encluster.typed import Model\n",
    "encluster/second/templates/table.tex": "5",
    "encluster/second/data/table.csv": "3",
    "encluster/running/size.py": "from encluster import unused\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the package; files are read anew for each hash."""
    for name, content in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    for name in ("_content", "_imported"):
        monkeypatch.setattr(code_dependencies, name, getattr(code_dependencies, name).__wrapped__)
    return tmp_path / "project"


def hashed(project: Path, *data: str) -> str:
    paths = [project / name for name in data]
    return code_hash(project / "scripts/command.py", library=project / "encluster", data=paths)


def test_imports_are_followed_wherever_they_stand(project: Path) -> None:
    found = modules_behind(project / "scripts/command.py", library=project / "encluster")
    assert [path.relative_to(project).as_posix() for path in found] == [
        "encluster/first.py",
        "encluster/lazy.py",
        "encluster/second/__init__.py",
        "encluster/second/data/table.csv",
        "encluster/second/settings.py",
        "encluster/second/templates/table.tex",
        "encluster/settings.py",
        "scripts/beside.py",
    ]


@pytest.mark.parametrize("name", FILES)
def test_an_edit_changes_the_hash_where_the_file_stands_behind_the_command(project: Path, name: str) -> None:
    before = hashed(project)
    assert len(before) == 16
    with (project / name).open("a") as stream:
        stream.write("\n# edited\n")
    unseen = ("scripts/other.py", "encluster/__init__.py", "encluster/unused.py", "encluster/typed.py")
    unseen += ("encluster/running/size.py",)
    assert (hashed(project) == before) is (name in unseen)


def test_the_place_of_the_project_and_dates_change_nothing(project: Path, tmp_path: Path) -> None:
    before = hashed(project)
    (project / "encluster/first.py").touch()
    project.rename(tmp_path / "elsewhere")
    assert hashed(tmp_path / "elsewhere") == before


def test_two_modules_of_one_name_that_change_places_change_nothing_else(project: Path) -> None:
    """Their order in a set of paths differs from one process to the next; the hash must not."""
    script = (
        "import sys; from pathlib import Path; from encluster.running.code_dependencies import code_hash;"
        " print(code_hash(Path(sys.argv[1]), library=Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", script, project / "scripts/command.py", project / "encluster"]
    found = {
        subprocess.run(
            command, env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT / "src")}, capture_output=True, check=True
        ).stdout
        for seed in range(8)
    }
    assert found == {f"{hashed(project)}\n".encode()}


def test_other_data_count_too(project: Path) -> None:
    assert hashed(project, "encluster/unused.py") != hashed(project)
