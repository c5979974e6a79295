"""Download a public list of clusters and check its sha256; the file appears only when it is right."""

import hashlib
import http.client
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from encluster import files
from encluster.running import command_line

CHUNK = 1 << 16  # bytes
TIMEOUT = 60  # seconds without an answer


def main() -> None:
    """Fetch --url to --output."""
    example = "--url https://example.org/list.fits --sha256 0123...cdef --output list.fits"
    parser = command_line.parser(__doc__, example=example, config=False)
    parser.add_argument("--url", required=True, help="https:// or file:// address")
    parser.add_argument("--sha256", required=True, help="64 hexadecimal digits")
    arguments = parser.parse_args()
    fetch(arguments.url, arguments.sha256, arguments.output)


def fetch(url: str, sha256: str, output: Path) -> None:
    """Download `url` to `output` if its checksum is `sha256`; whatever stood there still stands if not."""
    expected = sha256.strip().lower()
    if len(expected) != 64 or set(expected) - set("0123456789abcdef"):
        raise ValueError(f"--sha256 {sha256!r} is no sha256 checksum; 64 hexadecimal digits are needed")
    with files.replacing(output) as temporary:
        found = _download(url, temporary)
        if found != expected:
            raise ValueError(
                f"{url}: sha256 is {found}, expected {expected}; not kept, as it is damaged or another version"
            )


def _download(url: str, path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as stream, path.open("wb") as file:
            size = int(stream.headers.get("Content-Length") or 0)
            done, shown = 0, 0.0
            while block := stream.read(CHUNK):
                digest.update(block)
                file.write(block)
                done += len(block)
                if time.monotonic() - shown > 1:
                    shown = time.monotonic()
                    _progress(done, size)
    except (urllib.error.URLError, ConnectionError, TimeoutError, http.client.HTTPException) as error:
        raise ValueError(f"{url}: cannot be fetched ({getattr(error, 'reason', error)})") from error
    if size and done != size:
        raise ValueError(f"{url}: the download broke off after {done} of {size} bytes; try again")
    _progress(done, size)
    return digest.hexdigest()


def _progress(done: int, size: int) -> None:
    of = f" of {size / 1e6:.1f} ({done / size:.0%})" if size else ""
    print(f"fetched {done / 1e6:.1f}{of} MB", file=sys.stderr, flush=True)


if __name__ == "__main__":
    command_line.run(main)
