"""The sections of the paper, and the section of each figure and table."""

import re
from bisect import bisect

TITLES = {
    "Section 2": "mock observations and catalogs",
    "Section 3": "network and training",
    "Section 4": r"constraints on $\sigma_8$",
    "Section 5": "interpretation of the network",
    "Appendix A": "updated catalogs",
    "Appendix B": "overspecialization",
}
# the first figure and the first table of each section
_FIGURES = (1, 4, 8, 9, 17, 19)
_TABLES = (1, 3, 4, 99, 99, 99)


def section_of(where: str) -> str:
    """Return the section of the paper that a number is in.

    Parameters
    ----------
    where : str
        A section, figure or table of the paper, for example ``section 2.1.3`` or ``Fig. 12``.

    Returns
    -------
    str
        A key of `TITLES`.

    Raises
    ------
    ValueError
        If the place names no section, figure or table.
    """
    found = re.match(r"(?P<kind>sections?|Appendix|Fig\.|Table) (?P<label>\w+)", where)
    if not found:
        raise ValueError(f"{where!r} is not a section, figure or table of the paper")
    kind, label = found["kind"], found["label"]
    if kind in ("Fig.", "Table"):
        first = _FIGURES if kind == "Fig." else _TABLES
        return list(TITLES)[bisect(first, int(label)) - 1]
    return f"Appendix {label}" if kind == "Appendix" else f"Section {label}"
