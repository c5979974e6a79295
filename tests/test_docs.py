"""The documentation: what its build does not notice by itself."""

import re
from pathlib import Path

import pytest

import encluster

ROOT = Path(__file__).parents[1]


def test_the_reference_begins_with_every_exported_name() -> None:
    listed = re.findall(r"^   \S+\.(\w+)$", (ROOT / "docs/reference/api.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(set(encluster.__all__) - {"__version__"})


def test_the_lock_of_the_documentation_agrees_with_that_of_the_project() -> None:
    def locked(path: str) -> dict[str, str]:
        return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", (ROOT / path).read_text(), re.MULTILINE))

    project, docs = locked("requirements.lock"), locked("docs/requirements.lock")
    both = project.keys() & docs.keys()
    assert len(both) > 40
    assert {name: docs[name] for name in both} == {name: project[name] for name in both}
    assert "://" not in (ROOT / "docs/requirements.lock").read_text()


def test_the_pages_load_nothing_from_elsewhere() -> None:
    pages = list((ROOT / "docs/_build/html").rglob("*.html"))
    if not pages:
        pytest.skip("`make docs` has not run")
    assert len(pages) > 20
    for page in pages:
        assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//", page.read_text()), (
            page
        )
