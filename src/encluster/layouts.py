"""The layouts of the HDF5 files: name, type, axes, unit and meaning of each dataset."""

from dataclasses import dataclass

# properties of mock clusters that an interpretation contains too
PROPERTIES = ("log_m500c", "log_m_wl", "log_m_gas", "log_temperature", "log_lx")


@dataclass(frozen=True)
class Dataset:
    """One dataset of a file.

    Parameters
    ----------
    dtype : str
        NumPy type of the values.
    shape : tuple of str
        Names of the axes.
    unit : str
        Unit of the values; "1" if there is none.
    description : str
        Meaning of the values.
    """

    dtype: str
    shape: tuple[str, ...]
    unit: str
    description: str


_OFFSET = Dataset("i8", ("catalog+1",), "1", "catalog c has clusters offset[c]:offset[c+1]")


def _profiles() -> dict[str, Dataset]:
    return {
        "id": Dataset("i8", ("n",), "1", "cluster id, as in the halo catalog"),
        "m500c": Dataset("f8", ("n",), "Msun/h", "true mass within 500 times the critical density"),
        "r500c_kpc": Dataset("f8", ("n",), "kpc", "physical radius R500c at the survey redshift"),
        "m_gas_shell": Dataset(
            "f8", ("n", "shell"), "Msun/h", "fitted gas mass in spherical shells; the first is the core"
        ),
        "m_gas_shell_err": Dataset("f8", ("n", "shell"), "Msun/h", "statistical error of m_gas_shell"),
        "gamma": Dataset("f8", ("n", "shell"), "1", "fitted d ln rho_gas / d ln r at the outer radius of each shell"),
        "gamma_err": Dataset("f8", ("n", "shell"), "1", "statistical error of gamma"),
        "m_gas": Dataset("f8", ("n",), "Msun/h", "fitted gas mass within R500c"),
        "m_gas_err": Dataset("f8", ("n",), "Msun/h", "statistical error of m_gas"),
        "m_gas_true": Dataset("f8", ("n",), "Msun/h", "gas mass within R500c in the halo catalog"),
        "counts": Dataset("i8", ("n",), "photon", "photons in the image"),
        "n_masks": Dataset("i8", ("n",), "1", "regions masked by the wavelet decomposition"),
        "deviance": Dataset("f8", ("n",), "1", "Poisson deviance of the fit over its degrees of freedom"),
        "density_parameters": Dataset("f8", ("n", "parameter"), "see attribute", "fitted gas-density parameters"),
        "annulus_edges": Dataset("f8", ("n", "edge"), "kpc", "projected radii of the edges of the annuli"),
        "annulus_counts": Dataset("i8", ("n", "annulus"), "photon", "unmasked photons per annulus"),
        "annulus_pixels": Dataset("f8", ("n", "annulus"), "pixel", "unmasked area per annulus"),
        "annulus_model": Dataset("f8", ("n", "annulus"), "photon", "photons per annulus expected from the fit"),
    }


