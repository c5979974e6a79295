"""Checks of the configuration, with errors that say what to do; and the page that documents it."""

import difflib
import math
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema

from encluster.network.inputs import FEWEST_LABELS
from encluster.training.recipes import spec_from_settings

_MOST_CATALOGS = 1_000_000  # 8 GB of features
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


def check(config: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Check a configuration; return it with every number as a number.

    YAML 1.1 reads ``1e-3`` as text, and ``--config`` reads everything nested as text. Where the schema asks for a
    number, such text becomes that number, a whole number becomes a float, and a whole float becomes an integer where
    the schema asks for one: equal values make equal configurations.

    Parameters
    ----------
    config : Mapping
        The merged configuration.
    schema : Mapping
        The content of workflow/schemas/config.schema.yaml.

    Returns
    -------
    dict
        The configuration that everything else must use.

    Raises
    ------
    ValueError
        In one line, the first thing that is wrong.
    """
    for key in _keys_that_are_not_text(config, ""):
        raise ValueError(f"key {key!r}: must be text; put it in quotes")
    # a row of these has keys of the sections above, by their own names
    rows = {"additionalProperties": {"properties": schema["properties"]}}
    typed = {"properties": {**schema["properties"], "mock_sets": rows, "models": rows}}
    made: dict[str, Any] = _with_numbers(config, typed, schema)
    _check(made, schema)
    # a row is right if the whole configuration is, with the row's keys in it
    for name in made["mock_sets"]:
        with _named(f"mock_sets.{name}"):
            _check({**made, **mock_set(made, name)}, schema)
    for name in models(made):
        with _named(f"models.{name}"):
            _check({**made, **model(made, name)}, schema)
    return made


def _keys_that_are_not_text(item: Any, prefix: str) -> Iterator[str]:
    if isinstance(item, Mapping):
        for name, value in item.items():
            key = f"{prefix}.{name}" if prefix else str(name)
            if not isinstance(name, str):
                yield key
            yield from _keys_that_are_not_text(value, key)
    elif isinstance(item, list):
        for value in item:
            yield from _keys_that_are_not_text(value, prefix)


def _with_numbers(item: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """Return a part of the configuration with numbers where its part of the schema asks for them."""
    schema = _resolved(schema, root)
    if isinstance(item, Mapping):
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        other = others if isinstance(others, Mapping) else {}
        return {name: _with_numbers(value, known.get(name, other), root) for name, value in item.items()}
    if isinstance(item, list):
        return [_with_numbers(value, schema.get("items", {}), root) for value in item]
    return _number(item, schema.get("type"))


def _number(value: Any, wanted: Any) -> Any:
    """Return a value as the wanted type, "number" or "integer", if that is the same number; else as it is."""
    if wanted not in ("number", "integer") or isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if wanted == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if wanted == "number" and isinstance(value, int) and abs(value) < 2**53:
        return float(value)
    return value


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**root["$defs"][schema["$ref"].rpartition("/")[2]], **schema} if "$ref" in schema else schema


# folders of the project: results among them would mix with what is kept there
_PROJECT_FOLDERS = (
    ".ci",
    ".git",
    ".github",
    ".snakemake",
    ".venv",
    "benchmarks",
    "config",
    "docs",
    "envs",
    "paper_figures",
    "profiles",
    "rules",
    "src",
    "tests",
    "workflow",
)


def results_folder(text: str, project: Path) -> str:
    """Return the folder of all results as Snakemake, the shell and the commands can take it.

    Parameters
    ----------
    text : str
        `results` of the configuration; a leading ``~`` is the home folder.
    project : Path
        Folder of the Snakefile.

    Returns
    -------
    str
        The path, relative to the working folder if it is inside, absolute otherwise.

    Raises
    ------
    ValueError
        If the name has a character that is not allowed, or the folder belongs to something else.
    """
    said = f"results = {text!r}"
    if not text.strip():
        raise ValueError(f"{said}: must be the name of a folder")
    try:
        folder = os.path.normpath(Path(text).expanduser() if text.startswith("~") else text)
    except RuntimeError:
        raise ValueError(f"{said}: there is no such home folder") from None
    if Path(folder).parts[:1] == ("..",):
        folder = os.path.normpath(Path.cwd() / folder)
    refused = sorted({character for character in text.removeprefix("~") + folder if not _allowed(character)})
    if refused:
        where = "" if folder == os.path.normpath(text) else f" ({folder})"
        raise ValueError(
            f"{said}{where}: {', '.join(map(repr, refused))} cannot be in the name of this folder; "
            "letters, digits, blanks and _ . / + @ - = can"
        )
    for part in Path(folder).parts:
        if part.startswith("-") or part != part.strip():
            raise ValueError(f"{said}: a name must not begin with '-', or begin or end with a blank; found {part!r}")
    here = Path(folder).resolve()
    for name, other in (("project", project), ("working", Path()), ("home", Path.home())):
        if other.resolve().is_relative_to(here):
            raise ValueError(f"{said}: is the {name} folder or holds it; give a folder for the results alone")
    for name in _PROJECT_FOLDERS:
        own = (project / name).resolve()
        if here.is_relative_to(own) or any(
            p.exists() and own.exists() and p.samefile(own) for p in [here, *here.parents]
        ):
            raise ValueError(
                f"{said}: belongs to the folder {name!r} of the project; give a folder for the results alone"
            )
    for path in [here, *here.parents]:
        if path.exists() and not path.is_dir():
            raise ValueError(f"{said}: {os.path.relpath(path)} is a file where a folder should be")
    return folder


def _allowed(character: str) -> bool:
    return character in "_./+@-= " or unicodedata.category(character)[0] in "LMN"


def mock_set(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the sections ``survey`` and ``mocks`` of a row of ``mock_sets``, or of ``mocks``, the standard ones."""
    row = config["mock_sets"].get(name, {})
    return {section: _merged(config[section], row.get(section, {})) for section in ("survey", "mocks")}


def models(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of ``models``, and those of the ensemble: NAME_2, NAME_3 ... with the seeds that follow."""
    rows = dict(config["models"])
    for name in config["ensemble"]["models"]:
        if name not in config["models"]:
            raise ValueError(f"ensemble.models: {name!r} is not a row of models: {', '.join(config['models'])}")
        row = config["models"][name]
        if row["variant"] not in ("standard", "shuffled", "no_wl"):
            raise ValueError(
                f"ensemble.models: {name!r} reads other columns than Standard, and cannot be compared with it"
            )
        members = {
            f"{name}_{k}": {**row, "seed": row["seed"] + k - 1} for k in range(2, config["ensemble"]["seeds"] + 1)
        }
        for member in members.keys() & rows.keys():
            raise ValueError(f"models.{member}: the ensemble of {name} has a member of that name; choose another")
        rows |= members
    return rows


def model(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the ``seed`` and the sections ``architecture`` and ``training`` of one of `models`."""
    row = models(config)[name]
    sections = {section: _merged(config[section], row.get(section, {})) for section in ("architecture", "training")}
    return {"seed": row["seed"], **sections}


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    nested = {k for k, v in changes.items() if isinstance(v, Mapping) and isinstance(base.get(k), Mapping)}
    return {**base, **{k: _merged(base[k], v) if k in nested else v for k, v in changes.items()}}


@contextmanager
def _named(row: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{row}: {error}") from None


def _check(config: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(config), key=lambda e: list(map(str, e.path)))
    if errors:
        raise ValueError(_one_line(errors[0]))
    for key, value in _numbers(config, ""):
        if not math.isfinite(value):
            raise ValueError(f"{key} = {value}: must be a finite number")
    for problem in _contradictions(config):
        raise ValueError(problem)


def _one_line(error: jsonschema.ValidationError) -> str:
    key = ".".join(str(part) for part in error.absolute_path)
    found = error.instance
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in found:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
                return f"key {'.'.join(filter(None, [key, str(name)]))!r} is not known; {hint}"
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in found)
        return f"key {'.'.join(filter(None, [key, missing]))!r} is missing"
    wanted = {
        "enum": lambda value: f"must be one of {', '.join(map(str, value))}",
        "type": lambda value: f"must be of type {value if isinstance(value, str) else ' or '.join(value)}",
        "minimum": lambda value: f"must be at least {value}",
        "maximum": lambda value: f"must be at most {value}",
        "exclusiveMinimum": lambda value: f"must be above {value}",
        "const": lambda value: f"must be {value}",
        "exclusiveMaximum": lambda value: f"must be below {value}",
    }.get(str(error.validator))
    demand = wanted(error.validator_value) if wanted else error.message
    if error.validator == "type" and isinstance(found, str) and error.validator_value not in ("number", "integer"):
        demand += "; in --config, what is nested arrives as text: put it into an overlay file"
    meaning = error.schema.get("description")
    return f"{key} = {found!r}: {demand}" + (f" ({meaning})" if meaning else "")


def _numbers(item: Any, key: str) -> Iterator[tuple[str, float]]:
    if isinstance(item, Mapping):
        for name, value in item.items():
            yield from _numbers(value, f"{key}.{name}" if key else str(name))
    elif isinstance(item, list):
        for value in item:
            yield from _numbers(value, key)
    elif isinstance(item, float):
        yield key, item


def _contradictions(config: Mapping[str, Any]) -> Iterator[str]:
    """What a schema cannot say: keys that must fit each other."""
    halos, survey, mocks = config["halos"], config["survey"], config["mocks"]
    try:
        spec_from_settings({"seed": 0, "architecture": config["architecture"], "training": config["training"]})
    except ValueError as error:
        yield str(error)
    if halos["source"] != "surrogate" and not (halos["path"] or halos["url"]):
        yield f"halos.path = null: halos.source = {halos['source']} needs the path of a list, or its url"
    yield from _unused(config)
    pattern = config["xray"]["simput"]["pattern"]
    texts = {"halos.label": halos.get("label"), "halos.path": halos["path"], "xray.simput.pattern": pattern}
    for key, text in texts.items():
        if text is not None and not (text.isprintable() and text.strip()):
            yield f"{key} = {text!r}: must be one line of printable characters, not all blank"
    for key, text in (("halos.path", halos["path"]), ("xray.simput.pattern", pattern and pattern.replace("{id}", ""))):
        if set("{}") & set(text or ""):
            yield f"{key} = {texts[key]!r}: braces cannot be in a path, as Snakemake takes them for wildcards"
    if halos["url"] and not halos["sha256"]:
        yield "halos.sha256 = null: a list that is fetched needs the checksum of its file"
    cosmology = config["cosmology"]
    if cosmology["ob0"] >= cosmology["om0"]:
        yield f"cosmology.ob0 = {cosmology['ob0']}: must be below om0, {cosmology['om0']}; baryons are part of matter"
    xray = config["xray"]
    if xray["photons"] == "simput" and "{id}" not in (xray["simput"]["pattern"] or ""):
        found = xray["simput"]["pattern"]
        yield f"xray.simput.pattern = {found!r}: xray.photons = simput needs a path with {{id}} in it"
    in_one_unit = {
        name: survey[name]["log10"]
        + (math.log10(config["cosmology"]["h0"] / 100) if survey[name]["unit"] == "Msun" else 0)
        for name in ("m_min", "m_break")
    }
    if in_one_unit["m_break"] <= in_one_unit["m_min"]:
        yield (
            f"survey.m_break.log10 = {survey['m_break']['log10']} ({survey['m_break']['unit']}): "
            f"must exceed m_min, {survey['m_min']['log10']} ({survey['m_min']['unit']})"
        )
    if in_one_unit["m_min"] < halos["log_m_limit"] - 1e-9:
        yield (
            f"survey.m_min.log10 = {survey['m_min']['log10']} ({survey['m_min']['unit']}): must not lie below"
            f" halos.log_m_limit = {halos['log_m_limit']} (Msun/h), below which there are no simulated clusters"
        )
    if xray["wavelet"]["last_scale"] < xray["wavelet"]["first_scale"]:
        yield f"xray.wavelet.last_scale = {xray['wavelet']['last_scale']}: must be at least first_scale"
    for name in ("sigma8", "normalization"):
        if mocks[name]["last"] < mocks[name]["first"]:
            yield f"mocks.{name}.last = {mocks[name]['last']}: must be at least first, {mocks[name]['first']}"
    ranges = {f"mocks.{name}": mocks[name] for name in ("scatter", "lx_slope", "sigma_wl")}
    for name, (low, high) in ranges.items():
        if high < low:
            yield f"{name} = [{low}, {high}]: the second must be at least the first"
        if low < 0 or (low == 0 and name == "mocks.lx_slope"):
            yield f"{name} = [{low}, {high}]: must be positive"
    low, high = config["features"]["interval"]
    if high <= low:
        yield f"features.interval = [{low}, {high}]: the second must exceed the first"
    if abs(sum(config["features"]["fractions"]) - 1) > 1e-9:
        yield f"features.fractions = {config['features']['fractions']}: must add up to 1"
    if mocks["abundance"] != "mass_function" and halos["thinned"]:
        yield f"mocks.abundance = {mocks['abundance']}: has no meaning for a thinned list; choose mass_function"
    yield from _contradictions_of_size(config)


def _contradictions_of_size(config: Mapping[str, Any]) -> Iterator[str]:
    """Return why there are too few mock catalogs to train and test a network, or too many to hold."""
    grid, normalizations = config["mocks"]["sigma8"], config["mocks"]["normalization"]["number"]
    first, last, number = grid["first"], grid["last"], grid["number"]
    labels = {first + (last - first) * k / max(number - 1, 1) for k in range(number)}
    if len(labels) < FEWEST_LABELS:
        yield (
            f"mocks.sigma8 = {first} to {last}, number = {number}: has {len(labels)} distinct values of sigma8; "
            f"a network needs at least {FEWEST_LABELS} to learn from"
        )
    n = number * normalizations**3
    if n > _MOST_CATALOGS:
        yield (
            f"mocks.normalization.number = {normalizations}: makes {number} * {normalizations}^3 = {n:,} mock "
            f"catalogs; at most {_MOST_CATALOGS:,}"
        )
    fractions = config["features"]["fractions"]
    validation, testing = (round(n * part) for part in fractions[1:])
    # a standard deviation over the testing set needs two
    for name, found, fewest in (
        ("training", n - validation - testing, FEWEST_LABELS),
        ("validation", validation, 1),
        ("testing", testing, 2),
    ):
        if found < fewest:
            yield (
                f"features.fractions = {fractions}: leaves {found} of {n} mock catalogs to the {name} set, which "
                f"needs at least {fewest}; raise mocks.sigma8.number or mocks.normalization.number"
            )


# keys of `halos` that the surrogate does not use, and their values where they are not set
_OF_LISTS: dict[str, Any] = {
    "path": None,
    "url": None,
    "sha256": None,
    "format": "auto",
    "columns": {},
    "hdu": None,
    "on_bad": "stop",
    "trust_units": False,
    "thinned": False,
}


def _unused(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield keys that are set, but that the chosen source does not use: another one was meant."""
    halos, xray = config["halos"], config["xray"]
    source = halos["source"]
    if source == "surrogate":
        for key, unset in _OF_LISTS.items():
            if halos[key] != unset:
                yield (
                    f"halos.{key} = {halos[key]!r}: is not used by halos.source = surrogate; set halos.source to"
                    " magneticum or table to read a list, or leave the key out"
                )
        if "label" in halos:
            yield f"halos.label = {halos['label']!r}: the surrogate is always called that; leave the key out"
    if source == "magneticum" and halos["columns"]:
        yield "halos.columns: is not used by halos.source = magneticum; set halos.source: table"
    if halos["path"] and halos["url"]:
        yield f"halos.path = {halos['path']!r}: is not used, as halos.url is set too; leave one of them out"
    if halos["sha256"] and not halos["url"] and source != "surrogate":
        yield "halos.sha256: is not used, as it is compared with a list that halos.url fetches; leave the key out"
    pattern = xray["simput"]["pattern"]
    if xray["photons"] != "simput" and pattern:
        yield f"xray.simput.pattern = {pattern!r}: is not used by xray.photons = {xray['photons']}; set it to simput"


def page(config: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return config/README.md: every key with its default and its meaning, in the order of the schema."""
    lines = [
        "# Configuration",
        "",
        "`config.yaml` is the paper's own scale. `laptop.yaml`, `workstation.yaml`, `tiny.yaml` and `magneticum.yaml`",
        "are overlays: give one with `--configfile`, and it changes only the keys that it names. An unknown key or a",
        "value out of range stops the run with one line. D1 ... D16 are explained in",
        "[docs/decisions.md](../docs/decisions.md).",
        "",
        "This page is made from `workflow/schemas/config.schema.yaml` by `make docs`.",
        "",
        "| key | default | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| `{key}` | {default} | {meaning} |" for key, default, meaning in _rows(config, schema, schema, "")]
    return "\n".join(lines) + "\n"


def _rows(config: Any, schema: Mapping[str, Any], root: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, ...]]:
    for name, item in schema.get("properties", {}).items():
        key = f"{prefix}{name}"
        default = config.get(name) if isinstance(config, Mapping) else None
        target = _resolved(item, root)
        if "properties" in target:
            if "description" in target:
                yield f"{key}.*", "", target["description"]
            yield from _rows(default, target, root, f"{key}.")
        else:
            shown = "" if default is None else f"`{default}`"
            choice = f" One of {', '.join(map(str, target['enum']))}." if "enum" in target else ""
            yield key, shown, f"{target.get('description', '')}{choice}"
