"""The configuration: every shipped one is valid; a wrong one stops with one line that says what to do."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from encluster.mocks.settings import SurveySettings
from encluster.running.configuration import Configuration
from encluster.running.configuration_pages import page
from encluster.running.results_folder import results_folder
from encluster.settings import merged
from factories import ROOT, configuration

FULL = yaml.safe_load((ROOT / "config/config.yaml").read_text())
TABLE = {"source": "table", "path": "list.csv", "columns": {"m500c": {"column": "M"}}}


@pytest.mark.parametrize("name", ["config", "laptop", "workstation", "tiny", "magneticum"])
def test_shipped_configurations_are_valid(name: str) -> None:
    overlay = yaml.safe_load((ROOT / f"config/{name}.yaml").read_text())
    if name == "magneticum":
        overlay = merged(overlay, {"halos": {"path": "list.npy"}})
    found = Configuration.of(merged(FULL, overlay))
    assert found.results == ("results" if name == "config" else f"results/{name}")


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ({"sede": 1}, r"^key 'sede' is not known; did you mean 'seed'\?$"),
        ({"mocks": {"sigma_8": {}}}, r"^key 'mocks.sigma_8' is not known; did you mean 'sigma8'\?$"),
        ({"survey": {"slope": -1}}, r"^survey.slope = -1: must be at least 0 \(A in V_obs"),
        ({"survey": {"slope": "2.4 or so"}}, r"^survey.slope = '2.4 or so': must be of type number \(A in"),
        ({"survey": {"slope": "0x10"}}, r"^survey.slope = '0x10': must be of type number"),
        ({"survey": {"slope": "nan"}}, r"^survey.slope = 'nan': must be a finite number"),
        ({"survey": {"slope": "1e999"}}, r"^survey.slope = inf: must be a finite number"),
        ({"survey": {"slope": True}}, r"^survey.slope = True: must be of type number"),
        ({"ensemble": {"together": "yes"}}, r"^ensemble.together = 'yes': must be of type boolean; --config reads"),
        ({"training": {"epochs": 1.5}}, r"^training.epochs = 1.5: must be of type integer"),
        ({"training": {"epochs": "1.5e0"}}, r"^training.epochs = 1.5: must be of type integer"),
        ({"training": {"epochs": 10**9}}, r"^training.epochs = 1000000000: must be at most 1000000"),
        ({"xray": {"chunks": 10**6}}, r"^xray.chunks = 1000000: must be at most 1000"),
        ({"seed": 2**64}, r"^seed = 18446744073709551616: must be at most 4294967295"),
        ({"seed": "1e400"}, r"^seed = inf: must be a finite number"),
        (
            {"models": {"standard": {"seed": 2**32 - 3}}},
            r"^models.standard_4: seed = 4294967296: must be at most 4294967295",
        ),
        ({"box_mpc_h": 352_000}, r"^box_mpc_h = 352000: must be at most 10000 \(.*neither in kpc/h"),
        ({"box_mpc_h": 0.352}, r"^box_mpc_h = 0.352: must be at least 1 \(.*nor in Gpc/h"),
        ({"box_mpc_h": 10**400}, r"^box_mpc_h = inf: must be a finite number"),
        ({"cosmology": {"om0": 0.05, "ob0": 0.06}}, r"^cosmology.ob0 = 0.06: must be below om0, 0.05"),
        ({"models": {1: {"variant": "standard", "seed": 1}}}, r"^key 'models.1': must be text; put it in quotes$"),
        ({"mock_sets": {False: {}}}, r"^key 'mock_sets.False': must be text"),
        ({"halos": {"columns": {"id": {None: 1}}}}, r"^key 'halos.columns.id.None': must be text"),
        ({2021: 1}, r"^key '2021': must be text"),
        ({"mocks": {"sigma8": {"number": 1}}}, r"^mocks.sigma8 = 0.7 to 0.92, number = 1: has 1 distinct values"),
        ({"mocks": {"sigma8": {"number": 2}}}, r"^mocks.sigma8 = .*: has 2 distinct values of sigma8; a network needs"),
        ({"mocks": {"sigma8": {"last": 0.7}}}, r"^mocks.sigma8 = 0.7 to 0.7, number = 23: has 1 distinct values"),
        (
            {"mock_sets": {"larger": {"mocks": {"sigma8": {"number": 1}}}}},
            r"^mock_sets.larger: mocks.sigma8 = 0.7 to 0.92, number = 1: has 1 distinct",
        ),
        (
            {"mocks": {"normalization": {"number": 100}}},
            r"^mocks.normalization.number = 100: makes 23 \* 100\^3 = 23,000,000 mock catalogs; at most 1,000,000$",
        ),
        (
            {"mocks": {"normalization": {"number": 1}, "sigma8": {"number": 12}}},
            r"^features.fractions = .*: leaves 1 of 12 mock catalogs to the testing set, which needs at least 2",
        ),
        (
            {"mocks": {"normalization": {"number": 1}}, "features": {"fractions": [0.89, 0.01, 0.1]}},
            r"^features.fractions = .*: leaves 0 of 23 mock catalogs to the validation set, which needs at least 1",
        ),
        (
            {"mocks": {"normalization": {"number": 1}}, "features": {"fractions": [0.05, 0.05, 0.9]}},
            r"^features.fractions = .*: leaves 1 of 23 mock catalogs to the training set, which needs at least 3",
        ),
        ({"mock_sets": {"larger": {"mocks": {"sigma8": 3}}}}, r"^mock_sets.larger: mocks.sigma8 = 3: must be of type"),
        ({"survey": {"volume_fraction": 1.5}}, r"^survey.volume_fraction = 1.5: must be at most 1"),
        ({"survey": {"m_break": {"unit": "kg"}}}, r"^survey.m_break.unit = 'kg': must be one of Msun, Msun/h"),
        ({"survey": {"m_break": {"log10": 13.0, "unit": "Msun/h"}}}, r"^survey.m_break.log10 = 13.0 .*: must exceed"),
        ({"halos": {"source": "magneticum"}}, r"^halos.path = null: halos.source = magneticum needs the path"),
        ({"halos": {"n_clusters": 49}}, r"^halos.n_clusters = 49: must be at least 50"),
        ({"mass_function": "press74"}, r"^mass_function = 'press74': must be one of bocquet16, tinker08"),
        ({"mocks": {"sigma8": {"last": 0.6}}}, r"^mocks.sigma8.last = 0.6: must be at least first, 0.7$"),
        ({"mocks": {"scatter": [1.3, 0.7]}}, r"^mocks.scatter = \[1.3, 0.7\]: the second must be at least the first"),
        ({"mocks": {"lx_slope": [0.0, 1.0]}}, r"^mocks.lx_slope = \[0.0, 1.0\]: must be positive"),
        ({"mocks": {"scatter": [-1.0, 1.3]}}, r"^mocks.scatter = \[-1.0, 1.3\]: must be positive"),
        (
            {"features": {"interval": [0.5, 0.5]}},
            r"^features.interval = \[0.5, 0.5\]: the second must exceed the first",
        ),
        ({"xray": {"exposure_s": float("nan")}}, r"^xray.exposure_s = nan: must be a finite number"),
        ({"xray": {"wavelet": {"last_scale": 1}}}, r"^xray.wavelet.last_scale = 1: must be at least first_scale"),
        ({"survey": {"m_break": {"log10": 13.7}}}, r"^survey.m_break.log10 = 13.7 \(Msun\): must exceed m_min, 13.6"),
        ({"training": {"weight_decay": 0.1}}, r"^training.weight_decay = 0.1: must be 0 for recipe = paper"),
        ({"results": 1}, r"^results = 1: must be of type string"),
        ({"models": {"new\n": {"variant": "no_wl", "seed": 1}}}, r"^models = 'new\\n': "),
        ({"mock_sets": {"new\n": {}}}, r"^mock_sets = 'new\\n': "),
        ({"halos": {"url": "file:///x", "sha256": "0" * 64 + "\n"}}, r"^halos.sha256 = '0{64}\\n': "),
        ({"halos": {**TABLE, "label": "two\nlines"}}, r"^halos.label = 'two\\nlines': must be one line"),
        ({"halos": {**TABLE, "label": " "}}, r"^halos.label = ' ': must be one line"),
        ({"halos": {**TABLE, "label": "x" * 61}}, r"^halos.label = 'x{61}'"),
        ({"halos": {**TABLE, "path": "a{b}.csv"}}, r"^halos.path = 'a\{b\}.csv': must have no braces"),
        ({"halos": {**TABLE, "path": "a\x07.csv"}}, r"^halos.path = 'a\\x07.csv': must be one line"),
        (
            {"xray": {"photons": "simput", "simput": {"pattern": "{run}/{id}.fits"}}},
            r"^xray.simput.pattern = '\{run\}/\{id\}.fits': must have no braces",
        ),
        ({"halos": {"url": "file:///x", "source": "table"}}, r"^halos.sha256 = null: a list that is downloaded needs"),
        ({"models": {"standard": {"variant": "best"}}}, r"^models.standard.variant = 'best': must be one of standard,"),
        ({"models": {"new": {"variant": "no_wl"}}}, r"^key 'models.new.seed' is missing$"),
        ({"models": {"standard": {"training": {"epochs": 0}}}}, r"^models.standard: training.epochs = 0: must be at"),
        (
            {"models": {"no_wl": {"architecture": {"depth": 3}}}},
            r"^models.no_wl: key 'architecture.depth' is not known",
        ),
        (
            {"mock_sets": {"smaller": {"survey": {"volume": 1}}}},
            r"^mock_sets.smaller: key 'survey.volume' is not known",
        ),
        (
            {"mock_sets": {"larger": {"mocks": {"scatter": [2, 1]}}}},
            r"^mock_sets.larger: mocks.scatter = \[2.0, 1.0\]: the",
        ),
        (
            {"models": {"standard_3": {"variant": "no_wl", "seed": 7}}},
            r"^models.standard_3: a network made of the row standard has this name; choose another$",
        ),
        ({"models": {"no_wl_permuted": {"variant": "no_wl", "seed": 7}}}, r"^models.no_wl_permuted: a network made of"),
        ({"models": {"no_wl_half_2": {"variant": "no_wl", "seed": 7}}}, r"^models.no_wl_half_2: a network made of the"),
        ({"checks": {"exponents": [0.1, 0.10]}}, r"^models.prescriptive_times_0_1: a network made of the row presc"),
        ({"checks": {"halves": ["fast"]}}, r"^checks.halves: 'fast' is not a row of models: standard, shuffled"),
        ({"checks": {"permuted": ["fast"]}}, r"^checks.permuted: 'fast' is not a row of models: standard, shuffled"),
        ({"checks": {"realizations": 1}}, r"^checks.realizations = 1: must be at least 2"),
        ({"models": {"new": {"variant": "no_wl", "seed": 1, "mocks": "small"}}}, r"^models.new: mocks = 'small': must"),
        ({"seed": 2**32 - 1}, r"^seed = 4294967295: must be at most 4294967290"),
        ({"ensemble": {"models": ["prescriptive"]}}, r"^ensemble.models: 'prescriptive' reads other columns"),
        ({"mock_sets": {"no_wl": {}}}, r"^mock_sets"),
        ({"ensemble": {"models": ["fast"]}}, r"^ensemble.models: 'fast' is not a row of models: standard, shuffled"),
        ({"features": {"fractions": [0.8, 0.1, 0.2]}}, r"^features.fractions = .* must add up to 1$"),
        (
            {"mocks": {"abundance": "simulation"}, "halos": {**TABLE, "thinned": True}},
            r"no meaning for a thinned list",
        ),
        ({"models": {"standard": {"seed": 1, "variant": "standrad"}}}, r"^models.standard.variant = 'standrad'"),
    ],
)
def test_wrong_configurations_stop_with_one_line(overlay: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Configuration.of(merged(FULL, overlay))
    assert "\n" not in str(caught.value)


def in_json(config: dict[str, Any]) -> str:
    return Configuration.of(config).model_dump_json()


# the same values as YAML 1.1, or --config, may hand them over
SPELLINGS = [
    "training: {learning_rate: 1e-3, epochs: 5e1, threads: 2.0, checkpoint_seconds: 60}",
    "training: {learning_rate: '0.001', epochs: '50', threads: '2', checkpoint_seconds: '+60.'}",
    "training: {learning_rate: .1e-2, epochs: 50.0, threads: '2e0', checkpoint_seconds: 6.0e+1}",
]


def test_equal_numbers_make_equal_configurations() -> None:
    plain = {"learning_rate": 0.001, "epochs": 50, "threads": 2, "checkpoint_seconds": 60.0}
    spelled = [yaml.safe_load(text)["training"] for text in SPELLINGS]
    assert [type(training["learning_rate"]) for training in spelled] == [str, str, float]
    for training in spelled:
        assert in_json(merged(FULL, {"training": training})) == in_json(merged(FULL, {"training": plain}))
        row = {"models": {"new": {"variant": "no_wl", "seed": "3", "training": training}}}
        expected = {"models": {"new": {"variant": "no_wl", "seed": 3, "training": plain}}}
        ours, theirs = (Configuration.of(merged(FULL, rows)).training_of("new") for rows in (row, expected))
        assert ours == theirs
        assert ours.training.learning_rate == 0.001
    texts = {"survey": {"m_min": {"log10": "1.36e1"}}, "mocks": {"scatter": ["7e-1", 2], "sigma8": {"number": "5"}}}
    numbers = {"survey": {"m_min": {"log10": 13.6}}, "mocks": {"scatter": [0.7, 2.0], "sigma8": {"number": 5}}}
    assert in_json(merged(FULL, texts)) == in_json(merged(FULL, numbers))
    rows = ({"mock_sets": {"larger": changes}} for changes in (texts, numbers))
    ours, theirs = (Configuration.of(merged(FULL, row)).mock_set("larger") for row in rows)
    assert ours == theirs
    assert Configuration.of(merged(FULL, {"overwrite": "true"})).overwrite is True
    band = {"xray": {"energy_band_kev": ["5e-1", "2"]}}
    assert Configuration.of(merged(FULL, band)).xray.energy_band_kev == (0.5, 2.0)


def test_text_that_looks_like_a_number_stays_text_where_text_is_meant() -> None:
    columns = {"m500c": {"column": "7", "unit": "1"}}
    halos = {"source": "table", "path": "12", "label": "1e3", "columns": columns}
    found = Configuration.of(merged(FULL, {"results": "2021", "halos": halos}))
    assert found.results == "2021"
    assert (found.halos.label, found.halos.path) == ("1e3", "12")
    assert found.halos.columns == columns


def test_every_number_has_limits_and_every_key_a_meaning() -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) > 90
    for _, key, default, limits, meaning, _ in rows:
        assert meaning, key
        if re.fullmatch(r"`[-0-9.e+]+`", default):
            assert " ... " in limits, key


def test_a_key_that_is_left_out_has_its_default() -> None:
    config = merged(FULL, {})
    del config["survey"]
    assert Configuration.of(config).survey == SurveySettings()


def test_the_shipped_configuration_is_the_default() -> None:
    assert Configuration.read([ROOT / "config/config.yaml"]) == Configuration()
    assert Configuration.of(FULL) == Configuration()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("seed: [1", "not valid YAML"),
        ("- 1", "must be a mapping of keys to values"),
        ("seed: one", "seed = 'one': must be of type integer"),
    ],
)
def test_a_file_that_is_no_configuration(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "mine.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ValueError, match=re.escape(message)):
        Configuration.read([path])


def test_a_step_sees_only_the_settings_that_it_asks_for() -> None:
    some = Configuration().only("survey", "mocks")
    assert some.survey == SurveySettings()
    with pytest.raises(AttributeError):
        _ = some.xray


def test_rows_change_what_they_name_and_nothing_else() -> None:
    config = Configuration()
    survey, mocks = config.mock_set("smaller")
    assert survey == config.survey.changed({"volume_fraction": 0.3, "smoothing_dex": 0.076})
    assert mocks == config.mocks
    assert config.mock_set("mocks") == (config.survey, config.mocks)
    prescriptive, standard = (config.training_of(name) for name in ("prescriptive", "standard"))
    assert prescriptive.architecture == replace(standard.architecture, pooling="max")
    assert prescriptive.training == replace(standard.training, learning_rate=0.01)
    for name, wrong in (("mock_set", "deep"), ("training_of", "best")):
        with pytest.raises(ValueError, match=rf"'{wrong}' (is|are) not known; there are"):
            getattr(config, name)(wrong)


@pytest.mark.parametrize("name", ["laptop", "workstation", "tiny"])
def test_adamw_gets_a_rate_of_its_own(name: str) -> None:
    prescriptive = configuration(name).training_of("prescriptive")
    # 0.01 diverges with it
    assert (prescriptive.training.recipe, prescriptive.training.learning_rate) == ("modern", 0.001)
    assert prescriptive.architecture.pooling == "max"


def test_networks_of_a_row_differ_by_their_seeds_alone() -> None:
    config = Configuration()
    names = config.placeholders["standard"]
    assert names == ["standard", "standard_2", "standard_3"]
    assert config.placeholders["ensemble"] == [*names, *(f"standard_{k}" for k in range(4, 11))]
    assert config.placeholders["array_of_ones"] == ["array_of_ones"]
    seeds = [config.training_of(name).seed for name in config.placeholders["ensemble"]]
    assert seeds == list(range(1, 11))
    assert all(replace(config.training_of(name), seed=1) == config.training_of("standard") for name in names)


def test_features_are_named_for_what_differs() -> None:
    config = Configuration()

    def features(name: str) -> str:
        return config.features_of(config.all_models[name], permuted=True)

    assert features("standard_3") == "standard"
    assert features("standard_permuted") == "standard_permuted"
    assert config.features_of(config.all_models["standard_permuted"]) == "standard"
    assert features("prescriptive") == "prescriptive"
    assert features("prescriptive_times_0_1") == "prescriptive_of_prescriptive_times_0_1"
    assert features("no_wl_half_2") == "no_wl_of_mocks_first_half_2"


def test_mock_catalogs_of_halves_and_of_smaller_exponents() -> None:
    config = Configuration()
    assert all(config.mock_set(name) for name in config.derived_mock_sets)
    half = config.mock_set("prescriptive_second_half_3")[1]
    assert (half.clusters, half.split, half.observables) == ("second_half", 3, "prescriptive")
    exponents = config.mock_set("prescriptive_times_0_1")[1].prescriptive_exponents
    assert exponents.temperature == pytest.approx(0.1 * config.mocks.prescriptive_exponents.temperature)


def test_a_list_is_split_and_the_surrogate_drawn_again() -> None:
    surrogate = Configuration()
    assert surrogate.placeholders["unseen"][:2] == ["unseen/1/predictions/mocks", "unseen/1/predictions/prescriptive"]
    assert surrogate.half_models == ("standard", "no_wl")
    listed = surrogate.changed({"halos": {**TABLE}})
    assert listed.placeholders["unseen"][:2] == [
        "predictions/mocks_second_half_1",
        "predictions/prescriptive_second_half_1",
    ]
    assert set(listed.half_models) == set(listed.models)
    assert len(surrogate.placeholders["unseen"]) == len(listed.placeholders["unseen"]) == 10


def test_networks_that_predict_a_file_of_mocks() -> None:
    config = Configuration()
    assert config.networks_on("prescriptive", unseen=True) == ["prescriptive"]
    everything = config.networks_on("mocks", unseen=True)
    assert everything[:4] == ["standard", "standard_2", "standard_3", "shuffled"]
    assert len(everything) == 10
    for half in ("first", "second"):
        assert config.networks_on(f"mocks_{half}_half_2", unseen=False) == ["standard_half_2", "no_wl_half_2"]
    listed = config.changed({"halos": {**TABLE}})
    assert listed.networks_on("prescriptive_second_half_5", unseen=False) == ["prescriptive_half_5"]


def test_another_realization_has_another_seed_alone() -> None:
    config = Configuration()
    other = config.with_seed(7)
    assert other.seed == 7
    assert config.with_seed(None) is config
    assert other.changed({"seed": config.seed}) == config


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project folder, which is the working folder too, in a home folder."""
    home = tmp_path / "home"
    folder = home / "project"
    for name in ("src", "config", "results"):
        (folder / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "text", ["results", "results/magneticum", "a b/c", "größe+x=1@y-2", "e\u0301tude", "x.y", "./x//y/"]
)
def test_a_results_folder_may_have_letters_digits_and_a_few_signs(project: Path, text: str) -> None:
    assert results_folder(text, Path()) == text.removeprefix("./").replace("//", "/").rstrip("/")


