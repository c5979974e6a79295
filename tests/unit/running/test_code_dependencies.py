"""The hash over a command and the modules behind it, on a small package whose imports are known."""

import subprocess
import sys
from pathlib import Path

import pytest

from encluster.running import code_dependencies
from encluster.running.code_dependencies import code_hash, modules_behind

ROOT = Path(__file__).parents[3]
FILES = {
    "scripts/command.py": "from encluster.first import a\nfrom encluster.second.settings import b\nimport json\n",
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
    for name in ("_content", "_imported", "_top_level"):
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


FIGURE = '''"""A figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beside import COLOR, binned
from beside import line as draw_line

if TYPE_CHECKING:
    from encluster.unused import Table

CAPTION = "What it shows."
WIDTH = 0.1
LOOK = {"color": COLOR}


def reduce(table: Table) -> np.ndarray:
    from encluster.first import f

    return binned(f(table), WIDTH)


def draw(table: np.ndarray) -> None:
    draw_line(table, _half(1), LOOK)


def _half(value: float) -> float:
    return value / 2
'''
BESIDE = """
COLOR = "red"


def binned(values, width):
    from encluster.second import settings

    return settings.bin(values, width)


def line(values, width, look):
    return values
"""
CHANGES = {
    "a comment": ("scripts/figure.py", "# a comment", "# another", set()),
    "the docstring": ("scripts/figure.py", "A figure.", "One figure.", set()),
    "the caption": ("scripts/figure.py", "What it shows.", "What it is.", set()),
    "a setting of the reduction": ("scripts/figure.py", "WIDTH = 0.1", "WIDTH = 0.2", {"reduce"}),
    "the reduction": ("scripts/figure.py", "binned(f(table)", "binned(2 * f(table)", {"reduce"}),
    "the drawing": ("scripts/figure.py", "_half(1)", "_half(2)", {"draw"}),
    "a function behind the drawing": ("scripts/figure.py", "value / 2", "value / 3", {"draw"}),
    "the shared color": ("scripts/beside.py", "red", "blue", {"draw"}),
    "the shared reduction": ("scripts/beside.py", "settings.bin(", "settings.bins(", {"reduce"}),
    "the shared drawing": ("scripts/beside.py", "return values", "return width", {"draw"}),
    "the library behind the reduction": ("encluster/lazy.py", "pathlib", "os", {"reduce"}),
    "the library behind the shared reduction": ("encluster/second/settings.py", "", "1\n", {"reduce"}),
    "what only the type checker imports": ("encluster/unused.py", "", "1", set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_of_a_figure_only_the_function_counts_and_what_it_uses(project: Path, change: str) -> None:
    (project / "scripts/figure.py").write_text(f"{FIGURE}# a comment\n")
    (project / "scripts/beside.py").write_text(BESIDE)
    before = parts(project)
    assert before["reduce"] != before["draw"]
    name, old, new, expected = CHANGES[change]
    text = (project / name).read_text()
    assert old in text
    (project / name).write_text(text.replace(old, new, 1))
    after = parts(project)
    assert {part for part in before if after[part] != before[part]} == expected


def test_a_bare_statement_of_a_figures_file_counts_for_both_functions(project: Path) -> None:
    figure = project / "scripts/figure.py"
    figure.write_text(FIGURE)
    (project / "scripts/beside.py").write_text(BESIDE)
    before = parts(project)
    figure.write_text(f"{FIGURE}\nnp.seterr(all='raise')\n")
    assert not set(before.values()) & set(parts(project).values())


def parts(project: Path) -> dict[str, str]:
    figure = project / "scripts/figure.py"
    return {name: code_hash((figure, name), library=project / "encluster") for name in ("reduce", "draw")}
