"""Dry runs: each target by itself, the job count at full size, SLURM without SLURM, clear errors."""

import re
from pathlib import Path

import pytest

from harness import TARGETS, TINY, jobs, snakemake


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_is_one_of_its_own(workflow: Path, target: str) -> None:
    suffix = "pdf" if target.startswith("fig") else "tex"
    by_name = snakemake(workflow, "-n", "--workflow-profile", "none", "--configfile", "config/tiny.yaml", "--", target)
    assert by_name.returncode == 0, by_name.stderr
    wanted = jobs(by_name.stdout)
    assert {f"reduce {target}", f"draw {target}"} <= wanted.keys()
    # Figures 4 and 5 are drawn from the numbers of Table 3
    assert [name for name in wanted if name.startswith("draw ")] == [f"draw {target}"]
    assert f"{TINY}/{target}.{suffix}" in by_name.stdout


def test_a_figure_can_be_asked_for_by_its_file(workflow: Path) -> None:
    done = snakemake(workflow, "-n", "--", "results/fig08.pdf")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^train +3$", done.stdout, re.MULTILINE)


def test_number_of_jobs_at_full_size(workflow: Path) -> None:
    done = snakemake(workflow, "-n", "all")
    assert done.returncode == 0, done.stderr
    number = dict(re.findall(r"^(\w+) +(\d+)$", done.stdout, re.MULTILINE))
    # of the run's own simulation and of five others
    assert number["observe"] == number["fit_profiles"] == str(6 * 32)
    assert number["make_halos"] == number["fit_scaling"] == number["merge_profiles"] == "6"
    assert number["make_mocks"] == str(4 + 5 * 2)
    assert number["predict_unseen"] == str(5 * 2)
    # three seeds of Standard, Shuffled and No WL
    assert (number["build_features"], number["train"]) == ("5", str(3 * 3 + 2))
    # of all seeds of Standard and No WL, and of the prescriptive model; one of the others is audited too
    assert (number["interpret"], number["audit_model"]) == ("7", "9")
    # all + the above + 2 x 25 targets + numbers, alternatives, scorecard
    assert number["total"] == str(1 + 2 * 192 + 18 + 14 + 10 + 5 + 11 + 7 + 9 + 50 + 3)


def test_the_ensemble_has_the_papers_ten_seeds(workflow: Path) -> None:
    done = snakemake(workflow, "-n", "ensemble")
    assert done.returncode == 0, done.stderr
    number = dict(re.findall(r"^(\w+) +(\d+)$", done.stdout, re.MULTILINE))
    assert number["train"] == number["interpret"] == number["audit_model"] == "10"
    assert number["make_mocks"] == number["build_features"] == "1"


def test_slurm_asks_a_gpu_for_training_alone(workflow: Path) -> None:
    done = snakemake(workflow, "-n", "--workflow-profile", "profiles/slurm", "--", "all")
    assert done.returncode == 0, done.stderr
    rules = re.split(r"^(?=rule |localrule )", done.stdout, flags=re.MULTILINE)[1:]
    names = [rule.split()[1].rstrip(":") for rule in rules]
    asking = [name for name, rule in zip(names, rules, strict=True) if "gres=gpu:1" in rule]
    assert set(asking) == {"train"}
    assert len(names) > 80
    assert all("runtime=" in rule for name, rule in zip(names, rules, strict=True) if name != "all")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("sede=1", "key 'sede' is not known; did you mean 'seed'?"),
        ("seed=-1", "seed = -1: must be at least 0"),
        ("models={standard: {variant: best}}", "models.standard.variant = 'best': must be one of standard"),
        ("mock_sets={smaller: {survey: {volume: 0.3}}}", "mock_sets.smaller: key 'survey.volume' is not known"),
        ("ensemble={models: [fast]}", "ensemble.models: 'fast' is not a row of models"),
        ("halos={source: magneticum}", "halos.path = null: halos.source = magneticum needs the path of a list"),
    ],
)
def test_a_wrong_configuration_stops_at_once_with_one_line(workflow: Path, setting: str, message: str) -> None:
    done = snakemake(workflow, "-n", "--config", setting, "--", "all")
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if "configuration:" in line]
    assert len(said) == 1
    assert message in said[0]


def test_a_list_that_is_not_there_is_named(workflow: Path) -> None:
    done = snakemake(workflow, "-n", "--config", "halos={source: magneticum, path: nowhere.npy}", "--", "all")
    assert done.returncode != 0
    assert "nowhere.npy" in done.stdout + done.stderr


def test_every_row_of_models_is_trained(workflow: Path) -> None:
    overlay = workflow / "two.yaml"
    overlay.write_text("models: { again: { variant: standard, seed: 2 } }")
    done = snakemake(workflow, "-n", "--configfile", "config/laptop.yaml", str(overlay), "--", "all")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^train +12$", done.stdout, re.MULTILINE)


def test_a_list_can_be_fetched_or_named(workflow: Path) -> None:
    (workflow / "list.npy").touch()
    named = snakemake(
        workflow, "-n", "--configfile", "config/magneticum.yaml", "--config", "halos={path: list.npy}", "--", "all"
    )
    assert named.returncode == 0, named.stderr
    assert "fetch_catalog" not in named.stdout
    overlay = workflow / "fetch.yaml"
    overlay.write_text(f"halos: {{ source: magneticum, thinned: true, url: 'file:///list.npy', sha256: '{'0' * 64}' }}")
    fetched = snakemake(workflow, "-n", "--configfile", str(overlay), "--", "all")
    assert fetched.returncode == 0, fetched.stderr
    assert re.search(r"^fetch_catalog +1$", fetched.stdout, re.MULTILINE)


def test_the_catalog_of_workflows_finds_a_snakefile(workflow: Path) -> None:
    done = snakemake(workflow, "-n", "--snakefile", "workflow/Snakefile", "--configfile", "config/config.yaml")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^train +11$", done.stdout, re.MULTILINE)


def test_another_backend_stops_before_the_first_job(workflow: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    done = snakemake(workflow, "--cores", "1", "--configfile", "config/tiny.yaml", "--", "all")
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if "KERAS_BACKEND" in line]
    assert len(said) == 1, done.stderr
    assert "error: KERAS_BACKEND = 'torch': must be tensorflow or jax" in said[0]
    assert not (workflow / "results").exists()
