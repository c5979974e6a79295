"""The halo catalog (section 2.1) and its scaling relations (Table 2)."""


rule make_halos:
    input:
        list=[LIST] if LIST else [],
        code=code_of("make_halos"),
    output:
        f"{RESULTS}/halos/halos.ecsv",
    log:
        f"{RESULTS}/logs/make_halos.log",
    benchmark:
        f"{RESULTS}/benchmarks/make_halos.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 125 MB, measured
    params:
        attempt=attempt(f"{RESULTS}/halos/halos.ecsv"),
        spec=as_is(
            spec_of("seed", "cosmology", "mass_function", halos=HALOS, survey_redshift=config["survey"]["redshift"])
        ),
    shell:
        "attempt {params.attempt:q} python {input.code[0]:q}"
        " --spec {params.spec:q} --output {output:q} > {log:q} 2>&1"


rule fit_scaling:
    input:
        halos=rules.make_halos.output,
        code=code_of("fit_scaling"),
    output:
        f"{RESULTS}/halos/scaling.json",
    log:
        f"{RESULTS}/logs/fit_scaling.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_scaling.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 145 MB
    params:
        attempt=attempt(f"{RESULTS}/halos/scaling.json"),
        spec=as_is(spec_of("cosmology", "mass_function", "box_mpc_h")),
    shell:
        "attempt {params.attempt:q} python {input.code[0]:q}"
        " --halos {input.halos:q} --spec {params.spec:q} --output {output:q} > {log:q} 2>&1"


if URL:

    rule fetch_catalog:
        input:
            code=code_of("fetch_catalog"),
        output:
            LIST,
        log:
            f"{RESULTS}/logs/fetch_catalog.log",
        conda:
            "../envs/analysis.yaml"
        params:
            attempt=attempt(LIST),
            url=as_is(URL),
            sha256=config["halos"]["sha256"],
        shell:
            "attempt {params.attempt:q} python {input.code[0]:q}"
            " --url {params.url:q} --sha256 {params.sha256:q} --output {output:q} > {log:q} 2>&1"
