"""The commands of the scorecard, as subprocesses: alternatives, numbers, scorecard."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from encluster import files, hdf5
from encluster.halos.catalog import read_catalog
from encluster.layouts import LAYOUTS
from encluster.paper import measured_inputs, measured_networks
from encluster.paper.alternatives import ALTERNATIVES
from encluster.paper.published import PUBLISHED
from encluster.paper.typesetting import html, latex, literal, markdown, plain
from factories import RADII
from harness import command, failed, overlay
from scorecards import of_no_network

FEW_MOCKS = {
    "sigma8": {"first": 0.70, "last": 0.90, "number": 3},
    "normalization": {"first": 0.8, "last": 1.3, "number": 2},
}


def passed(result: subprocess.CompletedProcess[str]) -> None:
    assert result.returncode == 0, result.stderr


def provenance(folder: Path, source: str = "surrogate") -> Path:
    content = {
        "source": source,
        "best_epoch": 2,
        "parameters": 321,
        "seconds_training": 60.0,
        "spec": {
            "architecture": {"name": "tiny"},
            "training": {"recipe": "modern", "epochs": 3, "learning_rate": 0.001, "select_from_epoch": 1},
        },
    }
    files.write_json(folder / "provenance.json", content)
    return folder / "provenance.json"


@pytest.fixture(scope="module")
def alternatives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alternatives")
    halos, scaling, profiles = folder / "halos.ecsv", folder / "scaling.json", folder / "profiles.h5"
    config = ("--config", overlay(folder / "few.yaml", halos={"n_clusters": 200}, mocks=FEW_MOCKS))
    passed(command("make_halos", *config, "--output", halos))
    passed(command("fit_scaling", *config, "--halos", halos, "--output", scaling))
    clusters = read_catalog(halos)
    n = len(clusters)
    sizes = {"n": n, "shell": 7, "parameter": 6, "edge": 25, "annulus": 24}
    arrays = {
        name: np.ones([sizes[axis] for axis in column.shape], column.dtype)
        for name, column in LAYOUTS["profiles"].items()
    }
    shells = clusters.m_gas[:, None] * np.full(7, 1 / 7)
    known = {"id": clusters.id, "m500c": clusters.m500c, "m_gas_shell": shells, "radius": RADII}
    hdf5.write_h5(profiles, "profiles", arrays | known, {"source": "surrogate"})
    outputs = []
    for cores in (1, 2):
        output = folder / f"alternatives_{cores}.csv"
        inputs = ("--halos", halos, "--profiles", profiles, "--scaling", scaling)
        passed(command("compare_alternatives", *config, *inputs, "--cores", cores, "--output", output))
        outputs.append(output)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    return outputs[0]


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a run of which only the layers and the training of the network are known."""
    folder = tmp_path_factory.mktemp("numbers")
    layers = {"layer": ["repeated network", "total"], "parameters": [2_830_337, 10_472_834]}
    measured = [
        *measured_inputs.layers(pd.DataFrame({"network": "paper", **layers})),
        *measured_networks.training(files.read_json(provenance(folder))),
    ]
    output = folder / "numbers.csv"
    table = pd.DataFrame([asdict(number) for number in measured])
    of_no_network(table).assign(source="surrogate", photons="simulate").to_csv(output, index=False)
    return output


def test_alternatives(alternatives: Path) -> None:
    table = pd.read_csv(alternatives)
    assert list(table["reading"]) == [plain(alternative.name) for alternative in ALTERNATIVES]
    assert set(table["source"]) == {"surrogate"}
    assert table["mean_n"].notna().all()


def test_scorecard(alternatives: Path, numbers: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / name for name in ("scorecard.csv", "scorecard.md", "scorecard.html", "numbers.tex")]
    facts = provenance(tmp_path)
    arguments = ("--numbers", numbers, "--alternatives", alternatives, "--facts", facts)
    passed(command("make_scorecard", *arguments, "--output", *outputs))
    card = pd.read_csv(outputs[0]).set_index("name")
    assert list(card.index) == list(PUBLISHED)
    assert card.loc["n_parameters", "verdict"] == "as published"
    assert card.loc["delta_sigma8_standard", "verdict"] == "not measured"
    assert card.loc["best_epoch", "verdict"] == "not comparable"
    assert set(card["source"]) == {"surrogate"}
    text, page = outputs[1].read_text(), outputs[2].read_text()
    for made in (text, page):
        assert "surrogate halos (drawn from measured numbers, not Magneticum itself)" in made
        assert "tiny network (321 parameters), 3 epochs with the modern recipe" in made
    assert markdown(ALTERNATIVES[-1].name) in text
    assert html(ALTERNATIVES[-1].name) in page
    assert r"\newcommand{\encNParameters}" in outputs[3].read_text()


@pytest.mark.parametrize("label", ["2021", "NA", "it's {a} $x$ \\\\c <b> & |"])
def test_the_label_of_a_list_remains_text(label: str, alternatives: Path, numbers: Path, tmp_path: Path) -> None:
    facts = provenance(tmp_path)
    facts.write_text(json.dumps({**json.loads(facts.read_text()), "source": label}))
    given = []
    for path in (numbers, alternatives):
        given.append(tmp_path / path.name)
        pd.read_csv(path).assign(source=label).to_csv(given[-1], index=False)
    outputs = [tmp_path / name for name in ("scorecard.csv", "scorecard.md", "scorecard.html", "numbers.tex")]
    arguments = ("--numbers", given[0], "--alternatives", given[1], "--facts", facts)
    passed(command("make_scorecard", *arguments, "--output", *outputs))
    shown = literal(label)
    assert f"the halo list '{markdown(shown)}'" in outputs[1].read_text()
    assert f"the halo list '{html(shown)}'" in outputs[2].read_text()
    assert rf"\newcommand{{\encSource}}{{{latex(shown)}}}" in outputs[3].read_text()


def test_results_that_do_not_belong_together_are_an_error(alternatives: Path, numbers: Path, tmp_path: Path) -> None:
    facts, output = provenance(tmp_path, source="magneticum"), tmp_path / "scorecard.csv"
    result = command(
        "make_scorecard", "--numbers", numbers, "--alternatives", alternatives, "--facts", facts, "--output", output
    )
    failed(result, "error: the model was trained on 'magneticum' halos, the numbers come from 'surrogate' halos\n")
    other = tmp_path / "alternatives.csv"
    pd.read_csv(alternatives).assign(source="magneticum").to_csv(other, index=False)
    facts = provenance(tmp_path)
    result = command(
        "make_scorecard", "--numbers", numbers, "--alternatives", other, "--facts", facts, "--output", output
    )
    failed(result, "made from 'magneticum' halos, the numbers from 'surrogate'")
    assert not output.exists()


def test_an_unknown_form_is_an_error(alternatives: Path, numbers: Path, tmp_path: Path) -> None:
    output = tmp_path / "scorecard.docx"
    arguments = (
        "--numbers",
        numbers,
        "--alternatives",
        alternatives,
        "--facts",
        provenance(tmp_path),
        "--output",
        output,
    )
    failed(command("make_scorecard", *arguments), "the scorecard is written as .csv, .md, .html, .rst, .tex")
