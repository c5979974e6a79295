"""Every command and every overlay of the pages works: each command runs in a form that costs little."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from astropy.table import Table

from encluster.running.checks import check
from encluster.running.configuration import Configuration
from harness import ROOT, SCRIPTS, copied, good, parser_of, snakemake

PAGES = [
    *(ROOT / "README.md", ROOT / "CONTRIBUTING.md"),
    *(path for path in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in path.parts),
]
FENCED = re.compile(r"^```(\{?[\w-]*\}?)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:snakemake|make|python)(?: [^`]+)?)`")
# programs that a person has, with what a page may ask of them
OTHERS = {
    "source": ".venv/bin/activate",
    "pip": "install",
    "pre-commit": "install",
    "cat": "CITATION.cff",
    "dot": "-Tsvg",
}
SEPARATORS = ("|", "||", "&&", ";", ">")
VARIABLE = re.compile(r"[A-Z_]+=.*")


def blocks(page: Path, *languages: str) -> list[str]:
    return [text for language, text in FENCED.findall(page.read_text()) if language in languages]


def commands(page: Path) -> Iterator[str]:
    """The commands of a page: after a prompt, in a shell script, in a notebook cell, or inside a sentence."""
    for text in blocks(page, "console"):
        yield from re.findall(r"^\$ (.*)$", text.replace("\\\n", " "), re.MULTILINE)
    for text in blocks(page, "bash", "sh"):
        yield from filter(None, text.replace("\\\n", " ").splitlines())
    for text in blocks(page, "{code-cell}"):
        yield from re.findall(r"^!(.*)$", text.replace("\\\n", " "), re.MULTILINE)
    sentences = FENCED.sub("", page.read_text())
    for text in INLINE.findall(sentences):
        yield " ".join(text.split())


def programs(line: str) -> Iterator[str]:
    """The programs of a line with their arguments, without comments, variables and files behind a >."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;>")
    lexer.whitespace_split = True
    words: list[str] = []
    before = ""
    for word in [*lexer, ";"]:
        if word in SEPARATORS:
            if words and before != ">":
                yield shlex.join(words)
            words, before = [], word
        elif words or not VARIABLE.fullmatch(word):
            words.append(word)


ALL = sorted({program for page in PAGES for line in commands(page) for program in programs(line)})
OF = {kind: [line for line in ALL if shlex.split(line)[0] == kind] for kind in ("snakemake", "make", "python")}


def overlays(page: Path) -> dict[str, str]:
    """The overlays of a page by name, which is a comment in their first line."""
    return {text.splitlines()[0].removeprefix("# "): text for text in blocks(page, "yaml")}


OVERLAYS = {name: text for page in PAGES for name, text in overlays(page).items()}


