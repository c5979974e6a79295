"""Fit the power laws of Table 2 to the halo catalog, and compare its abundance with the mass function (D4)."""

from dataclasses import asdict
from typing import Any

import numpy as np

from encluster import files
from encluster.halos.catalog import read_catalog
from encluster.halos.relations import abundance_ratio, expected_number, fit_relations, rank_correlations, residuals
from encluster.halos.scaling import OUTLIER_DEX, PIVOT_LOG_M
from encluster.running import command_line
from encluster.running.configuration import Configuration


def main() -> None:
    """Read the halo catalog; write relations, correlations and abundance as JSON."""
    example = "--config results/laptop/config.yaml --halos results/laptop/halos/halos.ecsv --output scaling.json"
    arguments = command_line.parser(__doc__, example=example, inputs=("halos",)).parse_args()
    config = Configuration.read(arguments.config)
    catalog = read_catalog(arguments.halos)
    box: dict[str, Any] = dict(box_mpc_h=config.box_mpc_h, model=config.mass_function)
    relations = fit_relations(catalog)
    deviations = residuals(catalog, relations)
    files.write_json(
        arguments.output,
        {
            "source": catalog.source,
            "survey_redshift": catalog.survey_redshift,
            "thinned": catalog.thinned,
            "log_m_limit": catalog.log_m_limit,
            "pivot_log_m": PIVOT_LOG_M,
            "outlier_dex": OUTLIER_DEX,
            "relations": {name: asdict(relation) for name, relation in relations.items()},
            "outlier_share": {name: float(np.mean(np.abs(r) > OUTLIER_DEX)) for name, r in deviations.items()},
            "spearman": rank_correlations(deviations),
            "n_clusters": len(catalog),
            "n_expected": expected_number(config.cosmology, catalog.log_m_limit, catalog.survey_redshift, **box),
            "abundance_ratio": abundance_ratio(catalog, config.cosmology, **box),
        },
    )


if __name__ == "__main__":
    command_line.run(main)
