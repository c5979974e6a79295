"""Mock X-ray images like those of PHOX: Poisson photons of a cluster, its clumps and groups along the line of sight.

The gas is isothermal at the cluster's temperature (section 2.1.2). Photons are drawn in three dimensions, from the
cumulative emission measure and an isotropic direction. No model image is computed; the cost is proportional to the
number of photons.
"""

from dataclasses import dataclass

import numpy as np

from encluster.cosmology import Cosmology, mass_function
from encluster.halos.scaling import TABLE2
from encluster.types import FloatArray, IntArray
from encluster.xray.density import EXTENT_R500, GasDensity
from encluster.xray.emission import Observation
from encluster.xray.population import draw_shape, normalized
from encluster.xray.projection import cumulative_sphere
from encluster.xray.settings import Clumps, LineOfSight

_BLOCK = 500_000  # photons drawn at once, which limits the memory
_CLUMP_CORE_R500 = (0.01, 0.03)
_CLUMP_EXTENT_CORES = 5.0
_CLUMP_ZONE_R500 = (0.1, 1.5)
_GROUP_LOG_M = (12.5, 14.5)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A sphere of gas in the image.

    Parameters
    ----------
    density : GasDensity
        Its density.
    x_kpc, y_kpc : float
        Its center relative to that of the image [kpc].
    extent_kpc : float
        Radius at which the gas ends [kpc].
    expected : float
        Expected number of photons.
    """

    density: GasDensity
    x_kpc: float
    y_kpc: float
    extent_kpc: float
    expected: float


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Content of a mock image.

    Parameters
    ----------
    density : GasDensity
        Smooth gas of the cluster.
    expected, expected_clumps, expected_groups : float
        Expected photons of smooth gas, clumps and groups, inside and outside the field.
    n_clumps, n_groups : int
        Number of clumps and groups.
    """

    density: GasDensity
    expected: float
    expected_clumps: float
    expected_groups: float
    n_clumps: int
    n_groups: int


@dataclass(frozen=True, kw_only=True)
class GroupPopulation:
    """Groups expected in the column of the field.

    Parameters
    ----------
    log_m : FloatArray
        (n,) ascending log10 M500c [Msun/h].
    count : FloatArray
        (n,) expected number of groups below this mass.
    cosmology : Cosmology
        Source of distances.
    redshift : float
        Redshift of the cluster.
    depth_mpc : float
        Half length of the column [Mpc].
    """

    log_m: FloatArray
    count: FloatArray
    cosmology: Cosmology
    redshift: float
    depth_mpc: float


def group_population(
    line_of_sight: LineOfSight, observation: Observation, *, model: str = "bocquet16"
) -> GroupPopulation:
    """Return the groups expected in the column of the field from the mass function; the same for all clusters.

    Parameters
    ----------
    line_of_sight : LineOfSight
        Depth and overdensity of the column.
    observation : Observation
        Field, redshift and cosmology.
    model : str, optional
        A model of `encluster.cosmology.mass_function`.

    Returns
    -------
    GroupPopulation
        The expected groups.
    """
    cosmology, z = observation.cosmology, observation.redshift
    log_m = np.linspace(*_GROUP_LOG_M, 81)
    side = observation.pixel_kpc * observation.telescope.n_pixels / 1000
    comoving = side**2 * 2 * line_of_sight.depth_mpc * ((1 + z) * cosmology.h) ** 3  # (Mpc/h)^3
    density = mass_function(cosmology, log_m, z, model=model) * comoving * line_of_sight.overdensity
    step = 0.5 * (density[1:] + density[:-1]) * np.diff(log_m)
    return GroupPopulation(
        log_m=log_m,
        count=np.concatenate([[0.0], np.cumsum(step)]),
        cosmology=cosmology,
        redshift=z,
        depth_mpc=line_of_sight.depth_mpc,
    )


def simulate(
    *,
    density: GasDensity,
    r500c_kpc: float,
    temperature: float,
    m500c: float,
    clumps: Clumps,
    groups: GroupPopulation,
    observation: Observation,
    rng: np.random.Generator,
) -> tuple[IntArray, Truth]:
    """Simulate the counts image of one cluster (section 2.1.2).

    Parameters
    ----------
    density : GasDensity
        Smooth gas of the cluster.
    r500c_kpc : float
        R500c [kpc].
    temperature : float
        Temperature of the gas [keV].
    m500c : float
        M500c [Msun/h]; groups have at most half of it.
    clumps : Clumps
        Clumps to add.
    groups : GroupPopulation
        Groups to add.
    observation : Observation
        Telescope, distance and metallicity.
    rng : numpy.random.Generator
        Generator of this cluster.

    Returns
    -------
    image : IntArray
        (n, n) photons per pixel, row = y, with the cluster at the center.
    truth : Truth
        Content of the image.
    """
    extent = EXTENT_R500 * r500c_kpc
    per_measure = observation.photons_per_emission_measure(temperature)
    smooth = Source(
        density=density,
        x_kpc=0.0,
        y_kpc=0.0,
        extent_kpc=extent,
        expected=per_measure * float(density.emission_measure(np.array([0.0, extent]))[0]),
    )
    inside = _clumps(smooth, r500c_kpc=r500c_kpc, clumps=clumps, rng=rng)
    behind = _groups(groups, observation=observation, log_m_max=np.log10(m500c / 2), rng=rng)
    image = draw_image([smooth, *inside, *behind], observation=observation, rng=rng)
    return image, Truth(
        density=density,
        expected=smooth.expected,
        expected_clumps=sum(source.expected for source in inside),
        expected_groups=sum(source.expected for source in behind),
        n_clumps=len(inside),
        n_groups=len(behind),
    )


