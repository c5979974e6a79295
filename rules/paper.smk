"""The paper's figures and tables, the ensemble, the numbers and the scorecard.

The file of a figure or table in paper_figures/ declares its inputs. `reduce` makes a small CSV file of them, and the
drawing reads that alone.
"""

HALOS_FILE = f"{RESULTS}/halos/halos.ecsv"
SCALING_FILE = f"{RESULTS}/halos/scaling.json"
PROFILES_FILE = f"{RESULTS}/xray/profiles.h5"
SURVEYS = ["cosmology", "mass_function", "box_mpc_h", "survey", "mocks"]


rule reduce:
    """The numbers behind a figure or table, and the meaning of their columns."""
    input:
        lambda wildcards: [f"{RESULTS}/{path}" for path in PAPER[wildcards.target].files(CONFIG.placeholders)],
    output:
        table=f"{RESULTS}/{{target}}.csv",
        columns=f"{RESULTS}/{{target}}.columns.csv",
    log:
        f"{RESULTS}/logs/reduce/{{target}}.log",
    conda:
        "../envs/training.yaml"
    resources:
        mem_mb=1500,  # peak 830 MB for Table 3, which builds the network
    params:
        attempt=attempt(f"{RESULTS}/{{target}}.csv"),
        settings=lambda wildcards: settings_of("xray.photons", *PAPER[wildcards.target].settings),
        columns=lambda wildcards: PAPER[wildcards.target].columns,
        code=lambda wildcards: code_of("reduce", wildcards.target),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/reduce.py'
        ' --config "$CONFIG" --target {wildcards.target} --output {output.table:q} > {log:q} 2>&1'


rule draw_figure:
    """A figure, from its numbers alone."""
    input:
        f"{RESULTS}/{{figure}}.csv",
    output:
        f"{RESULTS}/{{figure}}.pdf",
        report(
            f"{RESULTS}/{{figure}}.png",
            caption="../workflow/report/paper.rst",
            category="Figures",
            labels=lambda wildcards: {
                "figure": (f"Fig. {int(number)}: " if (number := wildcards.figure[3:]).isdigit() else "")
                + plain(PAPER[wildcards.figure].title)
            },
        ),
    log:
        f"{RESULTS}/logs/draw/{{figure}}.log",
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 190 MB
    params:
        attempt=attempt(f"{RESULTS}/{{figure}}.pdf"),
        caption=lambda wildcards: restructuredtext(PAPER[wildcards.figure].caption),
        code=lambda wildcards: code_of("draw", wildcards.figure, data=["paper_figures/paper.mplstyle"]),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/draw.py --table {input:q} --output {output:q} > {log:q} 2>&1'


rule draw_table:
    """A table as it is printed, from its numbers alone."""
    input:
        f"{RESULTS}/{{table}}.csv",
    output:
        multiext(f"{RESULTS}/{{table}}", ".md", ".tex"),
        report(
            f"{RESULTS}/{{table}}.html",
            caption="../workflow/report/paper.rst",
            category="Tables",
            labels=lambda wildcards: {"table": plain(PAPER[wildcards.table].title)},
        ),
    log:
        f"{RESULTS}/logs/draw/{{table}}.log",
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 190 MB
    params:
        attempt=attempt(f"{RESULTS}/{{table}}.md"),
        caption=lambda wildcards: restructuredtext(PAPER[wildcards.table].caption),
        code=lambda wildcards: code_of("draw", wildcards.table),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/draw.py --table {input:q} --output {output:q} > {log:q} 2>&1'


# `snakemake fig11` is short for the files of Figure 11
for target in [*FIGURES, *TABLES, "ensemble"]:

    rule:
        name:
            target
        input:
            multiext(f"{RESULTS}/{target}", *([".pdf", ".png"] if target in FIGURES else [".md", ".tex", ".html"])),
        localrule: True


rule checks:
    """Checks of the networks that are not in the paper; they train more networks than `all`."""
    input:
        [f"{RESULTS}/{target}.{'pdf' if target in FIGURES else 'md'}" for target in CHECKS],
    localrule: True


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
        numbers=f"{RESULTS}/measured_numbers.csv",
        alternatives=rules.compare_alternatives.output,
        facts=f"{RESULTS}/models/standard/provenance.json",
    output:
        multiext(f"{RESULTS}/scorecard", ".csv", ".md"),
        f"{RESULTS}/headlines.rst",
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
