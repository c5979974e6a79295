"""What all files of paper_figures/ have in common: declarations, captions, imports, and the looks of the figures."""

import ast
import importlib
import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from encluster.interpretation.audit_power import LEAKS
from encluster.network.feature_set import FeatureSet
from encluster.paper.published import PUBLISHED
from encluster.running.figure_files import FigureFile
from encluster.xray.density import GasDensity
from factories import (
    SIZE,
    N,
    configuration,
    made_up_features,
    mocks,
    networks,
    provenance,
    scaling_relations,
    surrogate,
)
from harness import TARGETS, drawn

FOLDER = Path(__file__).parents[2] / "paper_figures"
FILES = FigureFile.read_all(FOLDER)
NOT_FOR_DRAWING = {"encluster", "h5py", "scipy", "colossus", "astropy", "keras", "tensorflow", "jax", "pydantic"}
# numbers of the paper that a caption quotes, in its order
QUOTED = {
    "fig08": ["delta_sigma8_standard"],
    "fig14": ["sigma8_scatter_at_n_yx"],
    "fig16": ["proxy_scatter_m_gas", "proxy_scatter_yx", "proxy_scatter_terse"],
    "fig19": ["delta_sigma8_prescriptive"],
}
TEX = re.compile(r"\$[^$]*\$")
LAYERS = [
    ("2D input", None, "N_cluster x 15 x 1", 0, "matrix"),
    ("repeated network", 64, "N_cluster x 1 x 64", 1024, "repeated_1"),
    ("repeated network", 1, "N_cluster x 1 x 1", 65, "terse"),
    ("supplementary data vector input", None, "N_cluster x 1 x 2", 0, "supplementary"),
    ("concatenation", None, "N_cluster x 1 x 3", 0, "concatenation"),
    ("4x1 convolution", 32, "varies", 416, "convolution_1"),
    ("2x1 mean pooling", None, "varies", 0, "pooling_1"),
    ("global max pooling", None, "32", 0, "global_pooling"),
    ("output", 1, "1", 33, "output"),
    ("total", None, None, 1538, "total"),
]


def imports(path: Path) -> dict[str, set[str]]:
    """Return the modules that a file imports at its top and inside its functions."""
    tree = ast.parse(path.read_text())
    nodes = (ast.Import, ast.ImportFrom)
    whole = [node for node in ast.walk(tree) if isinstance(node, nodes)]
    top = [node for node in tree.body if isinstance(node, nodes)]
    names = {
        where: {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in found}
        for where, found in (("whole", whole), ("top", top))
    }
    return {where: {name or "" for name in found} for where, found in names.items()}


