"""The network of Table 3, trained by itself for each row of the configuration's `models` (section 3.3).

With `ensemble.together`, all seeds of an ensemble's model are trained by one job instead.
"""

# one training at a time on a GPU; elsewhere as many as there are cores for
GPU = 1 if find_gpu() else 0
TOGETHER = CONFIG.ensemble.models if CONFIG.ensemble.together else ()
SEEDS = range(1, CONFIG.ensemble.seeds + 1)
SUFFIXES = ["" if k == 1 else f"_{k}" for k in SEEDS]
BY_ITSELF = [name for name in MODELS if name not in [name + suffix for name in TOGETHER for suffix in SUFFIXES]]


rule train:
    input:
        features=lambda wildcards: features_of(wildcards.model, permuted=True),
    output:
        model=f"{RESULTS}/models/{{model}}/model.keras",
        history=f"{RESULTS}/models/{{model}}/history.csv",
        predictions=f"{RESULTS}/models/{{model}}/predictions.csv",
        provenance=f"{RESULTS}/models/{{model}}/provenance.json",
    log:
        f"{RESULTS}/logs/train/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train/{{model}}.tsv"
    wildcard_constraints:
        model="|".join(BY_ITSELF),
    conda:
        "../envs/training.yaml"
    threads: lambda wildcards: CONFIG.training_of(wildcards.model).training.threads
    resources:
        gpu=GPU,
        mem_mb=4000,  # peak 920 MB for the compact network
    params:
        code=code_of("train"),
        attempt=attempt(f"{RESULTS}/models/{{model}}/model.keras"),
        settings=lambda wildcards: settings_of(**CONFIG.training_of(wildcards.model).as_dict()),
        checkpoint=f"{RESULTS}/checkpoints/{{model}}",
        models=lambda wildcards, output: str(Path(output.model).parents[1]),
    shell:
        'attempt {params.attempt:q} python "$SCRIPTS"/train.py'
        ' --config "$CONFIG" --model {wildcards.model} --features {input.features:q}'
        " --checkpoint {params.checkpoint:q} --output {params.models:q} > {log:q} 2>&1"


if TOGETHER:
    # NAME, NAME_2, NAME_3 ...
    FOLDERS = expand(f"{RESULTS}/models/{{{{model}}}}{{suffix}}", suffix=SUFFIXES)

    rule train_together:
        input:
            features=lambda wildcards: features_of(wildcards.model, permuted=True),
        output:
            model=expand("{folder}/model.keras", folder=FOLDERS),
            history=expand("{folder}/history.csv", folder=FOLDERS),
            predictions=expand("{folder}/predictions.csv", folder=FOLDERS),
            provenance=expand("{folder}/provenance.json", folder=FOLDERS),
        log:
            f"{RESULTS}/logs/train_together/{{model}}.log",
        benchmark:
            f"{RESULTS}/benchmarks/train_together/{{model}}.tsv"
        wildcard_constraints:
            model="|".join(TOGETHER),
        conda:
            "../envs/training.yaml"
        threads: lambda wildcards: CONFIG.training_of(wildcards.model).training.threads
        resources:
            gpu=GPU,
            mem_mb=16000,
        params:
            code=code_of("train"),
            attempt=attempt(f"{RESULTS}/models/{{model}}/model.keras"),
            settings=lambda wildcards: settings_of(**CONFIG.training_of(wildcards.model).as_dict()),
            seeds=len(SEEDS),
            checkpoint=f"{RESULTS}/checkpoints/{{model}}",
            models=lambda wildcards, output: str(Path(output.model[0]).parents[1]),
        shell:
            'attempt {params.attempt:q} python "$SCRIPTS"/train.py'
            ' --config "$CONFIG" --model {wildcards.model} --together --features {input.features:q}'
            " --checkpoint {params.checkpoint:q} --output {params.models:q} > {log:q} 2>&1"
