"""Cost and accuracy of the X-ray stage over a halo catalog: python benchmarks/xray_cost.py [halos.ecsv] [--every 10].

Prints CPU seconds per cluster (one thread), peak memory, and per mass bin the statistical error and bias of the gas
mass and the number of masks, for smooth clusters and for the configuration's clumps and groups. Ratios and rates
compare between machines, seconds do not.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: CPU time of one thread

import numpy as np
import record

from encluster.cosmology import Cosmology
from encluster.halos.catalog import HaloCatalog, read_catalog
from encluster.xray.chunks import fit_images, simulate_images
from encluster.xray.images import read_images, write_images
from encluster.xray.settings import XraySettings

NOTHING = {"clumps": {"mean_number": 0, "emission_fraction": 0}, "line_of_sight": {"overdensity": 0}}


def measure(catalog: HaloCatalog, xray: XraySettings, every: int, folder: Path) -> float:
    """Run the stage on every so many-th cluster and print what it cost and gave; return CPU seconds per cluster."""
    rows = np.arange(0, len(catalog), every)
    path, cosmology = folder / "images.fits", Cosmology()
    start = time.process_time()
    images = simulate_images(catalog, rows, xray, cosmology=cosmology, mass_function="bocquet16", seed=2021)
    write_images(path, images, number=len(rows), telescope=xray, source=catalog.source)
    middle = time.process_time()
    arrays = fit_images(read_images(path), catalog, rows, xray, cosmology=cosmology, where=str(path))
    end = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(rows)} clusters, {path.stat().st_size / len(rows) / 1000:.0f} kB an image, peak {memory:.0f} MB")
    print(f"CPU per cluster: photons {(middle - start) / len(rows):.3f} s, fit {(end - middle) / len(rows):.3f} s")
    log_m, error = np.log10(arrays["m500c"]), 100 * arrays["m_gas_err"] / arrays["m_gas"]
    bias = 100 * (arrays["m_gas"] / arrays["m_gas_true"] - 1)
    print("log M      n  error %  bias %: mean  median  scatter   masks")
    for low in np.arange(13.58, 15.6, 0.2):
        used = (log_m >= low) & (log_m < low + 0.2)
        if used.any():
            print(
                f"{low:.2f} {used.sum():6d} {np.median(error[used]):8.2f} {bias[used].mean():+13.2f}"
                f" {np.median(bias[used]):+7.2f} {bias[used].std():8.2f} {arrays['n_masks'][used].mean():7.3f}"
            )
    return (end - start) / len(rows)


def main() -> None:
    """Read the arguments and measure twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("halos", type=Path, nargs="?", default=Path("results/laptop/halos/halos.ecsv"))
    parser.add_argument("--every", type=int, default=10)
    record.add_option(parser)
    arguments = parser.parse_args()
    catalog = read_catalog(arguments.halos)
    with tempfile.TemporaryDirectory() as folder:
        for name, xray in (("smooth", XraySettings(**NOTHING)), ("clumps and groups", XraySettings())):
            print(name)
            cost = measure(catalog, xray, arguments.every, Path(folder))
            found = record.Measurement(
                name=f"photons to fit, {name} [CPU s per cluster]",
                ours=cost,
                goal="ours <= 0.1",
                machine=record.machine(1),
            )
            record.append(arguments.table, [found])


if __name__ == "__main__":
    main()
