"""Write the pages that are made from the code: config/README.md and docs/formats.md."""

import argparse
from pathlib import Path

import yaml

from encluster import command, configuration, storage
from encluster.halos.contract import CONTRACT

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Write both pages, below --root."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="where to write; the repository by default")
    arguments = parser.parse_args()
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    storage.write_text(arguments.root / "config/README.md", configuration.page(config, schema))
    storage.write_text(arguments.root / "docs/formats.md", _formats())


def _formats() -> str:
    lines = [
        "# File formats",
        "",
        "Made from the code by `make docs`. Masses are in Msun/h, everything else is physical. Every file says in its",
        "`source` which simulation made its numbers.",
        "",
        "## Halo catalogue: `results/halos/halos.ecsv`",
        "",
        "| column | unit | range | |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{name}` | {c.unit} | {c.low:g} ... {c.high:g} | {c.description} |" for name, c in CONTRACT.items()]
    places = {
        "profiles": "results/xray/profiles.h5",
        "mocks": "results/mocks/mocks.h5",
        "features": "results/features/standard.h5",
    }
    for kind, layout in storage.LAYOUTS.items():
        lines += ["", f"## `{places[kind]}` (HDF5)", "", "| dataset | type | axes | unit | |", "|---|---|---|---|---|"]
        lines += [
            f"| `{name}` | {c.dtype} | {', '.join(c.shape)} | {c.unit} | {c.description} |"
            for name, c in layout.items()
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    command.run(main)
