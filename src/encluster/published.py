"""The paper's numbers, typed once, each with the place where it stands (Ntampaka & Vikhlinin)."""

from dataclasses import dataclass

from encluster.scaling import PIVOT_LOG_M, PowerLaw


@dataclass(frozen=True)
class Published:
    """A value of the paper with its error (upper and lower; zero where none is given)."""

    value: float
    where: str
    plus: float = 0.0
    minus: float = 0.0


def _symmetric(value: float, error: float, where: str) -> Published:
    return Published(value, where, error, error)


N_SIMULATED_CLUSTERS = Published(1165, "section 2.1")
N_CATALOGUES = Published(4968, "section 2.2.2")
N_PARAMETERS = Published(10_472_834, "section 3.1")
BEST_EPOCH = Published(3688, "Fig. 7")
N_EPOCHS = Published(5000, "section 3.3")
GAS_MASS_ERROR = Published(0.025, "section 2.1.2")

# standard deviation of predicted minus true sigma8 over the testing set
DELTA_SIGMA8 = {
    "standard": _symmetric(0.0212, 0.0009, "Table 4"),
    "shuffled": _symmetric(0.0262, 0.0011, "Table 4"),
    "no_wl": _symmetric(0.0297, 0.0013, "Table 4"),
    "n_cluster_mapping": _symmetric(0.0650, 0.0030, "Table 4"),
    "array_of_ones": _symmetric(0.0620, 0.0027, "Table 4"),
}


def _table2(slope: float, log_x_at_unit_mass: float, std: float) -> PowerLaw:
    # its intercepts are at M = 1 Msun/h (decision D5)
    return PowerLaw(slope=slope, log_x0=log_x_at_unit_mass + slope * PIVOT_LOG_M, std=std)


TABLE2 = {
    "lx": _table2(1.74, -24.81, 0.13),
    "temperature": _table2(0.61, -8.25, 0.03),
    "m_gas": _table2(1.16, -3.32, 0.10),
}
