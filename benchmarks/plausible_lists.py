"""How often the comparison with the fiducial relations refuses a list of plausible physics.

Lists are the surrogate's clusters with other relations: L_X, T and M_gas with the normalization, or normalization and
slope, drawn uniformly within 25 %. Prints how many are refused; docs/how-to/my_simulation.md quotes it.
"""

from dataclasses import replace

import numpy as np

from encluster.cosmology import Cosmology
from encluster.halos.plausibility import check_plausible
from encluster.halos.scaling import OBSERVABLES
from encluster.halos.settings import HaloSettings
from encluster.halos.surrogate import MeasuredNumbers, make_surrogate

N_LISTS = 300


def refused(n_clusters: int, *, slopes: bool) -> int:
    """Return how many of `N_LISTS` lists are refused."""
    rng, count = np.random.default_rng(1), 0
    relations, cosmology = MeasuredNumbers().relations, Cosmology()
    for seed in range(N_LISTS):
        halos = make_surrogate(
            HaloSettings(n_clusters=n_clusters),
            cosmology=cosmology,
            survey_redshift=0.07,
            mass_function="bocquet16",
            seed=seed,
        )
        changed = {}
        for name in OBSERVABLES:
            slope = rng.uniform(-0.25, 0.25) * relations[name].slope if slopes else 0.0
            factor = rng.uniform(0.75, 1.25) * 10 ** (slope * (halos.log_m - 14.4))
            changed[name] = getattr(halos, name) * factor
        try:
            check_plausible(replace(halos, **changed), cosmology, where="list")
        except ValueError:
            count += 1
    return count


if __name__ == "__main__":
    for n_clusters, slopes in ((1165, False), (300, False), (1165, True), (300, True)):
        count = refused(n_clusters, slopes=slopes)
        error = np.sqrt(count * (N_LISTS - count) / N_LISTS)
        what = "normalizations and slopes" if slopes else "normalizations"
        print(f"{n_clusters} clusters, random {what}: {count} +- {error:.0f} of {N_LISTS} lists refused")
