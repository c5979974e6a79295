"""Gas mass and density slope from an image: annuli, projected fit, statistical errors (section 2.1.2, Figure 2).

The density model is that of Vikhlinin et al. (2006). Its parameters are degenerate; weak Gaussian priors therefore
limit parameters that the data do not constrain. A second core (beta2 = 1) is added only if the deviance requires it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from encluster.types import FloatArray, IntArray
from encluster.xray.density import MAX_EPSILON, GasDensity, shell_radii
from encluster.xray.emission import Observation
from encluster.xray.geometry import Annuli, annulus_edges, extract
from encluster.xray.settings import Wavelet
from encluster.xray.wavelets import find_structure

# ln n0^2 [cm^-6], ln rc/R500, ln rs/R500, alpha, beta, epsilon; then ln n02^2, ln rc2/R500
_PRIOR_MEAN = np.array([0.0, np.log(0.12), np.log(0.9), 0.8, 0.6, 2.0, 0.0, np.log(0.03)])
_PRIOR_WIDTH = np.array([np.inf, 1.0, 0.7, 0.8, 0.2, 1.5, np.inf, 0.7])
_LOW = np.array([-60.0, np.log(0.005), np.log(0.1), 0.0, 0.2, 0.0, -60.0, np.log(0.005)])
_HIGH = np.array([20.0, np.log(2.0), np.log(10.0), 2.8, 2.5, MAX_EPSILON, 20.0, np.log(0.15)])
_BETA2 = 1.0
_N_MAIN = 6
MIN_COUNTS = 200
PARAMETERS = ("n0", "rc_kpc", "rs_kpc", "alpha", "beta", "epsilon", "n02", "rc2_kpc", "beta2")


@dataclass(frozen=True, kw_only=True)
class ProfileFit:
    """Result of the X-ray analysis of one cluster; the profiles file has columns of the same names.

    Parameters
    ----------
    density : GasDensity
        The fitted gas density.
    m_gas_shell, m_gas_shell_err : FloatArray
        (7,) gas mass in shells and its standard error [Msun/h].
    gamma, gamma_err : FloatArray
        (7,) d ln rho_gas / d ln r at the shells' outer radii, and its standard error.
    m_gas, m_gas_err : float
        Gas mass within R500c and its standard error [Msun/h].
    counts : int
        Photons in the image.
    n_masks : int
        Number of masked regions.
    deviance : float
        Poisson deviance over degrees of freedom.
    annuli : Annuli
        Data of the fit.
    annulus_model : FloatArray
        (a,) photons expected from the fit.
    """

    density: GasDensity
    m_gas_shell: FloatArray
    m_gas_shell_err: FloatArray
    gamma: FloatArray
    gamma_err: FloatArray
    m_gas: float
    m_gas_err: float
    counts: int
    n_masks: int
    deviance: float
    annuli: Annuli
    annulus_model: FloatArray


def analyze(
    counts: IntArray,
    *,
    r500c_kpc: float,
    temperature: float,
    observation: Observation,
    wavelet: Wavelet,
    n_annuli: int,
    inner_shell: float = 0.1,
) -> ProfileFit:
    """Mask, extract and fit one counts image.

    Parameters
    ----------
    counts : IntArray
        (n, n) photons, with the cluster at the center.
    r500c_kpc : float
        R500c from the halo catalog [kpc].
    temperature : float
        Temperature from the halo catalog [keV]; it gives the emissivity.
    observation : Observation
        Telescope, distance and metallicity.
    wavelet : Wavelet
        Parameters of the masks.
    n_annuli : int
        Number of annuli.
    inner_shell : float, optional
        Outer radius of the innermost gas-mass shell [R500c].

    Returns
    -------
    ProfileFit
        Fit and derived quantities.

    Raises
    ------
    ValueError
        If fewer than 200 photons lie in the annuli.
    """
    mask = find_structure(counts, wavelet)
    edges = annulus_edges(
        r500c_kpc=r500c_kpc, pixel_kpc=observation.pixel_kpc, n_pixels=counts.shape[0], number=n_annuli
    )
    annuli = extract(counts, mask.masked, edges_kpc=edges, pixel_kpc=observation.pixel_kpc, r500c_kpc=r500c_kpc)
    if annuli.counts.sum() < MIN_COUNTS:
        raise ValueError(f"only {annuli.counts.sum()} photons in the annuli, a profile needs {MIN_COUNTS}")
    per_measure = observation.photons_per_emission_measure(temperature)
    theta, covariance, expected = fit_annuli(annuli, r500c_kpc=r500c_kpc, per_measure=per_measure)
    derived, errors = _derived_with_errors(
        theta, covariance, r500c_kpc=r500c_kpc, shells=shell_radii(inner_shell), h=observation.cosmology.h
    )
    dof = max(int(np.sum(annuli.pixels > 0)) - len(theta), 1)
    return ProfileFit(
        density=_density(theta, r500c_kpc),
        m_gas_shell=derived[:7],
        m_gas_shell_err=errors[:7],
        gamma=derived[7:14],
        gamma_err=errors[7:14],
        m_gas=float(derived[14]),
        m_gas_err=float(errors[14]),
        counts=int(counts.sum(dtype=np.int64)),
        n_masks=mask.n_regions,
        deviance=float(np.sum(_signed_deviance(annuli.counts, expected) ** 2) / dof),
        annuli=annuli,
        annulus_model=expected,
    )


def fit_annuli(annuli: Annuli, *, r500c_kpc: float, per_measure: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fit the projected density model to the photons in annuli.

    Parameters
    ----------
    annuli : Annuli
        Counts and projection.
    r500c_kpc : float
        Unit of the model's radii, R500c [kpc].
    per_measure : float
        Photons per emission measure [cm^6 kpc^-3].

    Returns
    -------
    theta : FloatArray
        (p,) parameters; p = 6, or 8 with a second core.
    covariance : FloatArray
        (p, p) covariance of the parameters.
    expected : FloatArray
        (a,) expected photons in the annuli.
    """
    x = annuli.nodes_kpc / r500c_kpc
    matrix = annuli.projection * per_measure
    used = annuli.pixels > 0
    start = _PRIOR_MEAN[:_N_MAIN].copy()
    start[0] = np.log(annuli.counts.sum() / (matrix @ _emissivity(x, start)[0]).sum())
    theta, jacobian = _minimize(x, matrix[used], annuli.counts[used], start)
    expected = matrix @ _emissivity(x, theta)[0]
    excess = float(np.sum(_signed_deviance(annuli.counts[used], expected[used]) ** 2)) - used.sum() + _N_MAIN
    if excess > 4 * np.sqrt(2 * used.sum()):
        second = np.concatenate([theta, [np.log(0.3 * _emissivity(np.array([0.03]), theta)[0][0]), _PRIOR_MEAN[7]]])
        theta, jacobian = _minimize(x, matrix[used], annuli.counts[used], second)
        expected = matrix @ _emissivity(x, theta)[0]
    return theta, np.linalg.inv(jacobian.T @ jacobian), expected


