"""Base class of the sections of the configuration: checked settings, each with a description."""

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal, Self, get_args, get_origin

import pydantic
from pydantic import BeforeValidator, ConfigDict, Field

_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
# names of types in pydantic, and in messages
_TYPES = {"float": "number", "int": "integer", "string": "string", "bool": "boolean", "dict": "mapping"}
_LIMITS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


def _number(value: Any) -> Any:
    """Convert text to a number: YAML 1.1 reads 1e-3 as text, and ``--config`` reads all nested values as text."""
    if isinstance(value, bool):
        return str(value)  # Python accepts a bool as a number; settings do not
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, int) and abs(value) > 1e300:
        value = math.inf if value > 0 else -math.inf
    return value


def _whole(value: Any) -> Any:
    """Return a float without a fraction as an integer."""
    value = _number(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _flag(value: Any) -> Any:
    """Convert the texts true and false, because ``--config`` reads them as text."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Real = Annotated[float, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
Flag = Annotated[pydantic.StrictBool, BeforeValidator(_flag)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+\z")]
MOST_SEED = 2**32 - 1
Seed = Annotated[Whole, Field(ge=0, le=MOST_SEED)]


class SettingsError(ValueError):
    """A wrong setting, described in one line.

    Parameters
    ----------
    key : str
        Path of the setting inside the object, for example ``m_min.log10``.
    says : str
        What is wrong; follows the key.
    before : str, optional
        Text before the key.
    """

    def __init__(self, key: str, says: str, before: str = "") -> None:
        super().__init__(f"{before}{key}{says}")
        self.key, self.says, self.before = key, says, before

    def inside(self, path: str) -> "SettingsError":
        """Return the same error for an object that is itself a setting of another object.

        Parameters
        ----------
        path : str
            Path of the object inside the other object.

        Returns
        -------
        SettingsError
            The error with the full path.
        """
        return SettingsError(f"{path}.{self.key}", self.says, self.before)


class Settings(pydantic.BaseModel):
    """A section of the configuration: frozen, with a range and a description for each field.

    Raises
    ------
    SettingsError
        If a key is unknown, or a value has the wrong type or is out of range; the message describes the first error.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except pydantic.ValidationError as error:
            raise _first(error, type(self)) from None

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """Return these settings with other values of some keys.

        Parameters
        ----------
        changes : Mapping
            New values; for a nested section, only the keys that change.

        Returns
        -------
        Settings
            The changed settings, checked.
        """
        return type(self)(**merged(self.model_dump(), changes))


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested settings with other values of some keys.

    Parameters
    ----------
    base, changes : Mapping
        A value of `changes` replaces that of `base`; if both are mappings, they are merged recursively.

    Returns
    -------
    dict
        A new mapping.
    """
    nested = {k for k, v in changes.items() if isinstance(v, Mapping) and isinstance(base.get(k), Mapping)}
    return {**base, **{k: merged(base[k], v) if k in nested else v for k, v in changes.items()}}


def wrong(key: str, value: Any, says: str) -> SettingsError:
    """Return the error for a value that a field's range cannot exclude.

    Parameters
    ----------
    key : str
        Path of the setting inside the object that is checked.
    value : object
        The wrong value.
    says : str
        What would be right.

    Returns
    -------
    SettingsError
        The error.
    """
    shown = "null" if value is None else repr(list(value) if isinstance(value, tuple) else value)
    return SettingsError(key, f" = {shown}: {says}")


def _first(error: pydantic.ValidationError, model: type[Settings]) -> SettingsError:
    """Return the first error of a validation as a SettingsError."""
    # an unknown key often explains a missing one; therefore it comes first
    found = min(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    path = [str(part) for part in found["loc"]]
    key, kind = ".".join(path), found["type"]
    if kind == "value_error":
        reason = found["ctx"]["error"]
        if isinstance(reason, SettingsError):
            return reason.inside(key) if key else reason
        return SettingsError(key, f": {reason}")
    if kind == "extra_forbidden":
        known = list(_section(model, path[:-1]).model_fields)
        near = difflib.get_close_matches(path[-1], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
        return SettingsError(key, f"' is not known; {hint}", "key '")
    if kind == "missing":
        return SettingsError(key, "' is missing", "key '")
    if path[-1] == "[key]":
        return SettingsError(".".join(path[:-2]), f" = {found['input']!r}: a name has only a ... z, 0 ... 9 and _")
    value = found["input"]
    if isinstance(value, str) and value in ("True", "False") and kind.startswith(("float", "int")):
        value = value == "True"
    says = _demand(found)
    if kind.endswith(("_type", "_parsing")) and isinstance(value, str) and not kind.startswith(("float", "int")):
        says += "; --config reads nested values as text: put them into an overlay file"
    meaning = _meaning(model, path)
    return SettingsError(key, f" = {value!r}: {says}" + (f" ({meaning})" if meaning else ""))


def _demand(found: Any) -> str:
    """Return what would be right, from an error of pydantic."""
    kind, context = found["type"], found.get("ctx", {})
    for limit, words in _LIMITS.items():
        if limit in context:
            return f"must be {words} {float(context[limit]):.10g}"
    if kind == "literal_error":
        return f"must be one of {context['expected'].replace(chr(39), '').replace(' or ', ', ')}"
    if kind == "finite_number":
        return "must be a finite number"
    if kind in ("model_type", "model_attributes_type"):
        return "must be of type mapping"
    if kind.startswith(tuple(_TYPES)) and kind.endswith(("_type", "_parsing", "_from_float")):
        return f"must be of type {_TYPES[kind.split('_')[0]]}"
    if kind == "string_pattern_mismatch":
        return f"must match {context['pattern']}"
    if kind == "string_too_long":
        return f"must have at most {context['max_length']} characters"
    if kind in ("too_short", "too_long", "tuple_type", "missing"):
        return "must be a list of the right length"
    return str(found["msg"])


def _section(model: type[Settings], path: list[str]) -> type[Settings]:
    """Return the class of the settings at a path."""
    for name in path:
        if name in model.model_fields:
            inner = settings_in(model.model_fields[name].annotation)
            model = inner or model
    return model


def settings_in(annotation: Any) -> type[Settings] | None:
    """Return the class of settings in the type of a field, directly or as the values of a mapping.

    Parameters
    ----------
    annotation : Any
        Type of the field.

    Returns
    -------
    type or None
        The class; None if there is none.
    """
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return annotation
    for part in get_args(annotation):
        if (found := settings_in(part)) is not None:
            return found
    return None


def _meaning(model: type[Settings], path: list[str]) -> str:
    field = _section(model, path[:-1]).model_fields.get(path[-1])
    return (field.description or "") if field else ""


def choices(annotation: Any) -> tuple[str, ...]:
    """Return the allowed values of a field.

    Parameters
    ----------
    annotation : Any
        Type of the field.

    Returns
    -------
    tuple of str
        Values of a Literal; empty for other types.
    """
    return get_args(annotation) if get_origin(annotation) is Literal else ()


@contextmanager
def within(place: str) -> Iterator[None]:
    """Add the row or section of a setting to its error message.

    Parameters
    ----------
    place : str
        A section, or a row with a colon at its end; empty for neither.

    Raises
    ------
    SettingsError
        The error of the block, with the place before or in its key.
    """
    try:
        yield
    except SettingsError as error:
        if place.endswith(":"):
            raise SettingsError(error.key, error.says, f"{place} {error.before}") from None
        raise (error.inside(place) if place else error) from None
