"""Mask, extract and fit the counts images of one chunk (section 2.1.2, Figure 2)."""

from encluster.files import write_h5
from encluster.halos.catalog import read_catalog
from encluster.running.command_line import parser, run, within
from encluster.xray.chunks import chunk_rows, fit_images, profile_attributes
from encluster.xray.images import read_images
from encluster.xray.settings import settings


def main() -> None:
    """Read the chunk's images, write its rows of the profiles file."""
    command = parser(__doc__, inputs=("halos", "images"))
    command.add_argument("--chunk", type=within(int, 0, 999), required=True, help="number of this chunk, from 0")
    command.add_argument("--chunks", type=within(int, 1, 1000), required=True, help="number of chunks")
    arguments = command.parse_args()
    chosen = settings(arguments.spec)
    catalog = read_catalog(arguments.halos)
    rows = chunk_rows(catalog, chunk=arguments.chunk, chunks=arguments.chunks)
    arrays = fit_images(read_images(arguments.images), catalog, rows, chosen, where=str(arguments.images))
    write_h5(arguments.output, "profiles", arrays, profile_attributes(catalog))
    print(f"{len(rows)} profiles of chunk {arguments.chunk} of {arguments.chunks} -> {arguments.output}")


if __name__ == "__main__":
    run(main)
