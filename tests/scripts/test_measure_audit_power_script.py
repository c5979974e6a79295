"""The power of the audit as a command."""

from pathlib import Path

import pandas as pd

import factories
from encluster.interpretation.audit_power import COLUMNS, LEAKS, SIZES
from harness import command


def test_the_power_is_written_for_each_kind_and_size_whatever_the_cores(tmp_path: Path) -> None:
    factories.interpretation().write(tmp_path / "standard.h5")
    tables = []
    for cores in (1, 2):
        output = tmp_path / f"audits/{cores}.csv"
        done = command(
            "measure_audit_power",
            *("--interpretation", tmp_path / "standard.h5", "--output", output, "--audits", 1, "--cores", cores),
        )
        assert done.returncode == 0, done.stderr
        tables.append(pd.read_csv(output))
    assert tables[0].equals(tables[1])
    assert tuple(tables[0]) == COLUMNS
    assert len(tables[0]) == len(LEAKS) * (1 + len(SIZES))


def test_too_few_catalogs_give_an_empty_table(tmp_path: Path) -> None:
    factories.interpretation().select(range(10)).write(tmp_path / "tiny.h5")
    done = command("measure_audit_power", "--interpretation", tmp_path / "tiny.h5", "--output", tmp_path / "tiny.csv")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "tiny.csv")
    assert tuple(table) == COLUMNS
    assert table.empty
