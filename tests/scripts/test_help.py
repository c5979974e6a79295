"""What `--help` shows: an example, whose options all exist."""

import shlex

import pytest

from harness import SCRIPTS, parser_of


@pytest.mark.parametrize("name", sorted(path.stem for path in SCRIPTS.glob("*.py")))
def test_the_example_of_a_command_is_understood(name: str) -> None:
    parser = parser_of(name)
    said = parser.format_help()
    example = said.splitlines()[-1].split(f"python workflow/scripts/{name}.py ")
    assert example[0].strip() == "", said
    assert vars(parser.parse_args(shlex.split(example[1])))
    with pytest.raises(SystemExit):
        parser.parse_args([*shlex.split(example[1]), "--not-an-option"])
