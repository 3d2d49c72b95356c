"""Included reports -> studies: which reports are of one, and which of them speaks for it.

Needs: reports included at full text, their texts, what people said. Gives: studies.csv, study_pairs.csv, the sheets.
"""


rule studies:
    input:
        texts=expand(rules.extract.output, text=FULLTEXTS),
        records=rules.dedupe.output.records,
        states=rules.resolve_full_text.output.states,
        matched=rules.match.output.matched,
        links=rules.dedupe.output.links,
        coding=f"{OUT}/coding/decisions.csv",
        decisions=of_stage("studies", f"{OUT}/studies/decisions.csv"),
    output:
        studies=f"{OUT}/studies.csv",
        pairs=f"{OUT}/study_pairs.csv",
        orphans=f"{OUT}/studies/orphans.csv",
    log:
        f"{OUT}/logs/studies.log",
    params:
        code=fingerprint("studies"),
        settings=settings("studies"),
        codebook=CODES,
        decisions=option("decisions"),
    message:
        "Giving each included report its study"
    shell:
        "scoping studies {input.texts:q} --records {input.records:q} --states {input.states:q}"
        " --matched {input.matched:q} --links {input.links:q} --coding {input.coding:q} {params.decisions:q}"
        " --settings {params.settings:q} --codebook {params.codebook:q}"
        " --studies {output.studies:q} --pairs {output.pairs:q} --orphans {output.orphans:q}"
        " > {log:q} 2>&1"


if "studies" in STAGES:

    rule issue_studies:
        input:
            records=rules.dedupe.output.records,
            decisions=f"{OUT}/studies/decisions.csv",
            studies=rules.studies.output.studies,
            pairs=rules.studies.output.pairs,
        output:
            issued=f"{OUT}/studies/issued.csv",
            pilots=f"{OUT}/studies/pilots.csv",
        log:
            f"{OUT}/logs/issue-studies.log",
        localrule: True
        params:
            code=fingerprint("issue"),
            settings=settings("issue"),
        message:
            "Laying out sheets about studies that are due"
        shell:
            "scoping issue --stage studies --records {input.records:q} --decisions {input.decisions:q}"
            " --studies {input.studies:q} --pairs {input.pairs:q} --settings {params.settings:q}"
            " --issued {output.issued:q} --pilots {output.pilots:q}"
            " > {log:q} 2>&1"
