"""The paper's figures and tables, the ensemble, the numbers and the scorecard.

Each figure and table is reduced to a small CSV, and drawn from that alone.
"""

HALOS_FILE = rules.make_halos.output[0]
SCALING_FILE = rules.fit_scaling.output[0]
PROFILES_FILE = rules.merge_profiles.output[0]


SURVEYS = ["cosmology", "mass_function", "box_mpc_h", "survey", "mocks"]
TABLE4 = ["standard", "shuffled", "no_wl", "array_of_ones"]
ENSEMBLE = [name for name in MODELS if name not in CONFIG.models or name in CONFIG.ensemble.models]

# target -> inputs by name, keys of the configuration
PAPER = {
    "fig01": (dict(halos=HALOS_FILE, scaling=SCALING_FILE), SURVEYS),
    "fig02": (dict(profiles=PROFILES_FILE), []),
    "fig03": (dict(halos=HALOS_FILE, scaling=SCALING_FILE), ["mocks"]),
    "fig04": (reduced("tab03"), []),
    "fig05": (reduced("tab03"), []),
    "fig06": (dict(features=features_of("standard")), []),
    "fig07": (trained("standard", "history.csv", "provenance.json"), []),
    "fig08": (trained("standard", "predictions.csv", "provenance.json"), []),
    "fig09": (interpretations("standard", "no_wl"), []),
    "fig10": (dict(interpretation=looked_into("standard"), features=features_of("standard")), []),
    "fig11": (interpretations("standard"), []),
    "fig12": (interpretations("standard", "no_wl") | dict(mocks=mocks_file("mocks")), []),
    "fig13": (dict(mocks=mocks_file("mocks")), []),
    "fig14": (dict(mocks=mocks_file("mocks")), []),
    "fig15": (dict(interpretation=looked_into("standard")), []),
    "fig16": (dict(interpretation=looked_into("standard")), []),
    "fig17": (dict(halos=HALOS_FILE, scaling=SCALING_FILE), [*SURVEYS, "mock_sets"]),
    "fig18": (dict(mocks_smaller=mocks_file("smaller"), mocks_larger=mocks_file("larger")), []),
    "fig19": (trained("prescriptive", "predictions.csv", "provenance.json"), []),
    "fig20": (
        trained("prescriptive", "history.csv", "provenance.json")
        | {f"{name}_standard": path for name, path in trained("standard", "history.csv", "provenance.json").items()},
        [],
    ),
    "fig21": (dict(interpretation=looked_into("prescriptive")), []),
    "tab01": (dict(mocks=mocks_file("mocks")), []),
    "tab02": (dict(scaling=SCALING_FILE), []),
    "tab03": ({}, []),
    "tab04": (provenances(*TABLE4) | dict(mocks=mocks_file("mocks"), features=features_of("standard")), []),
    # every number that a text would quote: what the scorecard compares
    "numbers": (
        reduced("tab02", "tab03", "tab04", "fig08", "fig12", "fig14", "fig15", "fig16", "fig18", "fig21")
        | provenances("standard", "prescriptive")
        | interpretations("standard", "no_wl")
        | audits("standard", "prescriptive")
        | dict(mocks=mocks_file("mocks"), profiles=PROFILES_FILE, scaling=SCALING_FILE),
        ["cosmology", "mass_function", "box_mpc_h", "survey", "xray", "mocks", "mock_sets", "features"],
    ),
    "ensemble": (
        provenances(*ENSEMBLE) | interpretations(*ENSEMBLE) | audits(*ENSEMBLE),
        [],
    ),
}


