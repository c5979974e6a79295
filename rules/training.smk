"""The network of Table 3, trained by itself for each row of the configuration's `models` (section 3.3)."""


rule train:
    input:
        features=lambda wildcards: features_of(wildcards.model),
        code=code_of("train"),
    output:
        model=f"{RESULTS}/models/{{model}}/model.keras",
        history=f"{RESULTS}/models/{{model}}/history.csv",
        predictions=f"{RESULTS}/models/{{model}}/predictions.csv",
        provenance=f"{RESULTS}/models/{{model}}/provenance.json",
    log:
        f"{RESULTS}/logs/train/{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train/{{model}}.tsv"
    conda:
        "../envs/training.yaml"
    threads: config["training"]["threads"]
    resources:
        gpu=1,
        mem_mb=4000,  # peak 920 MB for the compact network
    params:
        spec=lambda wildcards: spec_of(**model(config, wildcards.model)),
        checkpoint=f"{RESULTS}/checkpoints/{{model}}",
    shell:
        # the progress of hours belongs on the screen as well as in the log
        "python {input.code[0]} --features {input.features} --spec {params.spec:q} --checkpoint {params.checkpoint}"
        " --model {output.model} --history {output.history} --predictions {output.predictions}"
        " --provenance {output.provenance} 2>&1 | tee {log}"