def _minimize(x: FloatArray, matrix: FloatArray, counts: IntArray, start: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the parameters with the least Poisson deviance plus prior, and the Jacobian of the residuals there."""
    n = len(start)
    constrained = np.isfinite(_PRIOR_WIDTH[:n])
    prior_rows = (np.eye(n) / _PRIOR_WIDTH[:n])[constrained]
    # a weak prior on amplitudes, because one without photons would make the covariance singular
    prior_rows = np.vstack([prior_rows, 1e-3 * np.eye(n)[~constrained]])
    center = np.where(constrained, _PRIOR_MEAN[:n], start)

    def residuals(theta: FloatArray) -> FloatArray:
        model = matrix @ _emissivity(x, theta)[0]
        return np.concatenate([_signed_deviance(counts, model), prior_rows @ (theta - center)])

    def jacobian(theta: FloatArray) -> FloatArray:
        emissivity, gradient = _emissivity(x, theta)
        model = matrix @ emissivity
        by_model = _deviance_derivative(counts, model)
        return np.vstack([by_model[:, None] * (matrix @ gradient), prior_rows])

    low, high = _LOW[:n], _HIGH[:n]
    inside = np.clip(start, low + 1e-3 * (high - low), high - 1e-3 * (high - low))
    result = least_squares(
        residuals, inside, jacobian, bounds=(low, high), x_scale="jac", ftol=1e-7, xtol=1e-6, gtol=1e-6, max_nfev=200
    )
    return result.x, jacobian(result.x)


def _emissivity(x: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return n_p n_e, (n,) [cm^-6], at radii in units of R500c, and its derivatives, (n, p)."""
    ln_amplitude, ln_rc, ln_rs, alpha, beta, epsilon = theta[:_N_MAIN]
    ln_u = 2 * (np.log(x) - ln_rc)
    u, v = np.exp(ln_u), (x / np.exp(ln_rs)) ** 3
    ln_core, ln_tail = np.log1p(u), np.log1p(v)
    main = np.exp(ln_amplitude - alpha / 2 * ln_u + (alpha / 2 - 3 * beta) * ln_core - epsilon / 3 * ln_tail)
    columns = [
        np.ones_like(x),
        alpha + (6 * beta - alpha) * u / (1 + u),
        epsilon * v / (1 + v),
        0.5 * (ln_core - ln_u),
        -3 * ln_core,
        -ln_tail / 3,
    ]
    gradient = main[:, None] * np.stack(columns, axis=1)
    if len(theta) == _N_MAIN:
        return main, gradient
    u2 = (x / np.exp(theta[7])) ** 2
    second = np.exp(theta[6] - 3 * _BETA2 * np.log1p(u2))
    extra = second[:, None] * np.stack([np.ones_like(x), 6 * _BETA2 * u2 / (1 + u2)], axis=1)
    return main + second, np.hstack([gradient, extra])


def _signed_deviance(counts: IntArray, model: FloatArray) -> FloatArray:
    """Return residuals whose squares add up to the Poisson deviance."""
    model = np.maximum(model, 1e-30)
    term = model - counts + counts * np.log(np.maximum(counts, 1) / model)
    return np.asarray(np.sign(counts - model) * np.sqrt(2 * np.maximum(term, 0.0)))


def _deviance_derivative(counts: IntArray, model: FloatArray) -> FloatArray:
    """Return d(signed deviance)/d(model); near model = counts its limit, -1/sqrt(model)."""
    model = np.maximum(model, 1e-30)
    deviance = _signed_deviance(counts, model)
    far = np.abs(deviance) > 1e-4
    return np.where(far, (1 - counts / model) / np.where(far, deviance, 1.0), -1 / np.sqrt(model))


def _density(theta: FloatArray, r500c_kpc: float) -> GasDensity:
    second = {}
    if len(theta) > _N_MAIN:
        second = dict(n02=float(np.exp(theta[6] / 2)), rc2_kpc=float(np.exp(theta[7])) * r500c_kpc, beta2=_BETA2)
    return GasDensity(
        n0=float(np.exp(theta[0] / 2)),
        rc_kpc=float(np.exp(theta[1])) * r500c_kpc,
        rs_kpc=float(np.exp(theta[2])) * r500c_kpc,
        alpha=float(max(theta[3], 0.0)),
        beta=float(theta[4]),
        epsilon=float(np.clip(theta[5], 0.0, MAX_EPSILON)),
        **second,
    )


def _derived(theta: FloatArray, *, r500c_kpc: float, shells: FloatArray, h: float) -> FloatArray:
    """Return gas mass in seven shells, slope at seven radii, and gas mass within R500c, (15,)."""
    density, radii = _density(theta, r500c_kpc), shells * r500c_kpc
    m_gas = density.gas_mass(np.concatenate([[0.0], radii]), h=h)
    return np.concatenate([m_gas, density.slope(radii), [m_gas.sum()]])


def _derived_with_errors(
    theta: FloatArray, covariance: FloatArray, *, r500c_kpc: float, shells: FloatArray, h: float
) -> tuple[FloatArray, FloatArray]:
    def derived(at: FloatArray) -> FloatArray:
        return _derived(at, r500c_kpc=r500c_kpc, shells=shells, h=h)

    steps = np.minimum(0.1 * np.sqrt(np.diag(covariance)), 0.01)
    n = len(theta)
    low, high = _LOW[:n], _HIGH[:n]
    columns = []
    for i, step in enumerate(steps):
        up, down = theta.copy(), theta.copy()
        up[i], down[i] = min(theta[i] + step, high[i]), max(theta[i] - step, low[i])
        columns.append((derived(up) - derived(down)) / (up[i] - down[i]))
    gradient = np.stack(columns, axis=1)
    return derived(theta), np.sqrt(np.einsum("di,ij,dj->d", gradient, covariance, gradient))
