"""The configuration of small reductions: the paper's survey, with the keys that Figures 1, 3 and 17 read."""

SPEC = {
    "cosmology": {},
    "mass_function": "bocquet16",
    "box_mpc_h": 352.0,
    "survey": {
        "redshift": 0.07,
        "m_min": {"log10": 13.6, "unit": "Msun/h"},
        "m_break": {"log10": 14.4, "unit": "Msun"},
        "slope": 2.4,
        "volume_fraction": 0.5,
        "bin_dex": 0.01,
        "smoothing_dex": 0.0,
    },
    "mocks": {
        "sigma8": {"first": 0.70, "last": 0.92},
        "normalisation": {"first": 0.8, "last": 1.3},
        "abundance": "mass_function",
        "flux_limit": "luminosity",
        "neighbours": {"window_dex": 0.1},
    },
}
