"""From a halo catalog to the figures and tables of Ntampaka & Vikhlinin: `snakemake --cores all`."""

import os

from snakemake.utils import min_version

min_version("9.27")


configfile: os.path.relpath(f"{workflow.current_basedir}/config/config.yaml")


# Snakemake must not remove an earlier result before a job: the commands replace it when the new one is complete
outputflags:
    update,


include: "rules/common.smk"


report: "workflow/report/workflow.rst"


localrules:
    all,


include: "rules/halos.smk"
include: "rules/xray.smk"
include: "rules/mocks.smk"
include: "rules/training.smk"
include: "rules/interpretation.smk"
include: "rules/paper.smk"


rule all:
    default_target: True
    input:
        expand(f"{RESULTS}/{{target}}.pdf", target=PUBLISHED_FIGURES),
        expand(f"{RESULTS}/{{target}}.{{form}}", target=PUBLISHED_TABLES, form=["csv", "md", "tex"]),
        expand(f"{RESULTS}/audits/{{model}}.json", model=CONFIG.models),
        expand(f"{RESULTS}/{{name}}", name=SCORECARD),


onstart:
    begin()


onsuccess:
    note_dates(Path(RESULTS))
    print(summary(), flush=True)


onerror:
    note_dates(Path(RESULTS))
    print(failures(), flush=True)
