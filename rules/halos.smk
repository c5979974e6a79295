"""The halo catalog (section 2.1) and its scaling relations (Table 2)."""


rule make_halos:
    input:
        list=ancient(LIST) if LIST else [],
    output:
        f"{RESULTS}/{{simulation}}halos/halos.ecsv",
    log:
        f"{RESULTS}/logs/{{simulation}}make_halos.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{simulation}}make_halos.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 125 MB, measured
    params:
        code=code_of("make_halos"),
        attempt=attempt(f"{RESULTS}/{{simulation}}halos/halos.ecsv"),
        seed=lambda wildcards: seed_of(wildcards.simulation),
        settings=as_is(settings_of("seed", "cosmology", "mass_function", "halos", "survey.redshift")),
        list=content_of(None if URL else LIST),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/make_halos.py'
        ' --config "$CONFIG" --seed {params.seed} --list {input.list:q} --output {output:q} > {log:q} 2>&1'


rule halos:
    """`snakemake halos` makes the halo catalog alone."""
    input:
        f"{RESULTS}/halos/halos.ecsv",
    localrule: True


rule fit_scaling:
    input:
        halos=rules.make_halos.output,
    output:
        f"{RESULTS}/{{simulation}}halos/scaling.json",
    log:
        f"{RESULTS}/logs/{{simulation}}fit_scaling.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{simulation}}fit_scaling.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 145 MB
    params:
        code=code_of("fit_scaling"),
        attempt=attempt(f"{RESULTS}/{{simulation}}halos/scaling.json"),
        settings=as_is(settings_of("cosmology", "mass_function", "box_mpc_h")),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/fit_scaling.py'
        ' --config "$CONFIG" --halos {input.halos:q} --output {output:q} > {log:q} 2>&1'


if URL:

    rule fetch_catalog:
        output:
            LIST,
        log:
            f"{RESULTS}/logs/fetch_catalog.log",
        conda:
            "../envs/analysis.yaml"
        params:
            code=code_of("fetch_catalog"),
            attempt=attempt(LIST),
            url=as_is(URL),
            sha256=CONFIG.halos.sha256,
        shell:
            'attempt {params.attempt:q} python "$SCRIPTS"/fetch_catalog.py'
            " --url {params.url:q} --sha256 {params.sha256:q} --output {output:q} > {log:q} 2>&1"