def draw_image(sources: list[Source], *, observation: Observation, rng: np.random.Generator) -> IntArray:
    """Draw Poisson photons of all sources and bin those inside the field.

    Parameters
    ----------
    sources : list of Source
        Spheres of gas.
    observation : Observation
        Telescope and distance.
    rng : numpy.random.Generator
        Generator of the photons.

    Returns
    -------
    IntArray
        (n, n) photons per pixel.
    """
    n, pixel = observation.telescope.n_pixels, observation.pixel_kpc
    image = np.zeros(n * n, dtype=np.int32)
    for source in sources:
        radii, cumulative = cumulative_sphere(source.density.emissivity, top_kpc=source.extent_kpc)
        ln_radii, share = np.log(radii), cumulative / cumulative[-1]
        left = int(rng.poisson(source.expected))
        while left > 0:
            size = min(left, _BLOCK)
            left -= size
            r = np.exp(np.interp(rng.random(size), share, ln_radii))
            projected = r * np.sqrt(1 - rng.uniform(-1, 1, size) ** 2)
            angle = rng.uniform(0, 2 * np.pi, size)
            column = np.floor((source.x_kpc + projected * np.cos(angle)) / pixel + n / 2).astype(np.int64)
            row = np.floor((source.y_kpc + projected * np.sin(angle)) / pixel + n / 2).astype(np.int64)
            inside = (column >= 0) & (column < n) & (row >= 0) & (row < n)
            image += np.bincount(row[inside] * n + column[inside], minlength=n * n).astype(np.int32)
    return image.reshape(n, n)


def _clumps(smooth: Source, *, r500c_kpc: float, clumps: Clumps, rng: np.random.Generator) -> list[Source]:
    """Return small beta models, distributed as the gas mass, with exponentially distributed emission."""
    if clumps.mean_number == 0:
        return []
    zone = np.array(_CLUMP_ZONE_R500) * r500c_kpc
    radii, mass = cumulative_sphere(lambda r: np.sqrt(smooth.density.emissivity(r)), top_kpc=zone[1])
    inner = float(np.interp(zone[0], radii, mass))
    sources = []
    for _ in range(rng.poisson(clumps.mean_number)):
        r = float(np.interp(rng.uniform(inner, mass[-1]), mass, radii))
        cosine, angle = rng.uniform(-1, 1), rng.uniform(0, 2 * np.pi)
        core = rng.uniform(*_CLUMP_CORE_R500) * r500c_kpc
        projected = r * np.sqrt(1 - cosine**2)
        sources.append(
            Source(
                density=GasDensity(n0=1.0, rc_kpc=core, rs_kpc=1e6, alpha=0.0, beta=1.0, epsilon=0.0),
                x_kpc=projected * np.cos(angle),
                y_kpc=projected * np.sin(angle),
                extent_kpc=_CLUMP_EXTENT_CORES * core,
                expected=smooth.expected * clumps.emission_fraction / clumps.mean_number * rng.exponential(),
            )
        )
    return sources


def _groups(
    population: GroupPopulation,
    *,
    observation: Observation,
    log_m_max: float,
    rng: np.random.Generator,
) -> list[Source]:
    """Return groups at random positions in the column; those before the cluster appear larger and brighter."""
    total = float(np.interp(log_m_max, population.log_m, population.count))
    cosmology = population.cosmology
    half_side = 0.5 * observation.pixel_kpc * observation.telescope.n_pixels
    distance = cosmology.angular_diameter_distance_mpc(population.redshift)
    sources = []
    for _ in range(rng.poisson(total)):
        log_m = float(np.interp(rng.uniform(0, total), population.count, population.log_m))
        x, y = rng.uniform(-half_side, half_side, 2)
        scale = distance / (distance + rng.uniform(-population.depth_mpc, population.depth_mpc))
        r500c = float(cosmology.r500c_kpc(np.array(10.0**log_m), population.redshift))
        # Table 2 is extrapolated to the masses of groups
        temperature, m_gas = (float(10 ** TABLE2[x].log_x(np.asarray(log_m))) for x in ("temperature", "m_gas"))
        density = normalized(draw_shape(np.nan, rng), m_gas=m_gas, r500c_kpc=r500c, h=cosmology.h)
        extent = EXTENT_R500 * r500c
        measure = float(density.emission_measure(np.array([0.0, extent]))[0])
        sources.append(
            Source(
                density=density.stretched(scale),
                x_kpc=float(x),
                y_kpc=float(y),
                extent_kpc=extent * scale,
                expected=measure * observation.photons_per_emission_measure(temperature) * scale**2,
            )
        )
    return sources
