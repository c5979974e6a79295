"""Compare each published number with ours.

Writes the scorecard (.csv, .md, .html), its headline numbers (.rst), and all our numbers as LaTeX macros (.tex).
"""

from pathlib import Path

from encluster import files
from encluster.paper.scorecard.comparison import compare, csv
from encluster.paper.scorecard.facts import Facts
from encluster.paper.scorecard.macros import macros
from encluster.paper.scorecard.page import headlines, markdown, page
from encluster.running import command_line


def main() -> None:
    """Read the numbers and the alternatives; write one file for each requested suffix."""
    example = (
        "--numbers results/laptop/measured_numbers.csv --alternatives results/laptop/alternatives.csv"
        " --facts results/laptop/models/standard/provenance.json --output scorecard.md scorecard.html"
    )
    parser = command_line.plain_parser(__doc__, example=example)
    parser.add_argument("--numbers", type=Path, required=True, help="results/measured_numbers.csv")
    parser.add_argument("--alternatives", type=Path, required=True, help="results/alternatives.csv")
    parser.add_argument("--facts", type=Path, required=True, help="provenance.json of the Standard model")
    parser.add_argument(
        "--output", type=command_line.output, required=True, nargs="+", help="any of .csv, .md, .html, .rst, .tex"
    )
    arguments = parser.parse_args()
    numbers, alternatives = (files.read_table(path) for path in (arguments.numbers, arguments.alternatives))
    facts = Facts.of_run(files.read_json(arguments.facts), numbers)
    other = set(alternatives["source"]) - {facts.source}
    if other:
        raise ValueError(
            f"{arguments.alternatives}: made from {other.pop()!r} halos, the numbers from {facts.source!r}"
        )
    card = compare(numbers, facts, alternatives=alternatives)
    forms = {
        ".csv": lambda: csv(card, facts),
        ".md": lambda: markdown(card, numbers, alternatives, facts),
        ".html": lambda: page(card, numbers, alternatives, facts),
        ".rst": lambda: headlines(card, numbers, facts),
        ".tex": lambda: macros(numbers, facts),
    }
    for output in arguments.output:
        if output.suffix not in forms:
            raise ValueError(f"{output}: the scorecard is written as {', '.join(forms)}")
        files.write_text(output, forms[output.suffix]())


if __name__ == "__main__":
    command_line.run(main)
