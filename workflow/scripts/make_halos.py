"""Make the halo catalog: the surrogate simulation, or a list read from a file (section 2.1)."""

from typing import Any

from encluster.cosmology import Cosmology
from encluster.halos import write_catalog
from encluster.halos.build import build_catalog
from encluster.running import command_line


def main() -> None:
    """Build the catalog of the configuration's halos section; write it as ECSV."""
    arguments = command_line.parser(__doc__).parse_args()
    spec = arguments.spec
    catalog = build_catalog(
        _required(spec, "halos"),
        cosmology=Cosmology(**_required(spec, "cosmology")),
        survey_redshift=float(_survey_redshift(spec)),
        mass_function=_required(spec, "mass_function"),
        seed=int(_required(spec, "seed")),
    )
    write_catalog(arguments.output, catalog)
    print(f"{len(catalog)} clusters ({catalog.source}) -> {arguments.output}")
    for line in catalog.provenance:
        print(f"  {line}")


def _survey_redshift(spec: dict[str, Any]) -> float:
    """Return the survey's redshift: its own key, or that of the survey section."""
    return spec["survey_redshift"] if "survey_redshift" in spec else _required(_required(spec, "survey"), "redshift")


def _required(spec: dict[str, Any], key: str) -> Any:
    if key not in spec:
        raise ValueError(f"--spec: key {key!r} is missing; there are {', '.join(sorted(spec))}")
    return spec[key]


if __name__ == "__main__":
    command_line.run(main)
