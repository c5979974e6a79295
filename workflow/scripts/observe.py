"""Make the counts images of one chunk: simulate photons, or bin the lists of the Magneticum portal (section 2.1.2)."""

from encluster.halos.catalog import read_catalog
from encluster.running.command_line import CHUNK, parser, run
from encluster.running.configuration import Configuration
from encluster.xray.chunks import chunk_rows, ingest_images, simulate_images
from encluster.xray.images import write_images


def main() -> None:
    """Read the catalog, write the images of the chunk."""
    example = "--config results/laptop/config.yaml --halos results/laptop/halos/halos.ecsv --chunk 0 --output 0.fits"
    command = parser(__doc__, example=example, inputs=("halos",), seed=True)
    command.add_argument("--chunk", type=CHUNK, required=True, help="number of the chunk, from 0")
    arguments = command.parse_args()
    config = Configuration.read(arguments.config).with_seed(arguments.seed)
    catalog, xray = read_catalog(arguments.halos), config.xray
    rows = chunk_rows(catalog, chunk=arguments.chunk, chunks=xray.chunks)
    if xray.photons == "simput":
        images = ingest_images(catalog, rows, xray, seed=config.seed)
    else:
        images = simulate_images(
            catalog,
            rows,
            xray,
            cosmology=config.cosmology,
            mass_function=config.mass_function,
            seed=config.seed,
        )
    write_images(arguments.output, images, number=len(rows), telescope=xray, source=catalog.source)
    print(f"{len(rows)} images of chunk {arguments.chunk} of {xray.chunks} -> {arguments.output}")


if __name__ == "__main__":
    run(main)
