"""The whole chain at the tiny size: everything is made, nothing is made twice, a change remakes what follows."""

import json
import re
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from encluster.network.architecture import TINY as TINY_NETWORK
from harness import SCORECARD, TARGETS, TINY, edited, jobs, snakemake

Tiny = tuple[Path, subprocess.CompletedProcess[str]]


def dry(folder: Path, *arguments: str) -> str:
    done = snakemake(folder, "-n", "--configfile", "config/tiny.yaml", *arguments, "--", "all")
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_every_target_is_made(tiny: Tiny) -> None:
    folder, done = tiny
    assert done.returncode == 0, done.stdout + done.stderr
    for target in TARGETS:
        for suffix in ("pdf", "png") if target.startswith("fig") else ("md", "tex", "html"):
            assert (folder / f"{TINY}/{target}.{suffix}").stat().st_size > 100
        data = pd.read_csv(folder / f"{TINY}/{target}.csv")
        assert list(pd.read_csv(folder / f"{TINY}/{target}.columns.csv")["column"]) == list(data)
        assert {"source", "photons"} <= set(data.columns)
        # of 40 catalogs no bin of N_cluster and Y_X holds enough
        assert len(data) or target in ("fig14", "fig18"), target
    assert (folder / TINY / "fig08.pdf").read_bytes().startswith(b"%PDF")
    for name in SCORECARD:
        assert (folder / TINY / name).stat().st_size > 1000


def test_the_run_says_what_it_will_do_and_what_it_made(tiny: Tiny) -> None:
    _, done = tiny
    said = done.stdout + done.stderr
    assert re.search(r"Training the tiny network .* on .*: about", said)
    assert f"Made with the surrogate halo catalog in {TINY}:" in said
    assert "\n  fig08.pdf\n" in said
    assert "surrogate" in said


def test_columns_that_others_rely_on(tiny: Tiny) -> None:
    folder, _ = tiny
    fig08 = pd.read_csv(folder / TINY / "fig08.csv")
    assert {"sigma8_true", "sigma8_predicted", "source"} <= set(fig08)
    assert set(fig08["source"]) == {"surrogate"}
    # a tenth of 40 catalogs, for each network
    assert fig08["network"].value_counts().to_dict() == {"standard": 4, "standard_2": 4}
    assert np.isfinite(fig08["sigma8_predicted"]).all()
    tab03 = pd.read_csv(folder / TINY / "tab03.csv")
    totals = tab03[tab03["layer"] == "total"].set_index("network")["parameters"]
    assert totals.to_dict() == {"paper": 10_472_834, "trained": TINY_NETWORK.n_parameters()}
    with h5py.File(folder / TINY / "mocks/mocks.h5") as mocks:
        assert len(mocks["catalogs/sigma8"]) == 40
        assert mocks["clusters/log_lx"].attrs["unit"] == "dex(1e44 erg/s)"


def test_a_second_run_does_nothing(tiny: Tiny) -> None:
    folder, _ = tiny
    assert "Nothing to be done" in dry(folder)


def test_a_changed_key_remakes_what_follows_and_nothing_else(tiny: Tiny) -> None:
    folder, _ = tiny
    overlay = folder / "overlay.yaml"
    overlay.write_text("features: { interval: [-1.0, 1.0] }")
    remade = jobs(dry(folder, str(overlay))).keys()
    assert {"build_features", "train", "draw fig06", "draw fig07", "draw fig08"} <= remade
    assert not remade & {"make_halos", "observe", "fit_profiles", "make_mocks", "reduce fig01", "reduce tab02"}


def test_a_changed_figure_is_drawn_again_and_nothing_else(tiny: Tiny) -> None:
    folder, _ = tiny
    path = folder / "paper_figures/fig01.py"
    for function, again in (("draw", {"draw fig01": 1}), ("reduce", {"reduce fig01": 1, "draw fig01": 1})):
        before = edited(path, "pass\n", function=function)
        try:
            assert jobs(dry(folder)) == again
        finally:
            path.write_text(before)


def test_no_pickle_anywhere(tiny: Tiny) -> None:
    folder, _ = tiny
    made = [path for path in folder.rglob("results/**/*") if path.is_file()]
    assert len(made) > 30
    assert [path for path in made if path.suffix in (".pkl", ".pickle", ".joblib")] == []
    assert [
        path for path in made if path.suffix != ".log" and path.read_bytes()[:2] in (b"\x80\x04", b"\x80\x05")
    ] == []


def test_the_report_is_one_file_with_every_figure_and_its_caption(tiny: Tiny) -> None:
    folder, _ = tiny
    done = snakemake(folder, "--report", "report.html", "--configfile", "config/tiny.yaml", "--", "all")
    assert done.returncode == 0, done.stderr
    assert "(ERROR" not in done.stderr  # of captions that are no reStructuredText
    page = (folder / "report.html").read_text()
    for target in TARGETS:
        assert f"{target}.{'png' if target.startswith('fig') else 'html'}" in page
    assert "scorecard.html" in page
    assert "Fig. 11: Saliency against radius" in page
    assert "Halo catalog: surrogate" in page
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']https?:", page)  # it opens without a network


def test_a_model_too_small_to_judge_is_not_judged(tiny: Tiny) -> None:
    """Four testing catalogs tell nothing of a leak, and the scorecard says so instead of passing the model."""
    folder, _ = tiny
    audit = json.loads((folder / TINY / "audits/standard.json").read_text())
    assert (audit["verdict"], audit["reason"]) == ("UNDECIDED", "too few catalogs")
    assert audit["leak"] is None
    card = pd.read_csv(folder / TINY / "scorecard.csv").set_index("name")
    assert set(card["source"]) == {"surrogate"}
    assert card.loc["n_parameters", "verdict"] == "as published"
    assert card.loc["audit_standard", "verdict"] == "not measured"
