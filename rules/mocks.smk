"""Mock catalogues (section 2.2) and what the network reads of them (section 3.2)."""


rule make_mocks:
    input:
        halos=rules.make_halos.output,
        profiles=rules.merge_profiles.output,
        scaling=rules.fit_scaling.output,
        code=code_of("make_mocks"),
    output:
        f"{RESULTS}/mocks/mocks.h5",
    log:
        f"{RESULTS}/logs/make_mocks.log",
    benchmark:
        f"{RESULTS}/benchmarks/make_mocks.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 170 MB
    params:
        spec=spec_of("seed", "cosmology", "mass_function", "box_mpc_h", "survey", "mocks"),
    shell:
        "python {input.code[0]} --halos {input.halos} --profiles {input.profiles} --scaling {input.scaling}"
        " --spec {params.spec:q} --cores {threads} --output {output} > {log} 2>&1"


rule build_features:
    input:
        mocks=rules.make_mocks.output,
        code=code_of("build_features"),
    output:
        f"{RESULTS}/features/standard.h5",
    log:
        f"{RESULTS}/logs/build_features.log",
    benchmark:
        f"{RESULTS}/benchmarks/build_features.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 200 MB
    params:
        spec=spec_of("seed", "features"),
    shell:
        "python {input.code[0]} --mocks {input.mocks} --spec {params.spec:q} --output {output} > {log} 2>&1"
