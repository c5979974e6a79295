"""Mask, extract and fit the counts images of one chunk (section 2.1.2, Figure 2)."""

from encluster.halos.catalog import read_catalog
from encluster.hdf5 import write_h5
from encluster.running.command_line import CHUNK, parser, run
from encluster.running.configuration import Configuration
from encluster.xray.chunks import chunk_rows, fit_images, profile_attributes
from encluster.xray.images import read_images


def main() -> None:
    """Read the images of the chunk, write its rows of the profiles file."""
    example = (
        "--config results/laptop/config.yaml --halos results/laptop/halos/halos.ecsv"
        " --images results/laptop/xray/images/0.fits --chunk 0 --output 0.h5"
    )
    command = parser(__doc__, example=example, inputs=("halos", "images"))
    command.add_argument("--chunk", type=CHUNK, required=True, help="number of the chunk, from 0")
    arguments = command.parse_args()
    config = Configuration.read(arguments.config)
    catalog, xray = read_catalog(arguments.halos), config.xray
    rows = chunk_rows(catalog, chunk=arguments.chunk, chunks=xray.chunks)
    arrays = fit_images(
        read_images(arguments.images),
        catalog,
        rows,
        xray,
        cosmology=config.cosmology,
        where=str(arguments.images),
    )
    write_h5(arguments.output, "profiles", arrays, profile_attributes(catalog))
    print(f"{len(rows)} profiles of chunk {arguments.chunk} of {xray.chunks} -> {arguments.output}")


if __name__ == "__main__":
    run(main)
