"""A review, from exports to PRISMA. People write in config/ and data/raw/; rules write in data/processed/ and reports/."""

from snakemake.utils import min_version

min_version("9.27")


include: "workflow/rules/common.smk"
include: "workflow/rules/records.smk"
include: "workflow/rules/decisions.smk"
include: "workflow/rules/title_abstract.smk"
include: "workflow/rules/title.smk"
include: "workflow/rules/full_text.smk"
include: "workflow/rules/studies.smk"
include: "workflow/rules/coding.smk"
include: "workflow/rules/interviews.smk"
include: "workflow/rules/reports.smk"


# Every output of every stage by name: a stage that failed must never look finished on the next run.
rule all:
    default_target: True
    input:
        expand(rules.ingest.output, export=EXPORTS),
        RECEIPTS,
        expand(f"{OUT}/{{stage}}/decisions.csv", stage=STAGES),
        expand(f"{OUT}/{{stage}}/independent.csv", stage=STAGES),
        expand(f"{OUT}/{{stage}}/problems.csv", stage=STAGES),
        rules.dedupe.output,
        rules.recheck.output,
        *([rules.resolve_title.output] if TITLES else []),
        rules.resolve_title_abstract.output,
        rules.rank.output,
        rules.resolve_full_text.output,
        expand(rules.extract.output, text=FULLTEXTS),
        rules.match.output,
        rules.studies.output,
        rules.code.output,
        rules.suggest.output,
        INTERVIEWS,
        expand(f"{OUT}/{{stage}}/issued.csv", stage=STAGES),
        expand(f"{OUT}/{{stage}}/pilots.csv", stage=STAGES),
        rules.flow.output,
        rules.synthesise.output,
        rules.map.output,
        rules.references.output,
        rules.agree.output,
        rules.suggested.output,
        rules.quotes.output,
        rules.describe.output,
        rules.health.output,
        rules.manuscript.output,
        rules.supplement.output,
        rules.progress.output,
        rules.manifest.output,
        rules.front.output,
        rules.enforce.output,
    localrule: True
    message:
        "All stages are done"


onsuccess:
    shell("scoping status")


onerror:
    print(
        "\nNothing that people wrote was touched: config/ and data/raw/ are as they were. Mend what is named above and run again."
    )
