"""A drawing imports nothing that only a reduction needs; a reduction of results does not import Keras."""

import ast
import subprocess
import sys
from pathlib import Path

PAPER_FIGURES = Path(__file__).parents[2] / "paper_figures"
FILES = ("fig09", "fig11", "fig12", "fig13", "fig14", "fig15", "fig16", "fig18", "fig21")
SHARED = ("hexagon_panels", "saliency_lines", "sigma8_maps")


def loaded(*modules: str) -> set[str]:
    code = f"import sys, {', '.join(modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=PAPER_FIGURES, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_a_figure_is_drawn_without_the_library() -> None:
    found = loaded(*FILES)
    assert found >= {*FILES, *SHARED, "matplotlib"}
    assert not found & {"encluster", "astropy", "colossus", "h5py", "scipy"}


def test_results_are_reduced_without_keras() -> None:
    texts = [(PAPER_FIGURES / f"{name}.py").read_text() for name in (*FILES, *SHARED)]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    modules = {node.module for node in nodes if node.module and node.module.startswith("encluster.")}
    assert len(modules) > 5
    assert not loaded(*modules) & {"jax", "keras", "tensorflow"}
