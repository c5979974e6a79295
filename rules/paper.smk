"""The paper's figures and tables: each is reduced to a small CSV, and drawn from that alone."""

OF_STANDARD = {
    name: f"{RESULTS}/models/standard/{name}" for name in ["history.csv", "predictions.csv", "provenance.json"]
}

# target -> inputs by name, keys of the configuration
PAPER = {
    "fig01": (
        dict(halos=rules.make_halos.output[0], scaling=rules.fit_scaling.output[0]),
        ["cosmology", "mass_function", "box_mpc_h", "survey", "mocks"],
    ),
    "fig02": (dict(profiles=rules.merge_profiles.output[0]), []),
    "fig03": (dict(halos=rules.make_halos.output[0], scaling=rules.fit_scaling.output[0]), ["mocks"]),
    "fig06": (dict(features=rules.build_features.output[0]), []),
    "fig07": (dict(history=OF_STANDARD["history.csv"], provenance=OF_STANDARD["provenance.json"]), []),
    "fig08": (dict(predictions=OF_STANDARD["predictions.csv"], provenance=OF_STANDARD["provenance.json"]), []),
    "tab01": (dict(mocks=rules.make_mocks.output[0]), []),
    "tab02": (dict(scaling=rules.fit_scaling.output[0]), []),
    "tab03": ({}, []),
}


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
            "../envs/training.yaml" if target == "tab03" else "../envs/analysis.yaml"
        resources:
            mem_mb=1500,  # peak 830 MB for Table 3, which builds the network
        params:
            target=target,
            named=" ".join(f"--input {name}={path}" for name, path in inputs.items()),
            spec=spec_of(*keys),
            photons=config["xray"]["photons"],
        shell:
            "python {input.code[0]} --target {params.target} {params.named} --spec {params.spec:q}"
            " --photons {params.photons} --output {output} > {log} 2>&1"


for target in FIGURES + TABLES:

    rule:
        name:
            target
        input:
            data=f"{RESULTS}/{target}.csv",
            code=code_of("draw", f"paper_figures/{target}.py"),
        output:
            [f"{RESULTS}/{target}.pdf"] if target in FIGURES else multiext(f"{RESULTS}/{target}", ".md", ".tex"),
        log:
            f"{RESULTS}/logs/draw/{target}.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=500,  # peak 190 MB
        shell:
            "python {input.code[0]} --data {input.data} --output {output} > {log} 2>&1"
