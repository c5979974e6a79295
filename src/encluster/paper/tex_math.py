"""The TeX of the project's formulas as HTML and as plain text.

The converter knows a subset of TeX. It rejects everything else, so that no page shows half a formula.
"""

import re
from collections import deque
from dataclasses import dataclass
from html import escape
from typing import Literal


def _table(names: str, symbols: str) -> dict[str, str]:
    return dict(zip(names.split(), symbols, strict=True))


_GREEK = _table(
    "alpha beta gamma delta epsilon eta theta kappa lambda mu nu xi pi rho sigma tau phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Sigma Phi Psi Omega",
    "αβγδϵηθκλμνξπρστϕφχψωΓΔΘΛΣΦΨΩ",
)
_RELATIONS = _table("leq le geq ge neq ne sim approx equiv propto ll gg in to", "≤≤≥≥≠≠∼≈≡∝≪≫∈→")
_BINARY = _table("pm mp times cdot ast", "±∓×·∗")
_ORDINARY = _table(
    "odot partial nabla sum int infty ell star prime circ langle rangle vert mid ldots",
    "⊙∂∇∑∫∞ℓ⋆′∘⟨⟩||…",
)
_ORDINARY |= {"left": "", "right": ""}
_FUNCTIONS = ("log", "lg", "ln", "exp", "max", "min")
_FONTS = {"mathrm": True, "mathit": False}  # whether letters stand upright
_ESCAPED = "%#&_${}"
_SPACES = {r"\,": "thin", r"\:": "thin", r"\;": "space", "\\ ": "space", r"\quad": "space", "~": "space", r"\!": ""}
_PLAIN_CHARACTERS = {"-": "−", "*": "∗", "'": "′"}

_SYMBOLS = _GREEK | _RELATIONS | _BINARY | _ORDINARY
_RELATION_CHARACTERS = {*_RELATIONS.values(), *"=<>"}
_BINARY_CHARACTERS = {*_BINARY.values(), "+", "−"}
COMMANDS = {character: f"\\{name}" for name, character in reversed(_SYMBOLS.items()) if not character.isascii()}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_SUPERSCRIPTS = str.maketrans("0123456789+−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")

Target = Literal["html", "plain"]


def convert(tex: str, target: Target) -> str:
    r"""Return a formula as HTML or as Unicode text.

    Parameters
    ----------
    tex : str
        The formula, without its dollar signs, for example ``h^{-1}\,\mathrm{M}_\odot``.
    target : {"html", "plain"}
        HTML has ``<i>``, ``<sub>`` and ``<sup>``; plain text has h⁻¹ Msun.

    Returns
    -------
    str
        The formula, on one line.

    Raises
    ------
    ValueError
        If the formula has a command or a character that the converter does not know, or unbalanced braces.
    """
    reader = _Reader(tex, deque(_TOKEN.findall(tex)), target)
    found = reader.read()
    if reader.tokens:
        raise reader.error("closes a brace that is not open")
    return found.strip()


