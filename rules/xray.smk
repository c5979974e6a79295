"""Mock X-ray data in the way of PHOX, and the profiles fitted to them (section 2.1.2)."""

SIMULATED = CONFIG.xray.photons == "simulate"
TELESCOPE = [f"xray.{key}" for key in ("area_cm2", "exposure_s", "field_arcmin", "pixel_arcsec")]
OBSERVATION = ["cosmology", "xray.chunks", "xray.metallicity", *TELESCOPE]
PHOTONS = ["mass_function", "xray.clumps", "xray.line_of_sight"] if SIMULATED else ["xray.simput"]


rule observe:
    """Counts images of every CHUNKS-th cluster: simulated, or binned from photon lists of the portal."""
    input:
        halos=rules.make_halos.output,
        lists=[] if SIMULATED else photon_lists(),
    output:
        f"{RESULTS}/{{simulation}}xray/images/{{chunk}}.fits",
    log:
        f"{RESULTS}/logs/{{simulation}}observe/{{chunk}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{simulation}}observe/{{chunk}}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 140 MB for 146 clusters
    params:
        code=code_of("observe"),
        attempt=attempt(f"{RESULTS}/{{simulation}}xray/images/{{chunk}}.fits"),
        seed=lambda wildcards: seed_of(wildcards.simulation),
        settings=as_is(settings_of("seed", "xray.photons", *OBSERVATION, *PHOTONS)),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/observe.py'
        ' --config "$CONFIG" --seed {params.seed} --halos {input.halos:q} --chunk {wildcards.chunk}'
        " --output {output:q} > {log:q} 2>&1"


rule fit_profiles:
    input:
        halos=rules.make_halos.output,
        images=rules.observe.output,
    output:
        f"{RESULTS}/{{simulation}}xray/profiles/{{chunk}}.h5",
    log:
        f"{RESULTS}/logs/{{simulation}}fit_profiles/{{chunk}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{simulation}}fit_profiles/{{chunk}}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 170 MB for 146 clusters
    params:
        code=code_of("fit_profiles"),
        attempt=attempt(f"{RESULTS}/{{simulation}}xray/profiles/{{chunk}}.h5"),
        settings=as_is(settings_of(*OBSERVATION, "xray.wavelet", "xray.annuli", "xray.inner_shell")),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/fit_profiles.py'
        ' --config "$CONFIG" --halos {input.halos:q} --images {input.images:q} --chunk {wildcards.chunk}'
        " --output {output:q} > {log:q} 2>&1"


rule merge_profiles:
    input:
        halos=rules.make_halos.output,
        profiles=expand(rules.fit_profiles.output, chunk=range(CHUNKS), allow_missing=True),
    output:
        f"{RESULTS}/{{simulation}}xray/profiles.h5",
    log:
        f"{RESULTS}/logs/{{simulation}}merge_profiles.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{simulation}}merge_profiles.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=500,  # peak 130 MB
    params:
        code=code_of("merge_profiles"),
        attempt=attempt(f"{RESULTS}/{{simulation}}xray/profiles.h5"),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/merge_profiles.py'
        " --halos {input.halos:q} --profiles {input.profiles:q} --output {output:q} > {log:q} 2>&1"