def test_a_results_folder_may_lie_elsewhere(project: Path) -> None:
    home = project.parent
    assert results_folder("~/x/y", Path()) == f"{home}/x/y"
    assert results_folder("../other", Path()) == f"{home}/other"
    assert results_folder("a/../../other", Path()) == f"{home}/other"
    assert results_folder(f"{home}/z", Path()) == f"{home}/z"


@pytest.mark.parametrize("character", list("&;()$`'\"\\{}[]*?!<>|#%^~,:\t\n\0\x7f\u2028"))
def test_every_other_character_is_named(project: Path, character: str) -> None:
    with pytest.raises(ValueError, match=r"^results = ") as caught:
        results_folder(f"x{character}y", Path())
    assert f"{character!r} cannot be in the name" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_command_in_the_name_is_refused(project: Path) -> None:
    with pytest.raises(ValueError, match=r"'\$', '\(', '\)', '\{', '\}' cannot be in the name"):
        results_folder("x/$(touch${IFS}mark)x", Path())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be the name of a folder"),
        (" ", "must be the name of a folder"),
        (".", "is the project folder or holds it"),
        ("..", "is the project folder or holds it"),
        ("x/..", "is the project folder or holds it"),
        ("/", "is the project folder or holds it"),
        ("~", "is the project folder or holds it"),
        ("src", "belongs to the folder 'src'"),
        ("src/x", "belongs to the folder 'src'"),
        ("link", "belongs to the folder 'src'"),
        ("x/../config/", "belongs to the folder 'config'"),
        (".snakemake/x", "belongs to the folder '.snakemake'"),
        ("-x", "must not begin with '-'"),
        ("x/-y", "must not begin with '-'"),
        ("x /y", "begin or end with a blank"),
        ("file/x", "file is a file where a folder should be"),
        ("~nobody-of-this-name/x", "no such home folder"),
    ],
)
def test_a_results_folder_that_is_something_else_is_refused(project: Path, text: str, message: str) -> None:
    (project / "link").symlink_to("src")
    (project / "file").touch()
    with pytest.raises(ValueError, match=rf"^results = {re.escape(repr(text))}: .*{re.escape(message)}") as caught:
        results_folder(text, Path())
    assert "\n" not in str(caught.value)


