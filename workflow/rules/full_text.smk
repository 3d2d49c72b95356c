"""Full texts: what was sought, retrieved and assessed.

Needs: records that passed title and abstract, decisions, data/raw/fulltext/*. Gives: states.csv, the texts, the sheets.
"""


rule resolve_full_text:
    input:
        records=rules.dedupe.output.records,
        decisions=f"{OUT}/full_text/decisions.csv",
        before=rules.resolve_title_abstract.output.states,
    output:
        states=f"{OUT}/full_text/states.csv",
        orphans=f"{OUT}/full_text/orphans.csv",
    log:
        f"{OUT}/logs/resolve-full_text.log",
    params:
        code=fingerprint("resolve"),
        settings=settings("resolve"),
    message:
        "Giving each report its state at full text"
    shell:
        "scoping resolve --stage full_text --records {input.records:q} --decisions {input.decisions:q}"
        " --before {input.before:q} --settings {params.settings:q}"
        " --states {output.states:q} --orphans {output.orphans:q}"
        " > {log:q} 2>&1"


rule extract:
    input:
        lambda wildcards: f"{RAW}/fulltext/{FULLTEXTS[wildcards.text]}",
    output:
        f"{OUT}/texts/{{text}}.json",
    log:
        f"{OUT}/logs/extract-{{text}}.log",
    params:
        code=fingerprint("extract"),
        content=lambda wildcards: content("fulltext", FULLTEXTS[wildcards.text]),
    message:
        "Reading the text of {input}"
    shell:
        "scoping extract {input:q} --text {output:q} > {log:q} 2>&1"


rule match:
    input:
        texts=expand(rules.extract.output, text=FULLTEXTS),
        records=rules.dedupe.output.records,
        before=rules.resolve_title_abstract.output.states,
        entries=expand(rules.ingest.output.entries, export=EXPORTS),
        decisions=of_stage("doubtful_texts", f"{OUT}/doubtful_texts/decisions.csv"),
    output:
        matched=f"{OUT}/texts.csv",
        orphans=f"{OUT}/doubtful_texts/orphans.csv",
    log:
        f"{OUT}/logs/match.log",
    params:
        code=fingerprint("match"),
        entries=option("entries"),
        decisions=option("decisions"),
    message:
        "Matching full texts to reports"
    shell:
        "scoping match {input.texts:q} --records {input.records:q} --before {input.before:q} {params.entries:q}"
        " {params.decisions:q} --matched {output.matched:q} --orphans {output.orphans:q}"
        " > {log:q} 2>&1"


if "doubtful_texts" in STAGES:

    rule issue_doubtful_texts:
        input:
            records=rules.dedupe.output.records,
            decisions=f"{OUT}/doubtful_texts/decisions.csv",
            texts=rules.match.output.matched,
        output:
            issued=f"{OUT}/doubtful_texts/issued.csv",
            pilots=f"{OUT}/doubtful_texts/pilots.csv",
        log:
            f"{OUT}/logs/issue-doubtful_texts.log",
        localrule: True
        params:
            code=fingerprint("issue"),
            settings=settings("issue"),
        message:
            "Laying out sheets about doubtful full texts that are due"
        shell:
            "scoping issue --stage doubtful_texts --records {input.records:q} --decisions {input.decisions:q}"
            " --texts {input.texts:q} --settings {params.settings:q}"
            " --issued {output.issued:q} --pilots {output.pilots:q}"
            " > {log:q} 2>&1"


rule issue_full_text:
    input:
        records=rules.dedupe.output.records,
        decisions=f"{OUT}/full_text/decisions.csv",
        before=rules.resolve_title_abstract.output.states,
        states=rules.resolve_full_text.output.states,
        texts=rules.match.output.matched,
        title=TITLES,
    output:
        issued=f"{OUT}/full_text/issued.csv",
        pilots=f"{OUT}/full_text/pilots.csv",
    log:
        f"{OUT}/logs/issue-full_text.log",
    params:
        code=fingerprint("issue"),
        settings=settings("issue"),
        title=option("title"),
    message:
        "Laying out sheets for full texts that are due"
    shell:
        "scoping issue --stage full_text --records {input.records:q} --decisions {input.decisions:q}"
        " --before {input.before:q} --states {input.states:q} --texts {input.texts:q}"
        " {params.title:q} --settings {params.settings:q} --issued {output.issued:q} --pilots {output.pilots:q}"
        " > {log:q} 2>&1"
