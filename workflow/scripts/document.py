"""Write the pages that are made from the code: configuration, file formats, figures and tables."""

from pathlib import Path

from encluster import files
from encluster.halos.contract import CONTRACT
from encluster.layouts import LAYOUTS
from encluster.paper import typesetting
from encluster.running import command_line, configuration_pages
from encluster.running.figure_files import FigureFile

ROOT = Path(__file__).parents[2]
OTHERS = {
    "halos/scaling.json": "`relations` (fields of `encluster.halos.scaling.PowerLaw` for lx, temperature, m_gas), "
    "`spearman` correlations of the residuals, `abundance_ratio` (clusters over those of the mass function), `source`",
    "xray/images/N.fits": "compressed counts images, one extension a cluster, with a celestial WCS; CLUSTER, M500C, "
    "EXPOSURE, AREA, EMIN, EMAX, REDSHIFT, SOURCE in the headers. Chunk N of K holds rows N, N + K, ... of the list",
    "models/NAME/model.keras": "the selected network; loads with `keras.saving.load_model(..., safe_mode=True)`",
    "models/NAME/history.csv": "a row per epoch: epoch, train_mse, validation_mse, train_mae (of the scaled label), "
    "learning_rate, seconds",
    "models/NAME/predictions.csv": "catalog, split (validation or testing), sigma8_true, sigma8_predicted",
    "models/NAME/provenance.json": "versions, configuration, seeds, sha256 of the input, device, wall time, selected "
    "epoch, Delta sigma8 with its bootstrap error, whether the network predicts a constant, `source`; `environment`: "
    "variables that can change numbers and were set; `features`: how the input was made of the mocks, and their "
    "fingerprint",
    "checkpoints/NAME/checkpoint.npz": "of a running training, to resume; no pickle",
    "figNN.csv, tabNN.csv": "the numbers behind a figure or table; `source` and `photons` say what made them",
    "figNN.columns.csv, tabNN.columns.csv": "unit and meaning of each of their columns",
    "interpretation/NAME.h5": "what a network does with each test cluster; layout above",
    "audits/NAME.json": "the verdict of `audit_model.py` on overspecialization, with its numbers; null where too few "
    "catalogs tell nothing",
    "audits/power.csv": "how often the audit finds planted leaks, by kind and size",
    "explanations/NAME.csv": "similarity of a network's explanations with those of changed networks",
    "explanations/NAME_shapley.csv": "Shapley value of each cluster of some test catalogs, and leave one out",
    "unseen/K/": "halos, images, profiles and mock catalogs of a simulation that no training uses",
    "unseen/K/predictions/MOCKS.csv, predictions/MOCKS.csv": "predicted sigma8 of catalogs from clusters that the "
    "training of the networks has not used: network, variant, catalog, n_clusters, sigma8_true, sigma8_predicted",
    "measured_numbers.csv, numbers.tex": "every number that a text would quote, with its error; as LaTeX macros",
    "alternatives.csv": "mock-catalog statistics for alternative interpretations of the paper's text",
    "scorecard.csv, .md, .html": "each published value beside ours",
    "headlines.rst": "the scatter of predicted sigma8 beside the paper's; the report opens with it",
    "logs/, benchmarks/": "what each job said, and what it cost",
}


def main() -> None:
    """Write the pages, below --root."""
    parser = command_line.plain_parser(__doc__, example="--root pages")
    parser.add_argument("--root", type=Path, default=ROOT, help="where to write; the repository by default")
    arguments = parser.parse_args()
    files.write_text(arguments.root / "config/config.yaml", configuration_pages.config_yaml())
    files.write_text(arguments.root / "config/README.md", configuration_pages.page())
    files.write_text(arguments.root / "docs/reference/file_formats.md", _formats())
    files.write_text(arguments.root / "docs/reference/figures.md", _figures())


