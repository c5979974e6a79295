"""The commands of the halo stage, as subprocesses."""

import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encluster.halos.catalog import read_catalog
from encluster.halos.scaling import ScalingRelations
from encluster.halos.surrogate import NOTE

SCRIPTS = Path(__file__).parents[2] / "workflow" / "scripts"
COSMOLOGY = dict(h0=70.4, om0=0.272, ob0=0.0456, ns=0.963, sigma8=0.809)
HALOS: dict[str, Any] = dict(
    source="surrogate",
    path=None,
    format="auto",
    columns={},
    log_m_limit=13.58,
    thinned=False,
    n_clusters=200,
    redshift=0.0663,
    evolution=dict(lx=3.88, temperature=0.31, m_gas=0.74, y500=2.41),
)
SPEC = dict(seed=1, survey_redshift=0.07, cosmology=COSMOLOGY, mass_function="bocquet16", box_mpc_h=352, halos=HALOS)
MAP = dict(
    m500c=dict(column="M", unit="1e14 Msun/h"),
    temperature=dict(column="T", unit="keV"),
    lx=dict(column="L", unit="1e44 erg/s"),
    gas_fraction=dict(column="f", unit="1"),
)


def command(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-W", "error", SCRIPTS / f"{name}.py", *arguments]
    return subprocess.run([str(part) for part in call], capture_output=True, text=True, env=os.environ, check=False)


def make(output: Path, spec: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    return command("make_halos", "--spec", json.dumps(spec), "--output", output)


def failed(result: subprocess.CompletedProcess[str], message: str) -> None:
    assert result.returncode == 1
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


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
    path = tmp_path_factory.mktemp("halos") / "new" / "halos.ecsv"
    result = make(path, SPEC)
    assert result.returncode == 0, result.stderr
    assert NOTE in result.stdout
    return path


def test_surrogate(surrogate: Path, tmp_path: Path) -> None:
    halos = read_catalog(surrogate)
    assert len(halos) == 200
    assert not np.isnan(halos.y500).any()
    assert halos.source == "surrogate"
    # the survey's section is taken for its redshift where a rule passes it whole; the same seed gives the same bytes
    whole = {key: value for key, value in SPEC.items() if key != "survey_redshift"}
    whole["survey"] = dict(redshift=0.07, slope=2.4)
    assert make(tmp_path / "again.ecsv", whole).returncode == 0
    assert (tmp_path / "again.ecsv").read_bytes() == surrogate.read_bytes()


def test_table_with_a_label(tmp_path: Path) -> None:
    halos = HALOS | dict(source="table", path=str(write_table(tmp_path / "mine.csv")), columns=MAP, label="TNG")
    result = make(tmp_path / "halos.ecsv", SPEC | dict(halos=halos))
    assert result.returncode == 0, result.stderr
    catalog = read_catalog(tmp_path / "halos.ecsv")
    assert catalog.source == "TNG"
    assert np.isnan(catalog.y500).all()
    assert catalog.provenance[0].startswith("csv table by a column map: mine.csv, 60 rows, sha256")


def test_magneticum(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "magneticum" / "chandra_clusterList.npy"
    halos = HALOS | dict(source="magneticum", path=str(path), thinned=True)
    result = make(tmp_path / "halos.ecsv", SPEC | dict(halos=halos))
    assert result.returncode == 0, result.stderr
    catalog = read_catalog(tmp_path / "halos.ecsv")
    assert len(catalog) == 2875
    assert not np.isnan(catalog.y500).any()


def test_bad_list_leaves_what_was_there(tmp_path: Path) -> None:
    path = write_table(tmp_path / "mine.csv", n=49)
    (tmp_path / "halos.ecsv").write_text("earlier result")
    spec = SPEC | dict(halos=HALOS | dict(source="table", path=str(path), columns=MAP))
    failed(
        make(tmp_path / "halos.ecsv", spec), "mine.csv: 49 clusters of 49 are above log_m_limit = 13.58; at least 50"
    )
    assert (tmp_path / "halos.ecsv").read_text() == "earlier result"


def test_spec_without_a_key(tmp_path: Path) -> None:
    spec = {key: value for key, value in SPEC.items() if key != "halos"}
    failed(make(tmp_path / "halos.ecsv", spec), "--spec: key 'halos' is missing; there are box_mpc_h, cosmology")


def test_fit_scaling(surrogate: Path, tmp_path: Path) -> None:
    spec = {key: SPEC[key] for key in ("cosmology", "mass_function", "box_mpc_h")}
    result = command(
        "fit_scaling", "--halos", surrogate, "--spec", json.dumps(spec), "--output", tmp_path / "scaling.json"
    )
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
    spec = json.dumps({key: SPEC[key] for key in ("cosmology", "mass_function", "box_mpc_h")})
    result = command("fit_scaling", "--halos", tmp_path / "none.ecsv", "--spec", spec, "--output", tmp_path / "s.json")
    failed(result, "none.ecsv: no such file")
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
            "--sha256 'abc' is no sha256 checksum; 64 hexadecimal digits are needed",
        ),
        ("list.npy", "0" * 64, "list.npy: not kept: Unrecognized URL protocol 'file'"),
    ],
)
def test_fetch_of_nothing(tmp_path: Path, url: str, digest: str, message: str) -> None:
    result = fetched(url, digest, tmp_path / "list.npy")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(f"error: {message}")
    assert not list(tmp_path.iterdir())