def write_list(path: Path, *, complete: bool) -> None:
    """A list with the columns of mine.yaml; complete: with those of optional.yaml too."""
    h, clusters = yaml.safe_load(OVERLAYS["mine.yaml"])["cosmology"]["h0"] / 100, good(300, lightest=13.7)
    columns = {"Z": np.full(len(clusters), 0.07), "M500": clusters["M"] / h / 1e14, "TX": clusters["T"]}
    columns |= {"LBOL": clusters["L"] * 1e44, "MGAS": clusters["G"] / h / 1e14}
    if complete:
        cosmology = Configuration.of({"cosmology": yaml.safe_load(OVERLAYS["mine.yaml"])["cosmology"]}).cosmology
        columns |= {"HALO_ID": clusters["id"], "R500": cosmology.r500c_kpc(clusters["M"].to_numpy(), 0.07) / 1000}
        columns |= {"FCORE": np.linspace(0.2, 0.4, len(clusters)), "Y": clusters["G"] * clusters["T"]}
    Table(columns).write(path, overwrite=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workflow with the overlays of the pages and the lists that they name."""
    folder = copied(tmp_path_factory.mktemp("documented"))
    (folder / "path/to").mkdir(parents=True)
    (folder / "path/to/Snakefile").write_text('include: "../../Snakefile"\n')
    for name, text in OVERLAYS.items():
        (folder / name).write_text(text)
    write_list(folder / "clusters.fits", complete=False)
    (folder / "cluster.txt").touch()
    return folder


def test_the_pages_have_commands_of_each_kind() -> None:
    assert len(PAGES) > 15
    assert len(OVERLAYS) >= 5
    assert {kind: len(lines) > 3 for kind, lines in OF.items()} == {"snakemake": True, "make": True, "python": True}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_to_files(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text()):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("line", [line for line in ALL if shlex.split(line)[0] not in OF])
def test_a_program_is_known(line: str) -> None:
    program, first = [*shlex.split(line), ""][:2]
    assert OTHERS.get(program) == first, f"{line}: a new kind of command; say here how to test it"


@pytest.mark.parametrize("line", OF["snakemake"])
def test_snakemake_understands(project: Path, line: str) -> None:
    arguments = shlex.split(line)[1:]
    if "--report" in arguments:  # it needs results; the rest of the command does not
        place = arguments.index("--report")
        del arguments[place : place + 2]
    asks = {"-n", "--dry-run", "--unlock", "--rulegraph", "--cores", "--jobs", "--workflow-profile"}
    assert asks & set(arguments) or "--report" in line, f"{line}: Snakemake asks for --cores"
    done = snakemake(project, "--dry-run", "--quiet", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("line", OF["make"])
def test_make_has_the_target(line: str) -> None:
    done = subprocess.run(["make", "--dry-run", *shlex.split(line)[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", OF["python"])
def test_python_is_called_with_options_that_exist(line: str) -> None:
    script, *arguments = shlex.split(line)[1:]
    if script == "-m":
        assert arguments[0] == "pytest"
        assert all((ROOT / part).exists() for part in arguments[1:])
    elif Path(script).parent == Path("benchmarks"):
        text = (ROOT / script).read_text()
        assert all(option in text for option in arguments if option.startswith("--"))
    else:
        assert Path(script).parent == SCRIPTS.relative_to(ROOT)
        parser = parser_of(Path(script).stem)
        if arguments != ["--help"]:
            assert vars(parser.parse_args(arguments))


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_is_accepted(project: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.fullmatch(r"\w+\.yaml", name), f"the first line of an overlay is its name as a comment, not {name!r}"
    monkeypatch.chdir(project)
    base = ["mine.yaml"] if name == "optional.yaml" else []
    config = Configuration.read(Path(path) for path in ("config/laptop.yaml", *base, name))
    assert config != Configuration.read([Path("config/laptop.yaml")])
    if name not in ("portal.yaml", "photons.yaml"):  # they name lists of the portal, which are not here
        write_list(project / "clusters.fits", complete=name == "optional.yaml")
        check(Path("results"), config)


def test_what_a_sentence_says_of_the_configuration_is_accepted() -> None:
    found = [text for page in PAGES for text in re.findall(r"`(\w+: \{[^`]+\})`", page.read_text())]
    assert found
    for text in found:
        Configuration.of(yaml.safe_load(text))


def test_the_survey_is_computed_as_the_page_has_it() -> None:
    page = ROOT / "docs/how-to/my_survey.md"
    names: dict[str, object] = {}
    exec(blocks(page, "python")[0], names)
    survey = (
        Configuration.read([ROOT / "config/laptop.yaml"]).changed(yaml.safe_load(OVERLAYS["my_survey.yaml"])).survey
    )
    written = survey.model_dump() | {"m_min": survey.m_min.log10, "m_break": survey.m_break.log10}
    computed = names["survey"]
    assert isinstance(computed, dict)
    assert len(computed) == 5
    assert {key: written[key] for key in computed} == computed
    assert {survey.m_min.unit, survey.m_break.unit} == {"Msun/h"}
