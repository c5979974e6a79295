"""A copy of the workflow in a folder of its own and a way to run it there; the commands as a person calls them."""

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import ModuleType
from unittest import mock

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import yaml
from matplotlib.figure import Figure
from matplotlib.text import Text

from encluster import files

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "workflow/scripts"
TINY = "results/tiny"  # where config/tiny.yaml has its results
PARTS = ("Snakefile", "rules", "workflow", "config", "profiles", "envs", "paper_figures", "src")
TARGETS = (*(f"fig{k:02d}" for k in range(1, 22)), *(f"tab{k:02d}" for k in range(1, 5)))
SCORECARD = ("scorecard.csv", "scorecard.md", "scorecard.html", "numbers.tex")
COLUMNS = (
    "{m500c: {column: M, unit: Msun/h}, temperature: {column: T, unit: keV}, lx: {column: L, unit: 1e44 erg/s},"
    " m_gas: {column: G, unit: Msun/h}, id: {column: id, unit: '1'}}"
)


def good(n: int = 60, lightest: float = 13.6) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    mass = 10 ** (lightest + rng.exponential(0.3, n).clip(max=1.2))
    ratio = mass / 10**14.4
    gas = 0.1 * mass * ratio**0.2
    return pd.DataFrame({"id": range(n), "M": mass, "T": 3.9 * ratio**0.6, "L": 1.8 * ratio**1.7, "G": gas})


def drawn(draw: Callable[[pd.DataFrame], Figure], table: pd.DataFrame) -> Figure:
    """Return the figure that a file of paper_figures/ makes of a CSV file.

    Its width is that of a column or of a page, no text is below 7 pt, and nothing reaches beyond the edge.
    """
    matplotlib.use("Agg")
    text = table.assign(source="surrogate", photons="simulate").to_csv(index=False)
    with plt.style.context(["default", ROOT / "paper_figures/paper.mplstyle"]):
        figure = draw(pd.read_csv(StringIO(text)))
        figure.draw_without_rendering()
        extent = figure.get_tightbbox()
    plt.close(figure)
    width, height = figure.get_size_inches()
    assert width in (3.39, 7.1)
    assert min(extent.x0, extent.y0, width - extent.x1, height - extent.y1) > -0.01, extent
    texts = [found for found in figure.findobj(Text) if found.get_text() and found.get_visible()]
    assert texts
    small = [found.get_text() for found in texts if found.get_fontsize() < 7]
    assert not small, f"below 7 pt: {small}"
    return figure


def copied(folder: Path) -> Path:
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy2(source, folder / part)
    profile = folder / "profiles/default/config.yaml"
    profile.write_text(profile.read_text().replace("logger: encluster\n", ""))
    return folder


def snakemake(folder: Path, *arguments: str, timeout: float = 1500) -> subprocess.CompletedProcess[str]:
    """Run snakemake in `folder`, with the interpreter of the tests first on the PATH."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "MPLBACKEND": "Agg"}
    # profiles/default hides the jobs of a dry run
    shown = ("--quiet", "host") if {"-n", "--dry-run"} & {*arguments} and "--quiet" not in arguments else ()
    command = [sys.executable, "-m", "snakemake", *shown, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout)


def jobs(said: str) -> dict[str, int]:
    """Return the jobs of a dry run: how many of each rule, and each figure or table by its name.

    ``reduce fig01`` and ``draw fig01`` are the jobs of a figure; rules that make nothing are left out.
    """
    blocks = re.split(r"^(?:local)?rule ", said, flags=re.MULTILINE)[1:]
    assert blocks or "Nothing to be done" in said, said
    names = []
    for block in blocks:
        name, target = block.partition(":")[0], re.search(r"wildcards: (?:target|figure|table)=(\w+)", block)
        if "    output: " in block:
            names.append(f"{name.partition('_')[0]} {target[1]}" if target else name)
    return dict(Counter(names))


def checksums(folder: Path) -> dict[str, str]:
    """Return the checksum of each file among the results, except logs, benchmarks, dates and the marks of attempts."""
    return {
        str(path.relative_to(folder)): files.sha256(path)
        for path in (folder / "results").rglob("*")
        if path.is_file() and path.suffix not in (".log", ".tsv", ".attempt") and path.name != ".dates.json"
    }


def overlay(path: Path, **sections: object) -> Path:
    """Write an overlay on the configuration."""
    path.write_text(yaml.safe_dump(sections, allow_unicode=True))
    return path


def command(name: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call a command; its warnings are errors, except where Keras reads TensorFlow's variables as NumPy 2 dislikes."""
    strict = [] if name in ("audit_model", "check_explanations", "interpret", "train") else ["-W", "error"]
    call = [sys.executable, *strict, SCRIPTS / f"{name}.py", *arguments]
    # Keras sets this variable for the process that imports it, as a person's shell does not
    inherited = {key: value for key, value in os.environ.items() if key != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [str(part) for part in call], capture_output=True, text=True, env={**inherited, **environment}
    )


def script(name: str) -> ModuleType:
    """Return a command as a module."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parser_of(name: str) -> argparse.ArgumentParser:
    """Return the parser with which a command begins."""

    class Begun(Exception):  # noqa: N818
        pass

    def begin(parser: argparse.ArgumentParser) -> None:
        raise Begun(parser)

    with mock.patch("sys.argv", [f"{name}.py"]), mock.patch.object(argparse.ArgumentParser, "parse_args", begin):
        try:
            script(name).main()
        except Begun as begun:
            return begun.args[0]
    raise AssertionError(f"{name} reads no arguments")


def failed(done: subprocess.CompletedProcess[str], message: str) -> None:
    """Assert that a command has stopped with one line that says this."""
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("error: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert message in done.stderr


def edited(path: Path, code: str, *, function: str = "") -> str:
    """Put code after the docstring of a module, or at the begin of one of its functions; return what the file was."""
    before = path.read_text()
    begin = rf"(?s:^def {function}\(.*?:\n    \"\"\".*?\"\"\"\n)" if function else r"(?s:\A.*?\"\"\"\n)"
    found = re.search(begin, before, re.MULTILINE)
    assert found is not None
    added = textwrap.indent(code, "    ") if function else code
    path.write_text(f"{before[: found.end()]}{added}{before[found.end() :]}")
    return before