def _formats() -> str:
    lines = [
        "# File formats",
        "",
        "Made from the code by `make pages`. Masses are in Msun/h, everything else is physical. Every file says in its",
        "`source` which simulation made its numbers. Each dataset carries its `unit` and `description`. One with",
        "shells or features also carries the `radius` of each column [R500c], those with features the `quantity` too.",
        "",
        "## Halo catalog: `results/halos/halos.ecsv`",
        "",
        "| column | unit | range | |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{name}` | {c.unit} | {c.low:g} ... {c.high:g} | {c.description} |" for name, c in CONTRACT.items()]
    lines.append("| `name` | | | the cluster's name in the list; only where its ids are names |")
    places = {
        "profiles": "results/xray/profiles.h5",
        "mocks": "results/mocks/mocks.h5",
        "features": "results/features/standard.h5",
        "interpretation": "results/interpretation/standard.h5",
    }
    for kind, layout in LAYOUTS.items():
        lines += ["", f"## `{places[kind]}` (HDF5)", "", "| dataset | type | axes | unit | |", "|---|---|---|---|---|"]
        lines += [
            f"| `{name}` | {c.dtype} | {', '.join(c.shape)} | {c.unit} | {c.description} |"
            for name, c in layout.items()
        ]
    lines += ["", "## Other files below `results/`", "", "| file | content |", "|---|---|"]
    lines += [f"| `{name}` | {content} |" for name, content in OTHERS.items()]
    return "\n".join(lines) + "\n"


def _figures() -> str:
    declared = FigureFile.read_all(ROOT / "paper_figures")
    # the figures of the paper, then its tables, then what the paper does not have
    order = sorted(declared, key=lambda name: (not name.startswith("fig"), not name.startswith("tab"), name))
    lines = [
        "# Figures and tables",
        "",
        "`make fig11` makes one figure at laptop scale, in `results/laptop`: `fig11.pdf`, `fig11.png`, its numbers in",
        "`fig11.csv`, and the unit and the meaning of each column in `fig11.columns.csv`. `make pages` makes this page",
        "from the code of the figures. The pictures are those of the surrogate simulation at laptop scale.",
        "",
        "| | | code | numbers |",
        "|---|---|---|---|",
    ]
    for name in order:
        link = f"[{_heading(name)}](#{_heading(name).lower().replace(' ', '-')})"
        lines.append(f"| {link} | {typesetting.markdown(declared[name].title)} | {_code(name)} | `{name}.csv` |")
    for name in order:
        lines += _section(declared[name])
    return "\n".join(lines) + "\n"


def _heading(name: str) -> str:
    """Return Figure 1 for fig01, Table 1 for tab01, Figure on explanations for fig_explanations."""
    kind, words = {"fig": "Figure", "tab": "Table"}.get(name[:3]), name[4:].replace("_", " ")
    if not kind:
        return name.replace("_", " ").capitalize()
    return f"{kind} {int(name[3:])}" if name[3:].isdigit() else f"{kind} on {words}"


def _code(name: str) -> str:
    return f"[`{name}.py`](../../paper_figures/{name}.py)"


def _section(declared: FigureFile) -> list[str]:
    """Return title, caption, code, numbers and inputs of a figure."""
    inputs = ", ".join(f"`{path}`" for path in dict.fromkeys(declared.inputs.values()))
    lines = ["", f"## {_heading(declared.name)}", "", f"**{typesetting.markdown(declared.title)}**"]
    if (ROOT / f"docs/images/{declared.name}.png").exists():
        lines += ["", f"![{_heading(declared.name)}](../images/{declared.name}.png)"]
    if declared.caption:
        lines += ["", typesetting.markdown(declared.caption)]
    lines += [
        "",
        f"Code: {_code(declared.name)}. Numbers: `{declared.name}.csv`. Made from: {inputs or 'the configuration'}.",
        "",
        "<details>",
        f"<summary>Columns of {declared.name}.csv</summary>",
        "",
        "| column | unit | meaning |",
        "|---|---|---|",
    ]
    for name, (unit, meaning) in declared.columns.items():
        lines.append(f"| `{name}` | {typesetting.markdown(unit)} | {typesetting.markdown(meaning)} |")
    return [*lines, "", "</details>"]


if __name__ == "__main__":
    command_line.run(main)
