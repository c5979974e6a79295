"""Mock X-ray data in the way of PHOX, and the profiles fitted to them (section 2.1.2)."""

OBSERVE = "simulate_photons" if config["xray"]["photons"] == "simulate" else "ingest_simput"
# the number of chunks is no property of a cluster: images of any chunking are the same
XRAY = {key: value for key, value in config["xray"].items() if key != "chunks"}
XRAY_SPEC = spec_of("seed", "cosmology", "mass_function", xray=XRAY, survey={"redshift": config["survey"]["redshift"]})


rule observe:
    """Counts images of every CHUNKS-th cluster: simulated, or binned from photon lists of the portal."""
    input:
        halos=rules.make_halos.output,
        code=code_of(OBSERVE, "seeds.py", "cosmology.py", *package("xray")),
    output:
        f"{RESULTS}/xray/images/{{chunk}}.fits",
    log:
        f"{RESULTS}/logs/observe/{{chunk}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/observe/{{chunk}}.tsv"
    conda:
        "../envs/analysis.yaml"
    params:
        spec=lambda wildcards: XRAY_SPEC,  # the path of photon lists has braces of its own
        chunks=CHUNKS,
    shell:
        "python {input.code[0]} --halos {input.halos} --chunk {wildcards.chunk} --chunks {params.chunks}"
        " --spec {params.spec:q} --output {output} > {log} 2>&1"


rule fit_profiles:
    input:
        halos=rules.make_halos.output,
        images=rules.observe.output,
        code=code_of("fit_profiles", "cosmology.py", *package("xray")),
    output:
        f"{RESULTS}/xray/profiles/{{chunk}}.h5",
    log:
        f"{RESULTS}/logs/fit_profiles/{{chunk}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_profiles/{{chunk}}.tsv"
    conda:
        "../envs/analysis.yaml"
    params:
        spec=lambda wildcards: XRAY_SPEC,  # the path of photon lists has braces of its own
        chunks=CHUNKS,
    shell:
        "python {input.code[0]} --halos {input.halos} --images {input.images} --chunk {wildcards.chunk}"
        " --chunks {params.chunks} --spec {params.spec:q} --output {output} > {log} 2>&1"


rule merge_profiles:
    input:
        halos=rules.make_halos.output,
        profiles=expand(rules.fit_profiles.output, chunk=range(CHUNKS)),
        code=code_of("merge_profiles", "storage.py"),
    output:
        f"{RESULTS}/xray/profiles.h5",
    log:
        f"{RESULTS}/logs/merge_profiles.log",
    benchmark:
        f"{RESULTS}/benchmarks/merge_profiles.tsv"
    conda:
        "../envs/analysis.yaml"
    shell:
        "python {input.code[0]} --halos {input.halos} --profiles {input.profiles} --output {output} > {log} 2>&1"
