"""Make the halo catalog: the surrogate simulation, or a list read from a file (section 2.1)."""

from pathlib import Path

from encluster.halos.build import build_catalog
from encluster.halos.catalog import write_catalog
from encluster.running import command_line
from encluster.running.configuration import Configuration


def main() -> None:
    """Build the catalog of the configuration's section halos; write it as ECSV."""
    parser = command_line.parser(__doc__, example="--config config/laptop.yaml --output halos.ecsv", seed=True)
    parser.add_argument("--list", type=Path, nargs="?", help="file of the list, if it was downloaded from halos.url")
    arguments = parser.parse_args()
    config = Configuration.read(arguments.config).with_seed(arguments.seed)
    halos = config.halos
    if halos.url and arguments.list is None:
        raise ValueError("--list: is missing; the configuration has halos.url: download the list first")
    if arguments.list is not None:
        halos = halos.model_copy(update={"path": str(arguments.list)})
    catalog = build_catalog(
        halos,
        cosmology=config.cosmology,
        survey_redshift=config.survey.redshift,
        mass_function=config.mass_function,
        seed=config.seed,
    )
    write_catalog(arguments.output, catalog)
    print(f"{len(catalog)} clusters ({catalog.source}) -> {arguments.output}")
    for line in catalog.provenance:
        print(f"  {line}")


if __name__ == "__main__":
    command_line.run(main)