@dataclass
class _Reader:
    """One pass over the tokens of a formula."""

    tex: str
    tokens: deque[str]
    target: Target

    def error(self, problem: str) -> ValueError:
        return ValueError(f"the formula ${self.tex}$ {problem}")

    def read(self, *, upright: bool = False, tight: bool = False) -> str:
        """Read up to a closing brace; `tight` leaves out the spaces around operators, as TeX does in scripts."""
        pieces: list[str] = []
        operand = function = False  # what the last piece was
        while self.tokens and self.tokens[0] != "}":
            token = self.tokens.popleft()
            if token.isspace():
                continue
            if token in "^_":
                pieces.append(self._scripts(token))
                continue
            if token in _SPACES:
                pieces.append(self._space(_SPACES[token]))
                continue
            piece, kind = self._atom(token, upright=upright, tight=tight)
            if kind == "operator" or (kind == "sign" and operand):
                left, right = self._space("space") if pieces else "", self._space("space") if self.tokens else ""
                pieces.append(piece if tight else f"{left}{piece}{right}")
            elif kind == "comma":
                more = self.tokens and self.tokens[0] != "}" and not tight
                pieces.append(piece + (self._space("thin") if more else ""))
            else:
                apart = (function and kind in ("operand", "function")) or (operand and kind == "function")
                pieces.append((self._space("thin") if apart else "") + piece)
            operand, function = kind in ("operand", "closing"), kind == "function"
        return "".join(pieces)

    def _atom(self, token: str, *, upright: bool, tight: bool) -> tuple[str, str]:
        """Return one symbol or group, and what it is to its neighbors."""
        if token == "{":
            return self._group(upright=upright, tight=tight), "operand"
        name = token[1:]
        if token[0] == "\\" and name in _FONTS:
            return self._argument(upright=_FONTS[name], tight=True), "operand"
        if token[0] == "\\" and name in _FUNCTIONS:
            return name, "function"
        if token[0] == "\\" and name in _ESCAPED:
            return self._escaped(name), "operand"
        if token[0] == "\\" and name not in _SYMBOLS:
            raise self.error(f"has the unknown TeX command {token}")
        character = _SYMBOLS[name] if token[0] == "\\" else _PLAIN_CHARACTERS.get(token, token)
        if character in _RELATION_CHARACTERS:
            return self._escaped(character), "operator"
        if character in _BINARY_CHARACTERS:
            return character, "sign"
        if character in (",", ";"):
            return character, "comma"
        if character.isalpha():
            if not character.isascii() and character not in COMMANDS:
                raise self.error(f"has the unknown character {character!r}")
            slanted = not upright and (character.isascii() or character.islower())
            return f"<i>{character}</i>" if slanted and self.target == "html" else character, "operand"
        if not (character in COMMANDS or character == "" or character in "0123456789.!?:/|()[]⋆"):
            raise self.error(f"has the unknown character {character!r}")
        return character, "opening" if character in ("(", "[", "") else "closing"

    def _scripts(self, mark: str) -> str:
        """Return one subscript or superscript, or both."""
        found = {mark: self._argument(upright=False, tight=True)}
        if self.tokens and self.tokens[0] in "^_" and self.tokens[0] not in found:
            second = self.tokens.popleft()
            found[second] = self._argument(upright=False, tight=True)
        if self.target == "html":
            tags = "".join(f"<{tag}>{found[m]}</{tag}>" for m, tag in (("^", "sup"), ("_", "sub")) if m in found)
            return f'<span class="scripts">{tags}</span>' if len(found) == 2 else tags
        above, below = found.get("^", ""), found.get("_", "")
        if above[:1] == "+" and below[:1] == "−":  # two errors of a number
            return f" {above} {below}"
        return _plain_subscript(below) + _plain_superscript(above)

    def _argument(self, *, upright: bool, tight: bool) -> str:
        while self.tokens and self.tokens[0].isspace():
            self.tokens.popleft()
        if not self.tokens or self.tokens[0] == "}":
            raise self.error("lacks an argument")
        return self._atom(self.tokens.popleft(), upright=upright, tight=tight)[0]

    def _group(self, *, upright: bool, tight: bool) -> str:
        found = self.read(upright=upright, tight=tight)
        if not self.tokens:
            raise self.error("leaves a brace open")
        self.tokens.popleft()
        return found

    def _space(self, kind: str) -> str:
        html = {"thin": "\N{NARROW NO-BREAK SPACE}", "space": "\N{NO-BREAK SPACE}", "": ""}
        return html[kind] if self.target == "html" else " " * bool(kind)

    def _escaped(self, text: str) -> str:
        return escape(text, quote=False) if self.target == "html" else text


def _plain_subscript(text: str) -> str:
    """Write σ8, R500 and Msun, but M_gas."""
    if text == "⊙":
        return "sun"
    return f"_{text}" if text and not text[0].isdigit() else text


def _plain_superscript(text: str) -> str:
    if re.fullmatch("[0-9+−]+", text):
        return text.translate(_SUPERSCRIPTS)
    return f"^{text}" if text and text not in "⋆′" else text