def _mocks() -> dict[str, Dataset]:
    catalog, cluster, shells = ("catalog",), ("cluster",), ("cluster", "shell")
    bias = "over that of the simulation"
    return {
        "catalogs/sigma8": Dataset("f8", catalog, "1", "amplitude of matter fluctuations; the label"),
        "catalogs/lx_normalization": Dataset("f8", catalog, "1", f"normalization of L_X {bias}"),
        "catalogs/temperature_normalization": Dataset("f8", catalog, "1", f"normalization of T {bias}"),
        "catalogs/m_gas_normalization": Dataset("f8", catalog, "1", f"normalization of M_gas {bias}"),
        "catalogs/lx_scatter": Dataset("f8", catalog, "1", f"scatter of L_X {bias}"),
        "catalogs/temperature_scatter": Dataset("f8", catalog, "1", f"scatter of T {bias}"),
        "catalogs/m_gas_scatter": Dataset("f8", catalog, "1", f"scatter of M_gas {bias}"),
        "catalogs/lx_slope": Dataset("f8", catalog, "1", f"slope of the mass-luminosity relation {bias}"),
        "catalogs/sigma_wl": Dataset("f8", catalog, "1", "scatter of the lensing mass in ln M"),
        "catalogs/log_m_break": Dataset("f8", catalog, "dex(Msun/h)", "mass where the survey becomes volume-limited"),
        "catalogs/n_expected": Dataset("f8", catalog, "1", "expected number of clusters"),
        "catalogs/offset": _OFFSET,
        "clusters/log_m500c": Dataset("f4", cluster, "dex(Msun/h)", "true mass"),
        "clusters/neighbor": Dataset("i8", cluster, "1", "id of the simulated cluster that gave scatter and profiles"),
        "clusters/widened": Dataset("u1", cluster, "1", "1 if fewer than k neighbors lay within the mass window"),
        "clusters/residual_lx": Dataset("f4", cluster, "dex", "the neighbor's residual from the L_X relation"),
        "clusters/residual_temperature": Dataset("f4", cluster, "dex", "the neighbor's residual from the T relation"),
        "clusters/residual_m_gas": Dataset("f4", cluster, "dex", "the neighbor's residual from the M_gas relation"),
        "clusters/residual_wl": Dataset("f4", cluster, "1", "residual of the lensing mass in units of sigma_wl"),
        "clusters/log_lx": Dataset("f4", cluster, "dex(1e44 erg/s)", "bolometric X-ray luminosity"),
        "clusters/log_temperature": Dataset("f4", cluster, "dex(keV)", "mass-weighted temperature"),
        "clusters/log_m_gas": Dataset("f4", cluster, "dex(Msun/h)", "gas mass within R500c"),
        "clusters/log_y500": Dataset("f4", cluster, "dex(unit of the list)", "integrated Compton parameter"),
        "clusters/log_m_wl": Dataset("f4", cluster, "dex(Msun/h)", "weak-lensing mass"),
        "clusters/log_m_gas_shell": Dataset("f4", shells, "dex(Msun/h)", "gas mass in spherical shells"),
        "clusters/gamma": Dataset("f4", shells, "1", "d ln rho_gas / d ln r at the outer radius of each shell"),
    }


def _features() -> dict[str, Dataset]:
    catalog, cluster = ("catalog",), ("cluster",)
    return {
        "catalogs/sigma8": Dataset("f8", catalog, "1", "amplitude of matter fluctuations"),
        "catalogs/label": Dataset("f4", catalog, "1", "sigma8, scaled to 0..1"),
        "catalogs/split": Dataset("u1", catalog, "1", "0 training, 1 validation, 2 testing"),
        "catalogs/offset": _OFFSET,
        "clusters/matrix": Dataset("f4", ("cluster", "feature"), "1", "2D input, scaled to 0..1"),
        "clusters/supplementary": Dataset("f4", ("cluster", "supplement"), "1", "supplementary input, scaled to 0..1"),
        "clusters/cluster": Dataset("i8", cluster, "1", "index of the cluster in the mocks file"),
    }


def _interpretation() -> dict[str, Dataset]:
    catalog, cluster, mocks = ("catalog",), ("cluster",), _mocks()
    return {
        "catalogs/catalog": Dataset("i8", catalog, "1", "index in the mocks file; testing catalogs only"),
        "catalogs/sigma8": Dataset("f8", catalog, "1", "true sigma8"),
        "catalogs/sigma8_predicted": Dataset("f8", catalog, "1", "sigma8 predicted by the network"),
        "catalogs/offset": _OFFSET,
        "clusters/cluster": Dataset("i8", cluster, "1", "index of the cluster in the mocks file"),
        **{f"clusters/{name}": mocks[f"clusters/{name}"] for name in PROPERTIES},
        "clusters/terse": Dataset("f4", cluster, "1", "output of the encoder"),
        "clusters/saliency": Dataset("f4", ("cluster", "feature"), "1", "d terse / d scaled input, signed (eq. 4)"),
        "clusters/integrated_gradients": Dataset(
            "f4",
            ("cluster", "feature"),
            "1",
            "integrated gradient of terse; adds up over features to its change from the median training cluster",
        ),
        "clusters/sigma8_one_out": Dataset(
            "f8", cluster, "1", "sigma8 predicted without this cluster; NaN for the only cluster of a catalog"
        ),
    }


LAYOUTS: dict[str, dict[str, Dataset]] = {
    "profiles": _profiles(),
    "mocks": _mocks(),
    "features": _features(),
    "interpretation": _interpretation(),
}
