"""The two pages that are made from the typed configuration: config/config.yaml and config/README.md."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from encluster.running.configuration import Configuration
from encluster.settings import Settings, choices, settings_in

_WIDTH = 120
_YAML_HEAD = """\
# The scale of the paper, with the default of every key. Put your changes in an overlay file: it needs only the keys
# that differ, and `--configfile config/mine.yaml` adds it to this file. config/README.md explains every key.
# D1 ... D17 are decisions where the paper leaves a point open: docs/explanation/decisions.md.
# `make pages` makes this file from src/encluster/running/configuration.py.
"""
_PAGE_HEAD = """\
# Configuration

`config.yaml` has the scale of the paper. `laptop.yaml`, `workstation.yaml`, `tiny.yaml` and `magneticum.yaml` are
overlays: an overlay given with `--configfile` changes only the keys that it names. An unknown key or a value out of
range stops the run with a message of one line. [Decisions](../docs/explanation/decisions.md) explains D1 ... D17.

`make pages` makes this page from `src/encluster/running/configuration.py`.

| key | default | range | meaning |
|---|---|---|---|
"""


def config_yaml() -> str:
    """Return the content of config/config.yaml: every key with its default.

    Returns
    -------
    str
        YAML with comments.
    """
    return _YAML_HEAD + "".join(f"{line}\n" for line in _yaml(Configuration(), ""))


def page() -> str:
    """Return the content of config/README.md: a row for every key.

    Returns
    -------
    str
        Markdown.
    """
    return _PAGE_HEAD + "".join(f"| `{key}` | {' | '.join(cells)} |\n" for key, *cells in _rows(Configuration, ""))


def _yaml(settings: Settings, indent: str) -> Iterator[str]:
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if not indent and isinstance(value, Settings | Mapping):
            yield ""
        key, comment = f"{indent}{name}:", field.description or ""
        if isinstance(value, Mapping) and value:
            yield _commented(key, comment)
            for row, content in value.items():
                plain = content.model_dump(exclude_defaults=True)
                yield f"{indent}  {row}: {_flow(plain)}"
            continue
        plain = value.model_dump() if isinstance(value, Settings) else value
        line = f"{key} {_flow(plain)}"
        if isinstance(value, Settings) and (not indent or len(line) > _WIDTH):
            yield _commented(key, comment)
            yield from _yaml(value, indent + "  ")
        else:
            yield _commented(line, comment)


def _commented(line: str, comment: str) -> str:
    """Return a line with as many clauses of its comment as fit into the width of a line."""
    clauses = comment.split("; ")
    while clauses and len(line) + 3 + len("; ".join(clauses)) > _WIDTH:
        clauses.pop()
    return f"{line} # {'; '.join(clauses)}" if clauses else line


def _flow(value: Any) -> str:
    """Return plain data in YAML's flow style."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return value if isinstance(value, str) else json.dumps(value)


def _rows(model: type[Settings], prefix: str) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        key, meaning = f"{prefix}{name}", field.description or ""
        inner = settings_in(field.annotation)
        if inner is not None:
            rows = isinstance(field.default, Mapping)
            yield f"{key}.{'NAME.' if rows else ''}*", "", "", meaning
            yield from _rows(inner, f"{key}.{'NAME.' if rows else ''}")
            continue
        shown = "" if field.is_required() or field.default is None else f"`{_flow(field.default)}`"
        yield key, shown, _range(field), meaning


def _range(field: Any) -> str:
    """Return the values that a field may have, in words."""
    if known := choices(field.annotation):
        return ", ".join(map(str, known))
    limits: dict[str, float] = {}
    for item in field.metadata:
        limits |= {name: getattr(item, name) for name in ("ge", "gt", "le", "lt") if hasattr(item, name)}
    low = limits.get("ge", limits.get("gt"))
    high = limits.get("le", limits.get("lt"))
    if low is None or high is None:
        return ""
    return f"{'> ' if 'gt' in limits else ''}{low:.10g} ... {'< ' if 'lt' in limits else ''}{high:.10g}"
