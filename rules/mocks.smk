"""Mock catalogs (section 2.2; Appendices A, B) and what the networks read of them (sections 3.2, 4.2)."""


rule make_mocks:
    """The standard mock catalogs (`mocks`), and those of each row of the configuration's `mock_sets`."""
    input:
        halos=rules.make_halos.output,
        profiles=rules.merge_profiles.output,
        scaling=rules.fit_scaling.output,
    output:
        f"{RESULTS}/{{simulation}}mocks/{{mocks}}.h5",
    log:
        f"{RESULTS}/logs/{{simulation}}make_mocks/{{mocks}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{simulation}}make_mocks/{{mocks}}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 170 MB
    params:
        code=code_of("make_mocks"),
        attempt=attempt(f"{RESULTS}/{{simulation}}mocks/{{mocks}}.h5"),
        seed=lambda wildcards: seed_of(wildcards.simulation),
        settings=lambda wildcards: settings_of(
            "seed", "cosmology", "mass_function", "box_mpc_h", mocks=CONFIG.mock_set(wildcards.mocks)
        ),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/make_mocks.py'
        ' --config "$CONFIG" --seed {params.seed} --mocks {wildcards.mocks}'
        " --halos {input.halos:q} --profiles {input.profiles:q}"
        " --scaling {input.scaling:q} --cores {threads} --output {output:q} > {log:q} 2>&1"


rule build_features:
    input:
        mocks=lambda wildcards: f"{RESULTS}/mocks/{CONFIG.mocks_of(FEATURES[wildcards.features])}.h5",
    output:
        f"{RESULTS}/features/{{features}}.h5",
    log:
        f"{RESULTS}/logs/build_features/{{features}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/build_features/{{features}}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 200 MB
    params:
        code=code_of("build_features"),
        attempt=attempt(f"{RESULTS}/features/{{features}}.h5"),
        settings=as_is(settings_of("seed", "features")),
        variant=lambda wildcards: FEATURES[wildcards.features].variant,
        permuted=lambda wildcards: "--permuted-labels" if wildcards.features.endswith("_permuted") else "",
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/build_features.py'
        ' --mocks {input.mocks:q} --variant {params.variant} {params.permuted} --config "$CONFIG"'
        " --output {output:q} > {log:q} 2>&1"
