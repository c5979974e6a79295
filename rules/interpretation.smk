"""What the trained networks do (section 5; Appendix B): each model is looked into on its testing catalogs."""


rule interpret:
    """Terse values, saliency (section 5.2), and sigma8 with each cluster left out in turn (section 5.1)."""
    input:
        model=rules.train.output.model,
        features=lambda wildcards: features_of(wildcards.model),
        mocks=lambda wildcards: mocks_of(MODELS[wildcards.model].variant),
    output:
        f"{RESULTS}/interpretation/{{model}}.h5",
    log:
        f"{RESULTS}/logs/interpret/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/interpret/{{model}}.tsv"
    conda:
        "../envs/training.yaml"
    threads: CONFIG.training.threads
    resources:
        mem_mb=2000,  # peak 1,000 MB
    params:
        code=code_of("interpret"),
        attempt=attempt(f"{RESULTS}/interpretation/{{model}}.h5"),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/interpret.py'
        " --model {input.model:q} --features {input.features:q} --mocks {input.mocks:q}"
        " --threads {threads} --output {output:q} > {log:q} 2>&1"


rule audit_model:
    """Is the model overspecialized (Appendix B)?"""
    input:
        model=rules.train.output.model,
        provenance=rules.train.output.provenance,
        mocks=lambda wildcards: mocks_of(MODELS[wildcards.model].variant),
    output:
        f"{RESULTS}/audits/{{model}}.json",
    log:
        f"{RESULTS}/logs/audit_model/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/audit_model/{{model}}.tsv"
    conda:
        "../envs/training.yaml"
    threads: CONFIG.training.threads
    resources:
        mem_mb=2000,  # peak 800 MB
    params:
        code=code_of("audit_model"),
        attempt=attempt(f"{RESULTS}/audits/{{model}}.json"),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/audit_model.py'
        " --model {input.model:q} --mocks {input.mocks:q} --threads {threads}"
        " --output {output:q} > {log:q} 2>&1"
