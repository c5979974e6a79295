"""Download a public list of clusters and check its sha256; the file appears only if the checksum is right."""

from pathlib import Path

import pooch

from encluster import files
from encluster.running import command_line


def main() -> None:
    """Download --url to --output."""
    example = "--url https://example.org/list.fits --sha256 0123...cdef --output list.fits"
    parser = command_line.parser(__doc__, example=example, config=False)
    parser.add_argument("--url", required=True, help="https://, ftp:// or doi: address")
    parser.add_argument("--sha256", required=True, help="64 hexadecimal digits")
    arguments = parser.parse_args()
    fetch(arguments.url, arguments.sha256, arguments.output)


def fetch(url: str, sha256: str, output: Path) -> None:
    """Download a file.

    Parameters
    ----------
    url : str
        Address of the file.
    sha256 : str
        Checksum of the file.
    output : Path
        Path of the downloaded file.

    Raises
    ------
    ValueError
        If the file cannot be downloaded or has another checksum; an earlier file at `output` is then unchanged.
    """
    expected = sha256.strip().lower()
    if len(expected) != 64 or set(expected) - set("0123456789abcdef"):
        raise ValueError(f"--sha256 {sha256!r} is not a sha256 checksum; 64 hexadecimal digits are needed")
    with files.replacing(output) as temporary:
        try:
            pooch.retrieve(url, f"sha256:{expected}", fname=temporary.name, path=temporary.parent)
        except (ValueError, OSError) as error:
            reason: BaseException = error
            while reason.__context__:  # the first error of a chain has the cause, the others repeat it
                reason = reason.__context__
            raise ValueError(f"{url}: not kept: {str(reason).replace(temporary.name, output.name)}") from error


if __name__ == "__main__":
    command_line.run(main)