def loaded_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after some code."""
    code = f"import sys; sys.path.insert(0, {str(FOLDER)!r})\n{code}\nimport json; print(json.dumps(list(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    return set(json.loads(said.splitlines()[-1]))


def test_every_target_has_its_file() -> None:
    assert {*TARGETS, "ensemble"} <= set(FILES)


def test_no_figure_imports_another() -> None:
    assert len(list(FOLDER.glob("*.py"))) > len(FILES)
    for path in FOLDER.glob("*.py"):
        assert not imports(path)["whole"] & set(FILES), path.name


def test_drawing_loads_nothing_that_only_reductions_need() -> None:
    loaded = loaded_after("\n".join(f"import {name}" for name in FILES))
    assert {"fig01", "tab04", "matplotlib"} <= loaded
    assert not loaded & NOT_FOR_DRAWING


def test_reductions_load_no_keras_but_that_of_table_3() -> None:
    paths = [path for path in FOLDER.glob("*.py") if path.stem != "tab03"]
    needed = {name for path in paths for name in imports(path)["whole"] if name.startswith("encluster.")}
    assert {"encluster.catalogs", "encluster.network.feature_set"} <= needed
    loaded = loaded_after("\n".join(f"import {name}" for name in sorted(needed)))
    assert not loaded & {"keras", "tensorflow", "jax"}


@pytest.mark.parametrize("name", FILES)
def test_texts_have_their_symbols_between_dollar_signs(name: str) -> None:
    declared = FILES[name]
    assert bool(declared.caption) == hasattr(importlib.import_module(name), "draw")
    assert declared.title
    about = [text for texts in declared.columns.values() for text in texts]
    for text in (declared.caption, declared.title, *about):
        assert text.count("$") % 2 == 0, text
        assert not re.search(r"[\^\\±]|\+-", TEX.sub("", text)), text
    assert "sigma8" not in TEX.sub("", declared.caption + declared.title)


@pytest.mark.parametrize("name", QUOTED)
def test_captions_quote_the_paper(name: str) -> None:
    expected = []
    for published in (PUBLISHED[key] for key in QUOTED[name]):
        errors = [published.plus] if published.plus else []
        expected += [f"{number:.{published.decimals}f}" for number in (published.value, *errors)]
    about_the_paper = FILES[name].caption.partition("paper ")[2]
    assert re.findall(r"\d+\.\d+", about_the_paper) == expected


@pytest.mark.parametrize("name", ["fig19", "fig20", "fig21"])
def test_captions_of_the_prescriptive_model_name_its_stand_in(name: str) -> None:
    assert "stand-in for those of Singh et al. (2019)" in FILES[name].caption
    assert "D15" in FILES[name].caption


def profiles() -> dict[str, np.ndarray]:
    density = GasDensity(n0=1e-3, rc_kpc=100, rs_kpc=800, alpha=1, beta=0.7, epsilon=2)
    return {
        "id": np.arange(4),
        "counts": np.full(4, 1000),
        "m500c": np.full(4, 1e14),
        "r500c_kpc": np.full(4, 900.0),
        "density_parameters": np.tile(list(asdict(density).values()), (4, 1)),
        "annulus_edges": np.tile(np.concatenate([[0], np.geomspace(20, 1200, 12)]), (4, 1)),
        "annulus_counts": np.full((4, 12), 100),
        "annulus_model": np.full((4, 12), 100.0),
    }


def features() -> FeatureSet:
    return made_up_features([SIZE] * N)


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """Small results of the stages by their path below the results folder."""
    epoch = np.arange(1, 31)
    history = pd.DataFrame({"epoch": epoch, "train_mse": 0.1 / epoch, "validation_mse": 0.2 / epoch})
    predicted = networks()["standard"]
    predictions = pd.DataFrame({"catalog": predicted.catalog("catalog"), "split": "testing"})
    for kind, name in (("true", "sigma8"), ("predicted", "sigma8_predicted")):
        predictions[f"sigma8_{kind}"] = predicted.catalog(name)
    layers = pd.DataFrame(LAYERS, columns=["layer", "filters", "shape", "parameters", "name"])
    made: dict[str, Any] = {
        "halos/halos.ecsv": surrogate(400),
        "halos/scaling.json": scaling_relations(),
        "xray/profiles.h5": profiles(),
        "features/standard.h5": features(),
        "tab03.csv": layers.assign(network="paper"),
    }
    spread = np.tile(np.linspace(0, 1, 11), 2 * N)
    varied = mocks().with_columns(log_m500c=13.7 + spread, log_lx=spread, log_m_gas=12.7 + spread)
    for name in ("mocks", "smaller", "larger"):
        made[f"mocks/{name}.h5"] = varied
    for model in ("standard", "no_wl", "prescriptive"):
        for k, (name, found) in enumerate(networks(model).items()):
            made[f"interpretation/{name}.h5"] = found
            made[f"models/{name}/history.csv"] = history.assign(validation_mse=(0.2 + 0.02 * k) / epoch)
            shifted = predictions.assign(sigma8_predicted=predictions["sigma8_predicted"] + 0.002 * k)
            made[f"models/{name}/predictions.csv"] = shifted
            made[f"models/{name}/provenance.json"] = provenance(0.02 + 0.001 * k)
    changes = [("all layers from the output", "output"), ("one layer", "output"), ("permuted labels", "")]
    explained = [
        {"method": method, "change": change, "layer": layer, "values": values, "similarity": 0.1, "error": 0.02, "n": 5}
        for method in ("saliency", "integrated gradients", "leave one out")
        for values in ("absolute", "signed")
        for change, layer in [*changes, ("other seed", "")]
    ]
    made |= {f"explanations/{name}.csv": pd.DataFrame(explained) for name in ("standard", "no_wl")}
    shares = pd.DataFrame({"catalog": np.repeat([3, 9], 40), "log_m500c": np.tile(np.linspace(13.6, 15, 40), 2)})
    shares = shares.assign(
        sigma8=0.8, sigma8_predicted=0.81, sigma8_nothing=0.8, first=30, cluster=np.arange(80), shapley_err=1e-4
    )
    made["explanations/standard_shapley.csv"] = shares.assign(
        shapley=1e-3 * np.arange(80), last_term=np.sin(np.arange(80))
    )
    power = [{"kind": kind, "size": size, "n_audits": 20} for kind in LEAKS for size in (0.0, 0.01, 0.1)]
    made["audits/power.csv"] = pd.DataFrame(power).assign(
        in_cluster=0.2, in_catalog=0.3, found=0.4, failed=0.1, leak=0.01, r_squared=0.2
    )
    return made


def of_seeds(path: str, results: dict[str, Any], seeds: int) -> Any:
    """Return what a path of INPUTS stands for: a result, or one for each network of a model."""
    found = re.search(r"\{(\w+)\}", path)
    if found is None:
        return results[path]
    names = ("standard", "no_wl") if found[1] == "permuted" else networks(found[1], seeds)
    return {name: results[path.replace(found[0], name)] for name in names}


FIGURES = [name for name in FILES if name.startswith("fig")]
OF_SEEDS = [name for name in FIGURES if any("{" in path for path in FILES[name].inputs.values())]


@pytest.mark.parametrize(("name", "seeds"), [*((name, 1) for name in FIGURES), *((name, 3) for name in OF_SEEDS)])
def test_a_figure_has_the_declared_columns_and_fits_the_page(name: str, seeds: int, results: dict[str, Any]) -> None:
    inputs = {parameter: of_seeds(path, results, seeds) for parameter, path in FILES[name].inputs.items()}
    if FILES[name].settings:
        inputs["settings"] = configuration().only(*FILES[name].settings)
    figure = importlib.import_module(name)
    table = figure.reduce(**inputs)
    assert list(table) == list(FILES[name].columns)
    drawn(figure.draw, table)


@pytest.mark.parametrize(("first", "second"), [("fig01", "fig17"), ("fig07", "fig20"), ("fig08", "fig19")])
def test_figures_of_one_drawing_mean_the_same_by_a_column(first: str, second: str) -> None:
    """Each file holds all of its figure, and so repeats what the drawing of another figure has too."""
    common = FILES[first].columns.keys() & FILES[second].columns.keys()
    assert len(common) >= 4
    assert {name: FILES[first].columns[name] for name in common} == {
        name: FILES[second].columns[name] for name in common
    }
