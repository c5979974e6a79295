"""What the trained networks do (section 5; Appendix B): each model is looked into on its testing catalogs."""


rule interpret:
    """Terse values, saliency (section 5.2), and sigma8 with each cluster left out in turn (section 5.1)."""
    input:
        model=rules.train.output.model,
        features=lambda wildcards: features_of(wildcards.model),
        mocks=lambda wildcards: mocks_of(wildcards.model),
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
        mocks=lambda wildcards: mocks_of(wildcards.model),
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


rule predict_unseen:
    """sigma8 of mock catalogs from clusters that the networks' training has not used."""
    input:
        mocks=rules.make_mocks.output,
        models=lambda wildcards: expand(rules.train.output.model, model=networks_on(wildcards)),
        provenance=lambda wildcards: expand(rules.train.output.provenance, model=networks_on(wildcards)),
    output:
        f"{RESULTS}/{{simulation}}predictions/{{mocks}}.csv",
    log:
        f"{RESULTS}/logs/{{simulation}}predict_unseen/{{mocks}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/{{simulation}}predict_unseen/{{mocks}}.tsv"
    conda:
        "../envs/training.yaml"
    threads: CONFIG.training.threads
    resources:
        mem_mb=2000,
    params:
        code=code_of("predict_unseen"),
        attempt=attempt(f"{RESULTS}/{{simulation}}predictions/{{mocks}}.csv"),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/predict_unseen.py'
        " --models {input.models:q} --mocks {input.mocks:q} --threads {threads} --output {output:q} > {log:q} 2>&1"


rule check_explanations:
    """Do the explanations depend on what the network has learned? With random weights, permuted labels, other seeds."""
    input:
        model=rules.train.output.model,
        permuted=f"{RESULTS}/models/{{model}}_permuted/model.keras",
        seeds=lambda wildcards: expand(rules.train.output.model, model=CONFIG.placeholders[wildcards.model][1:]),
        features=lambda wildcards: features_of(wildcards.model),
        mocks=lambda wildcards: mocks_of(wildcards.model),
    output:
        explanations=f"{RESULTS}/explanations/{{model}}.csv",
        shapley=f"{RESULTS}/explanations/{{model}}_shapley.csv",
    log:
        f"{RESULTS}/logs/check_explanations/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/check_explanations/{{model}}.tsv"
    wildcard_constraints:
        model="|".join(CONFIG.checks.permuted),
    conda:
        "../envs/training.yaml"
    threads: CONFIG.training.threads
    resources:
        mem_mb=2000,
    params:
        code=code_of("check_explanations"),
        attempt=attempt(f"{RESULTS}/explanations/{{model}}.csv"),
        seeds=lambda wildcards, input: ["--seeds-of", *input.seeds] if input.seeds else [],
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/check_explanations.py'
        " --model {input.model:q} --permuted {input.permuted:q} {params.seeds:q}"
        " --features {input.features:q} --mocks {input.mocks:q} --threads {threads}"
        " --output {output.explanations:q} --shapley {output.shapley:q} > {log:q} 2>&1"


rule measure_audit_power:
    """How often does the audit find a planted leak, for each kind and size?"""
    input:
        interpretation=f"{RESULTS}/interpretation/standard.h5",
    output:
        f"{RESULTS}/audits/power.csv",
    log:
        f"{RESULTS}/logs/measure_audit_power.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_audit_power.tsv"
    conda:
        "../envs/training.yaml"
    threads: 2
    resources:
        mem_mb=4000,
    params:
        code=code_of("measure_audit_power"),
        attempt=attempt(f"{RESULTS}/audits/power.csv"),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/measure_audit_power.py'
        " --interpretation {input.interpretation:q} --cores {threads} --output {output:q} > {log:q} 2>&1"
