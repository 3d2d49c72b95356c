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
    output:
        f"{OUT}/texts.csv",
    log:
        f"{OUT}/logs/match.log",
    params:
        code=fingerprint("match"),
        entries=lambda wildcards, input: [f"--entries={path}" for path in input.entries],
    message:
        "Matching full texts to reports"
    shell:
        "scoping match {input.texts:q} --records {input.records:q} --before {input.before:q} {params.entries:q}"
        " --matched {output:q} > {log:q} 2>&1"


rule issue_full_text:
    input:
        records=rules.dedupe.output.records,
        decisions=f"{OUT}/full_text/decisions.csv",
        before=rules.resolve_title_abstract.output.states,
        states=rules.resolve_full_text.output.states,
        texts=rules.match.output,
    output:
        issued=f"{OUT}/full_text/issued.csv",
        pilots=f"{OUT}/full_text/pilots.csv",
    log:
        f"{OUT}/logs/issue-full_text.log",
    params:
        code=fingerprint("issue"),
        settings=settings("issue"),
    message:
        "Laying out sheets for full texts that are due"
    shell:
        "scoping issue --stage full_text --records {input.records:q} --decisions {input.decisions:q}"
        " --before {input.before:q} --states {input.states:q} --texts {input.texts:q}"
        " --settings {params.settings:q} --issued {output.issued:q} --pilots {output.pilots:q}"
        " > {log:q} 2>&1"
