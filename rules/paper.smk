"""The paper's figures and tables, the ensemble, the numbers and the scorecard.

Each figure and table is reduced to a small CSV, and drawn from that alone.
"""

HALOS_FILE = rules.make_halos.output[0]
SCALING_FILE = rules.fit_scaling.output[0]
PROFILES_FILE = rules.merge_profiles.output[0]


def mocks(name="mocks"):
    return f"{RESULTS}/mocks/{name}.h5"


def trained(name, *files):
    """Files of one model's training: history, predictions, provenance."""
    return {file.partition(".")[0]: f"{RESULTS}/models/{name}/{file}" for file in files}


def looked_into(name):
    return f"{RESULTS}/interpretation/{name}.h5"


def provenances(*names):
    return {f"provenance_{name}": f"{RESULTS}/models/{name}/provenance.json" for name in names}


def interpretations(*names):
    return {f"interpretation_{name}": looked_into(name) for name in names}


def audits(*names):
    return {f"audit_{name}": f"{RESULTS}/audits/{name}.json" for name in names}


def reduced(*names):
    return {name: f"{RESULTS}/{name}.csv" for name in names}


SURVEYS = ["cosmology", "mass_function", "box_mpc_h", "survey", "mocks"]
TABLE4 = ["standard", "shuffled", "no_wl", "array_of_ones"]
ENSEMBLE = [name for name in MODELS if name not in config["models"] or name in config["ensemble"]["models"]]

# target -> inputs by name, keys of the configuration
PAPER = {
    "fig01": (dict(halos=HALOS_FILE, scaling=SCALING_FILE), SURVEYS),
    "fig02": (dict(profiles=PROFILES_FILE), []),
    "fig03": (dict(halos=HALOS_FILE, scaling=SCALING_FILE), ["mocks"]),
    "fig04": ({}, []),
    "fig05": ({}, []),
    "fig06": (dict(features=features_of("standard")), []),
    "fig07": (trained("standard", "history.csv", "provenance.json"), []),
    "fig08": (trained("standard", "predictions.csv", "provenance.json"), []),
    "fig09": (interpretations("standard", "no_wl"), []),
    "fig10": (dict(interpretation=looked_into("standard"), features=features_of("standard")), []),
    "fig11": (interpretations("standard"), []),
    "fig12": (interpretations("standard", "no_wl") | dict(mocks=mocks()), []),
    "fig13": (dict(mocks=mocks()), []),
    "fig14": (dict(mocks=mocks()), []),
    "fig15": (dict(interpretation=looked_into("standard")), []),
    "fig16": (dict(interpretation=looked_into("standard")), []),
    "fig17": (dict(halos=HALOS_FILE, scaling=SCALING_FILE), [*SURVEYS, "mock_sets"]),
    "fig18": (dict(mocks_smaller=mocks("smaller"), mocks_larger=mocks("larger")), []),
    "fig19": (trained("prescriptive", "predictions.csv", "provenance.json"), []),
    "fig20": (
        trained("prescriptive", "history.csv", "provenance.json")
        | {f"{name}_standard": path for name, path in trained("standard", "history.csv", "provenance.json").items()},
        [],
    ),
    "fig21": (dict(interpretation=looked_into("prescriptive")), []),
    "tab01": (dict(mocks=mocks()), []),
    "tab02": (dict(scaling=SCALING_FILE), []),
    "tab03": ({}, []),
    "tab04": (provenances(*TABLE4) | dict(mocks=mocks(), features=features_of("standard")), []),
    "ensemble": (
        provenances(*ENSEMBLE) | interpretations(*ENSEMBLE) | audits(*ENSEMBLE),
        [],
    ),
}
BUILD_NETWORK = ["fig04", "fig05", "tab03"]  # they read the layers of the network itself


for target, (inputs, keys) in PAPER.items():

    rule:
        name:
            f"reduce_{target}"
        input:
            **inputs,
            code=code_of("reduce", f"src/encluster/reductions/{target}.py"),
        output:
            f"{RESULTS}/{target}.csv",
        log:
            f"{RESULTS}/logs/reduce/{target}.log",
        conda:
            "../envs/training.yaml" if target in BUILD_NETWORK else "../envs/analysis.yaml"
        resources:
            mem_mb=1500,  # peak 830 MB where the network is built
        params:
            target=target,
            named=" ".join(f"--input {name}={path}" for name, path in inputs.items()),
            spec=spec_of(*keys),
            photons=config["xray"]["photons"],
        shell:
            "python {input.code[0]} --target {params.target} {params.named} --spec {params.spec:q}"
            " --photons {params.photons} --output {output} > {log} 2>&1"


for target in FIGURES:

    rule:
        name:
            target
        input:
            data=f"{RESULTS}/{target}.csv",
            code=code_of("draw", f"paper_figures/{target}.py"),
        output:
            f"{RESULTS}/{target}.pdf",
            report(
                f"{RESULTS}/{target}.png",
                caption=f"../workflow/report/{target}.rst",
                category="Figures",
                labels={"figure": str(int(target[3:]))},
            ),
        log:
            f"{RESULTS}/logs/draw/{target}.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=500,  # peak 190 MB
        shell:
            "python {input.code[0]} --data {input.data} --output {output} > {log} 2>&1"


for target in [*TABLES, "ensemble"]:

    rule:
        name:
            target
        input:
            data=f"{RESULTS}/{target}.csv",
            code=code_of("draw", f"paper_figures/{target}.py"),
        output:
            multiext(f"{RESULTS}/{target}", ".md", ".tex"),
            report(
                f"{RESULTS}/{target}.html",
                caption=f"../workflow/report/{target}.rst",
                category="Tables",
                labels={"table": str(int(target[3:])) if target in TABLES else target},
            ),
        log:
            f"{RESULTS}/logs/draw/{target}.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=500,  # peak 190 MB
        shell:
            "python {input.code[0]} --data {input.data} --output {output} > {log} 2>&1"
