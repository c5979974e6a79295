"""Fit the power laws of Table 2 to the halo catalog, and compare its abundance with the mass function (D4)."""

from encluster.halos.catalog import read_catalog
from encluster.halos.relations import fit_scaling
from encluster.running import command_line
from encluster.running.configuration import Configuration


def main() -> None:
    """Read the halo catalog; write relations, correlations and abundance as JSON."""
    example = "--config results/laptop/config.yaml --halos results/laptop/halos/halos.ecsv --output scaling.json"
    arguments = command_line.parser(__doc__, example=example, inputs=("halos",)).parse_args()
    config = Configuration.read(arguments.config)
    catalog = read_catalog(arguments.halos)
    relations = fit_scaling(catalog, config.cosmology, box_mpc_h=config.box_mpc_h, model=config.mass_function)
    relations.write(arguments.output)


if __name__ == "__main__":
    command_line.run(main)
