"""Make the counts images of one chunk: simulate photons, or bin the lists of the Magneticum portal (section 2.1.2)."""

from encluster.halos.catalog import read_catalog
from encluster.running.command_line import parser, run, within
from encluster.xray.chunks import chunk_rows, ingest_images, simulate_images
from encluster.xray.images import write_images
from encluster.xray.settings import settings

IMAGES = {"simulate": simulate_images, "simput": ingest_images}


def main() -> None:
    """Read the catalog, write the chunk's images."""
    command = parser(__doc__, inputs=("halos",))
    command.add_argument("--chunk", type=within(int, 0, 999), required=True, help="number of this chunk, from 0")
    command.add_argument("--chunks", type=within(int, 1, 1000), required=True, help="number of chunks")
    arguments = command.parse_args()
    chosen = settings(arguments.spec)
    catalog = read_catalog(arguments.halos)
    rows = chunk_rows(catalog, chunk=arguments.chunk, chunks=arguments.chunks)
    write_images(
        arguments.output,
        IMAGES[chosen.photons](catalog, rows, chosen),
        number=len(rows),
        telescope=chosen.observation.telescope,
        source=catalog.source,
    )
    print(f"{len(rows)} images of chunk {arguments.chunk} of {arguments.chunks} -> {arguments.output}")


if __name__ == "__main__":
    run(main)