def test_the_working_and_the_home_folder_are_refused_where_the_project_is_elsewhere(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "work"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with pytest.raises(ValueError, match="is the working folder or holds it"):
        results_folder(".", project)
    monkeypatch.setenv("HOME", str(tmp_path / "people" / "me"))
    with pytest.raises(ValueError, match="is the home folder or holds it"):
        results_folder(str(tmp_path / "people"), project)
    with pytest.raises(ValueError, match="belongs to the folder 'src' of the project"):
        results_folder("../home/project/src/x", project)


def test_all_folders_of_the_project_are_known() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("needs a git checkout")
    folders = {line.partition("/")[0] for line in listed.stdout.splitlines() if "/" in line}
    assert len(folders) > 5
    for name in folders:
        with pytest.raises(ValueError, match=re.escape(f"belongs to the folder {name!r}")):
            results_folder(str(ROOT / name / "x"), ROOT)


def test_what_is_set_to_its_default_changes_nothing() -> None:
    spelled = Configuration.of(merged(FULL, {"training": {"batch_size": 32, "epochs": 5000}}))
    assert spelled.training_of("standard") == Configuration().training_of("standard")


def test_one_key_of_a_default_section_can_change() -> None:
    changed = Configuration().changed({"survey": {"m_min": {"log10": 13.7}}})
    assert (changed.survey.m_min.log10, changed.survey.m_min.unit) == (13.7, "Msun/h")
