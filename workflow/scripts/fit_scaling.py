"""Fit the power laws of Table 2 to the halo catalog, and compare its abundance with the mass function (D4)."""

from encluster.cosmology import Cosmology
from encluster.halos import read_catalog
from encluster.halos.relations import fit_scaling
from encluster.running import command_line


def main() -> None:
    """Read the halo catalog; write relations, correlations and abundance as JSON."""
    arguments = command_line.parser(__doc__, inputs=("halos",)).parse_args()
    spec = arguments.spec
    for key in ("cosmology", "mass_function", "box_mpc_h"):
        if key not in spec:
            raise ValueError(f"--spec: key {key!r} is missing; there are {', '.join(sorted(spec))}")
    catalog = read_catalog(arguments.halos)
    box = dict(box_mpc_h=float(spec["box_mpc_h"]), model=spec["mass_function"])
    fit_scaling(catalog, Cosmology(**spec["cosmology"]), **box).write(arguments.output)


if __name__ == "__main__":
    command_line.run(main)
