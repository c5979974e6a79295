"""The commands of the halo stage, as subprocesses."""

import hashlib
import http.server
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encluster.halos.catalog import read_catalog
from encluster.halos.scaling import ScalingRelations
from encluster.halos.surrogate import NOTE
from encluster.running.configuration import Configuration
from encluster.running.results_folder import write_configuration
from harness import command, failed, overlay

SETTINGS: dict[str, Any] = dict(seed=1, halos=dict(n_clusters=200))
MAP = dict(
    m500c=dict(column="M", unit="1e14 Msun/h"),
    temperature=dict(column="T", unit="keV"),
    lx=dict(column="L", unit="1e44 erg/s"),
    gas_fraction=dict(column="f", unit="1"),
)


def make(folder: Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Make halos.ecsv in a folder."""
    folder.mkdir(exist_ok=True)
    return command(
        "make_halos", "--config", overlay(folder / "mine.yaml", **settings), "--output", folder / "halos.ecsv"
    )


def write_table(path: Path, *, n: int = 60) -> Path:
    rng = np.random.default_rng(1)
    mass = 10 ** rng.uniform(13.7, 15, n)
    ratio, noise = mass / 10**14.4, np.exp(0.1 * rng.standard_normal((3, n)))
    columns = mass / 1e14, 3.9 * ratio**0.63 * noise[0], 1.8 * ratio**1.73 * noise[1], 0.1 * ratio**0.2 * noise[2]
    rows = [",".join(f"{value:.5f}" for value in row) for row in zip(*columns, strict=True)]
    path.write_text("\n".join(["M,T,L,f", *rows]) + "\n")
    return path


@pytest.fixture(scope="module")
def surrogate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("halos") / "new"
    result = make(folder, **SETTINGS)
    assert result.returncode == 0, result.stderr
    assert NOTE in result.stdout
    return folder / "halos.ecsv"


def test_surrogate(surrogate: Path, tmp_path: Path) -> None:
    halos = read_catalog(surrogate)
    assert len(halos) == 200
    assert not np.isnan(halos.y500).any()
    assert halos.source == "surrogate"
    # the resolved configuration, and one overlay after the other, give the same bytes
    write_configuration(tmp_path, Configuration.of(SETTINGS))
    parts = [overlay(tmp_path / f"{key}.yaml", **{key: value}) for key, value in SETTINGS.items()]
    for given in ([tmp_path / "config.yaml"], parts):
        result = command("make_halos", "--config", *given, "--output", tmp_path / "again.ecsv")
        assert result.returncode == 0, result.stderr
        assert (tmp_path / "again.ecsv").read_bytes() == surrogate.read_bytes()


def test_table_with_a_label(tmp_path: Path) -> None:
    path = write_table(tmp_path / "mine.csv")
    result = make(tmp_path, halos=dict(source="table", path=str(path), columns=MAP, label="TNG"))
    assert result.returncode == 0, result.stderr
    catalog = read_catalog(tmp_path / "halos.ecsv")
    assert catalog.source == "TNG"
    assert np.isnan(catalog.y500).all()
    assert catalog.provenance[0].startswith("csv table by a column map: mine.csv, 60 rows, sha256")


def test_magneticum(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "magneticum" / "chandra_clusterList.npy"
    result = make(tmp_path, halos=dict(source="magneticum", path=str(path), thinned=True))
    assert result.returncode == 0, result.stderr
    catalog = read_catalog(tmp_path / "halos.ecsv")
    assert len(catalog) == 2875
    assert not np.isnan(catalog.y500).any()


def test_bad_list_leaves_what_was_there(tmp_path: Path) -> None:
    path = write_table(tmp_path / "mine.csv", n=49)
    (tmp_path / "halos.ecsv").write_text("earlier result")
    failed(
        make(tmp_path, halos=dict(source="table", path=str(path), columns=MAP)),
        "mine.csv: 49 clusters of 49 are above log_m_limit = 13.58; at least 50",
    )
    assert (tmp_path / "halos.ecsv").read_text() == "earlier result"


def test_a_wrong_configuration_is_named_with_its_key(tmp_path: Path) -> None:
    failed(make(tmp_path, halos=dict(n_cluster=200)), f"{tmp_path}/mine.yaml: key 'halos.n_cluster' is not known; did")
    failed(make(tmp_path, halos=dict(n_clusters=-1)), f"{tmp_path}/mine.yaml: halos.n_clusters = -1: must be at least")
    failed(
        command("make_halos", "--config", tmp_path / "none.yaml", "--output", tmp_path / "halos.ecsv"),
        f"{tmp_path}/none.yaml: cannot be read (No such file or directory)",
    )


def test_a_list_with_an_address_must_be_fetched_first(tmp_path: Path) -> None:
    halos = dict(source="magneticum", url="https://example.org/list.npy", sha256="0" * 64)
    failed(make(tmp_path, halos=halos), "--list: is missing; the configuration has halos.url")


def test_fit_scaling(surrogate: Path, tmp_path: Path) -> None:
    given = ("--config", surrogate.with_name("mine.yaml"), "--halos", surrogate)
    result = command("fit_scaling", *given, "--output", tmp_path / "scaling.json")
    assert result.returncode == 0, result.stderr
    scaling = ScalingRelations.read(tmp_path / "scaling.json")
    relations = scaling.relations
    assert json.loads((tmp_path / "scaling.json").read_text())["relations"]["lx"]["slope"] == relations["lx"].slope
    for name, slope in (("lx", 1.73), ("temperature", 0.63), ("m_gas", 1.194)):
        assert abs(relations[name].slope - slope) < 4 * relations[name].slope_err
    assert set(scaling.spearman) == {"lx,temperature", "lx,m_gas", "temperature,m_gas"}
    assert scaling.spearman["lx,m_gas"] > 0.6
    assert scaling.n_expected == pytest.approx(1313, abs=2)
    assert scaling.abundance_ratio == pytest.approx(200 / scaling.n_expected)
    assert scaling.source == "surrogate"


def test_fit_scaling_without_a_catalog(tmp_path: Path) -> None:
    given = ("--config", overlay(tmp_path / "mine.yaml", **SETTINGS), "--halos", tmp_path / "none.ecsv")
    failed(command("fit_scaling", *given, "--output", tmp_path / "s.json"), "none.ecsv: no such file")
    assert not (tmp_path / "s.json").exists()


CONTENT = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves a whole list, one that breaks off, and nothing else."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path in ("/list.npy", "/cut.npy") else 404)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT if self.path == "/list.npy" else CONTENT[:1000])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()


def fetched(url: str, digest: str, output: Path) -> subprocess.CompletedProcess[str]:
    return command("fetch_catalog", "--url", url, "--sha256", digest, "--output", output)


def test_fetch(server: str, tmp_path: Path) -> None:
    output = tmp_path / "downloads" / "list.npy"
    result = fetched(f"{server}/list.npy", DIGEST.upper(), output)
    assert result.returncode == 0, result.stderr
    assert output.read_bytes() == CONTENT
    assert [p.name for p in output.parent.iterdir()] == ["list.npy"]
    (tmp_path / "other").touch()
    assert output.stat().st_mode == (tmp_path / "other").stat().st_mode, "others may read it as any file"


@pytest.mark.parametrize(
    ("name", "digest", "message"),
    [
        (
            "list.npy",
            "0" * 64,
            rf"list\.npy\) does not match the known hash: expected sha256:{'0' * 64} but got {DIGEST}",
        ),
        ("cut.npy", DIGEST, r"cut\.npy: not kept: .*1000 bytes read, 255000 more expected"),
        ("none.npy", DIGEST, r"none\.npy: not kept: 404 Client Error: Not Found"),
    ],
)
def test_what_is_not_right_keeps_the_old_file(
    server: str, tmp_path: Path, name: str, digest: str, message: str
) -> None:
    output = tmp_path / "downloads" / "list.npy"
    output.parent.mkdir()
    output.write_text("earlier download")
    result = fetched(f"{server}/{name}", digest, output)
    assert result.returncode == 1
    (said,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    assert re.match(rf"error: {server}/.*{message}", said)
    assert output.read_text() == "earlier download"
    assert [p.name for p in output.parent.iterdir()] == ["list.npy"]


@pytest.mark.parametrize(
    ("url", "digest", "message"),
    [
        (
            "http://127.0.0.1:9/list.npy",
            "0" * 64,
            "http://127.0.0.1:9/list.npy: not kept: [Errno 111] Connection refused",
        ),
        (
            "http://127.0.0.1:9/list.npy",
            "abc",
            "--sha256 'abc' is not a sha256 checksum; 64 hexadecimal digits are needed",
        ),
        ("list.npy", "0" * 64, "list.npy: not kept: Unrecognized URL protocol 'file'"),
    ],
)
def test_fetch_of_nothing(tmp_path: Path, url: str, digest: str, message: str) -> None:
    result = fetched(url, digest, tmp_path / "list.npy")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(f"error: {message}")
    assert not list(tmp_path.iterdir())