for target, (inputs, keys) in PAPER.items():

    rule:
        name:
            f"reduce_{target}"
        input:
            **inputs,
        output:
            f"{RESULTS}/{target}.csv",
        log:
            f"{RESULTS}/logs/reduce/{target}.log",
        conda:
            "../envs/training.yaml" if target == "tab03" else "../envs/analysis.yaml"
        resources:
            mem_mb=1500,  # peak 830 MB for Table 3, which builds the network
        params:
            attempt=attempt(f"{RESULTS}/{target}.csv"),
            target=target,
            named=[part for name, path in inputs.items() for part in ("--input", f"{name}={path}")],
            settings=as_is(settings_of("xray.photons", *keys)),
            code=code_of("reduce", f"src/encluster/reductions/{target}.py"),
        shell:
            'attempt {params.attempt:q} python "$SCRIPTS"/reduce.py'
            ' --config "$CONFIG" --target {params.target} {params.named:q}'
            " --output {output:q} > {log:q} 2>&1"


for target in FIGURES:

    rule:
        name:
            target
        input:
            data=f"{RESULTS}/{target}.csv",
        output:
            f"{RESULTS}/{target}.pdf",
            report(
                f"{RESULTS}/{target}.png",
                caption=f"../workflow/report/{target}.rst",
                category="Figures",
                labels={"figure": target[3:]},
            ),
        log:
            f"{RESULTS}/logs/draw/{target}.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=500,  # peak 190 MB
        params:
            code=code_of("draw", f"paper_figures/{target}.py", data=["paper_figures/paper.mplstyle"]),
            attempt=attempt(f"{RESULTS}/{target}.pdf"),
        shell:
            'attempt {params.attempt:q} python "$SCRIPTS"/draw.py'
            " --data {input.data:q} --output {output:q} > {log:q} 2>&1"


for target in [*TABLES, "ensemble"]:

    rule:
        name:
            target
        input:
            data=f"{RESULTS}/{target}.csv",
        output:
            multiext(f"{RESULTS}/{target}", ".md", ".tex"),
            report(
                f"{RESULTS}/{target}.html",
                caption=f"../workflow/report/{target}.rst",
                category="Tables",
                labels={"table": target.removeprefix("tab")},
            ),
        log:
            f"{RESULTS}/logs/draw/{target}.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=500,  # peak 190 MB
        params:
            code=code_of("draw", f"paper_figures/{target}.py"),
            attempt=attempt(f"{RESULTS}/{target}.md"),
        shell:
            'attempt {params.attempt:q} python "$SCRIPTS"/draw.py'
            " --data {input.data:q} --output {output:q} > {log:q} 2>&1"


rule compare_alternatives:
    """What alternative interpretations of the paper's text change (decisions D3, D4, D6, D7, D8, D16)."""
    input:
        halos=HALOS_FILE,
        profiles=PROFILES_FILE,
        scaling=SCALING_FILE,
    output:
        f"{RESULTS}/alternatives.csv",
    log:
        f"{RESULTS}/logs/compare_alternatives.log",
    benchmark:
        f"{RESULTS}/benchmarks/compare_alternatives.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        code=code_of("compare_alternatives"),
        attempt=attempt(f"{RESULTS}/alternatives.csv"),
        settings=as_is(settings_of("seed", *SURVEYS, "features")),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/compare_alternatives.py'
        ' --config "$CONFIG" --halos {input.halos:q} --profiles {input.profiles:q} --scaling {input.scaling:q}'
        " --cores {threads} --output {output:q} > {log:q} 2>&1"


rule scorecard:
    """Each published number beside ours; and all of ours as macros for a text."""
    input:
        numbers=f"{RESULTS}/numbers.csv",
        alternatives=rules.compare_alternatives.output,
        facts=provenances("standard")["provenance_standard"],
    output:
        multiext(f"{RESULTS}/scorecard", ".csv", ".md"),
        f"{RESULTS}/numbers.tex",
        report(
            f"{RESULTS}/scorecard.html",
            caption="../workflow/report/scorecard.rst",
            category="Scorecard",
            labels={"table": "scorecard"},
        ),
    log:
        f"{RESULTS}/logs/scorecard.log",
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,
    params:
        code=code_of("make_scorecard"),
        attempt=attempt(f"{RESULTS}/scorecard.csv"),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/make_scorecard.py'
        " --numbers {input.numbers:q} --alternatives {input.alternatives:q} --facts {input.facts:q}"
        " --output {output:q} > {log:q} 2>&1"
