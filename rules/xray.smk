"""Mock X-ray data in the way of PHOX, and the profiles fitted to them (section 2.1.2)."""

SIMULATED = config["xray"]["photons"] == "simulate"
UNUSED = ["simput"] if SIMULATED else ["clumps", "line_of_sight"]


rule observe:
    """Counts images of every CHUNKS-th cluster: simulated, or binned from photon lists of the portal."""
    input:
        halos=rules.make_halos.output,
        lists=[] if SIMULATED else photon_lists(),
        code=code_of("observe"),
    output:
        f"{RESULTS}/xray/images/{{chunk}}.fits",
    log:
        f"{RESULTS}/logs/observe/{{chunk}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/observe/{{chunk}}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 140 MB for 146 clusters
    params:
        attempt=attempt(f"{RESULTS}/xray/images/{{chunk}}.fits"),
        spec=xray_spec("wavelet", "annuli", "inner_shell", *UNUSED),
        chunks=CHUNKS,
    shell:
        "attempt {params.attempt:q} python {input.code[0]:q}"
        " --halos {input.halos:q} --chunk {wildcards.chunk} --chunks {params.chunks}"
        " --spec {params.spec:q} --output {output:q} > {log:q} 2>&1"


rule fit_profiles:
    input:
        halos=rules.make_halos.output,
        images=rules.observe.output,
        code=code_of("fit_profiles"),
    output:
        f"{RESULTS}/xray/profiles/{{chunk}}.h5",
    log:
        f"{RESULTS}/logs/fit_profiles/{{chunk}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_profiles/{{chunk}}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 170 MB for 146 clusters
    params:
        attempt=attempt(f"{RESULTS}/xray/profiles/{{chunk}}.h5"),
        spec=xray_spec("clumps", "line_of_sight", "simput"),
        chunks=CHUNKS,
    shell:
        "attempt {params.attempt:q} python {input.code[0]:q}"
        " --halos {input.halos:q} --images {input.images:q} --chunk {wildcards.chunk}"
        " --chunks {params.chunks} --spec {params.spec:q} --output {output:q} > {log:q} 2>&1"


rule merge_profiles:
    input:
        halos=rules.make_halos.output,
        profiles=expand(rules.fit_profiles.output, chunk=range(CHUNKS)),
        code=code_of("merge_profiles"),
    output:
        f"{RESULTS}/xray/profiles.h5",
    log:
        f"{RESULTS}/logs/merge_profiles.log",
    benchmark:
        f"{RESULTS}/benchmarks/merge_profiles.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 130 MB
    params:
        attempt=attempt(f"{RESULTS}/xray/profiles.h5"),
    shell:
        "attempt {params.attempt:q} python {input.code[0]:q}"
        " --halos {input.halos:q} --profiles {input.profiles:q} --output {output:q} > {log:q} 2>&1"
