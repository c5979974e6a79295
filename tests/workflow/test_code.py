"""An edited file makes again what depends on it, a touched one nothing."""

import os
import subprocess
from pathlib import Path

import pytest

from harness import edited, jobs, snakemake

Tiny = tuple[Path, subprocess.CompletedProcess[str]]
HALOS = {"make_halos", "fit_scaling"}
XRAY = {"observe", "fit_profiles", "merge_profiles"}
MOCKS = {"make_mocks", "build_features", "compare_alternatives"}
NETWORKS = {"train", "interpret", "audit_model"}


def planned(folder: Path) -> set[str]:
    done = snakemake(folder, "-n", "--configfile", "config/tiny.yaml", "--", "all")
    assert done.returncode == 0, done.stderr
    return set(jobs(done.stdout + done.stderr))


def test_a_touched_source_does_nothing(tiny: Tiny) -> None:
    folder, _ = tiny
    sources = [path for part in ("src", "workflow", "paper_figures", "rules") for path in (folder / part).rglob("*.*")]
    assert len(sources) > 150
    for path in sources:
        os.utime(path)
    assert planned(folder) == set()


@pytest.mark.parametrize(
    ("path", "again", "stays"),
    [
        ("src/encluster/files.py", HALOS | XRAY | MOCKS | NETWORKS, set()),
        ("src/encluster/randomness.py", HALOS | XRAY | MOCKS | NETWORKS, set()),
        ("src/encluster/xray/settings.py", XRAY | MOCKS | NETWORKS, HALOS),
        ("src/encluster/network/layers.py", NETWORKS | {"reduce tab03"}, HALOS | XRAY | MOCKS),
        ("src/encluster/interpretation/saliency.py", {"interpret"}, HALOS | XRAY | MOCKS | {"train", "audit_model"}),
        ("src/encluster/training/loop.py", NETWORKS, HALOS | XRAY | MOCKS),
        ("workflow/scripts/make_mocks.py", MOCKS - {"compare_alternatives"} | NETWORKS, HALOS | XRAY),
        ("paper_figures/paper.mplstyle", {"draw fig01", "draw fig21"}, HALOS | XRAY | MOCKS | NETWORKS),
    ],
)
def test_an_edited_file_is_noticed_by_the_steps_that_use_it(
    tiny: Tiny, path: str, again: set[str], stays: set[str]
) -> None:
    folder, _ = tiny
    edited = folder / path
    before = edited.read_text()
    edited.write_text(before + "\n# edited\n")
    try:
        found = planned(folder)
    finally:
        edited.write_text(before)
    assert again <= found
    assert not stays & found


@pytest.mark.parametrize("path", ["running/size.py", "running/configuration.py", "training/duration.py"])
def test_what_only_checks_and_reports_makes_nothing_again(tiny: Tiny, path: str) -> None:
    folder, _ = tiny
    edited = folder / "src/encluster" / path
    before = edited.read_text()
    edited.write_text(before + "\n# edited\n")
    try:
        assert planned(folder) == set()
    finally:
        edited.write_text(before)


def test_what_figures_share_is_noticed_by_the_figures_that_use_it(tiny: Tiny) -> None:
    folder, _ = tiny
    path = folder / "paper_figures/saliency_lines.py"
    for function, again in (
        ("draw_by_radius", {"draw fig11", "draw fig12"}),
        ("median_by_radius", {"reduce fig11", "reduce fig12", "draw fig11", "draw fig12"}),
    ):
        before = edited(path, "pass\n", function=function)
        try:
            found = planned(folder)
        finally:
            path.write_text(before)
        assert again <= found
        assert {name for name in found - again if name.startswith(("draw", "reduce"))} == set()
