"""Charting of the included studies.

Needs: reports included at full text, their texts, decisions. Gives: cells.csv with quotes checked,
suggestions, the sheets.
"""


rule code:
    input:
        texts=expand(rules.extract.output, text=FULLTEXTS),
        records=rules.dedupe.output.records,
        states=rules.resolve_full_text.output.states,
        decisions=f"{OUT}/coding/decisions.csv",
        matched=rules.match.output.matched,
        studies=rules.studies.output.studies,
    output:
        cells=f"{OUT}/coding/cells.csv",
        worklist=f"{OUT}/coding/worklist.csv",
        retired=f"{OUT}/coding/retired.csv",
        orphans=f"{OUT}/coding/orphans.csv",
    log:
        f"{OUT}/logs/code.log",
    params:
        code=fingerprint("code"),
        settings=settings("coding"),
        codebook=CODES,
        migrations=MIGRATIONS,
    message:
        "Settling the codes and checking their quotes"
    shell:
        "scoping code settle {input.texts:q} --records {input.records:q} --states {input.states:q}"
        " --decisions {input.decisions:q} --matched {input.matched:q} --studies {input.studies:q}"
        " --settings {params.settings:q} --codebook {params.codebook:q} --migrations {params.migrations:q}"
        " --cells {output.cells:q} --worklist {output.worklist:q} --retired {output.retired:q}"
        " --orphans {output.orphans:q}"
        " > {log:q} 2>&1"


rule suggest:
    input:
        texts=expand(rules.extract.output, text=FULLTEXTS),
        records=rules.dedupe.output.records,
        matched=rules.match.output.matched,
        studies=rules.studies.output.studies,
        cells=rules.code.output.cells,
        independent=f"{OUT}/coding/independent.csv",
    output:
        suggestions=f"{OUT}/coding/suggestions.csv",
        switches=f"{OUT}/coding/switches.csv",
    log:
        f"{OUT}/logs/suggest.log",
    params:
        code=fingerprint("suggest"),
        settings=settings("suggest"),
        codebook=CODES,
        migrations=MIGRATIONS,
    message:
        "Suggesting passages for the codes"
    shell:
        "scoping suggest {input.texts:q} --records {input.records:q} --matched {input.matched:q}"
        " --studies {input.studies:q} --cells {input.cells:q} --independent {input.independent:q}"
        " --settings {params.settings:q} --codebook {params.codebook:q} --migrations {params.migrations:q}"
        " --suggestions {output.suggestions:q} --switches {output.switches:q}"
        " > {log:q} 2>&1"


rule issue_coding:
    input:
        records=rules.dedupe.output.records,
        decisions=f"{OUT}/coding/decisions.csv",
        pending=rules.resolve_title_abstract.output.states,
        before=rules.resolve_full_text.output.states,
        cells=rules.code.output.cells,
        texts=rules.match.output.matched,
        studies=rules.studies.output.studies,
        pairs=rules.studies.output.pairs,
        suggestions=rules.suggest.output.suggestions,
        switches=rules.suggest.output.switches,
        title=TITLES,
    output:
        issued=f"{OUT}/coding/issued.csv",
        pilots=f"{OUT}/coding/pilots.csv",
    log:
        f"{OUT}/logs/issue-coding.log",
    params:
        code=fingerprint("issue"),
        settings=settings("issue"),
        title=option("title"),
        codebook=CODES,
        migrations=MIGRATIONS,
    message:
        "Laying out coding sheets that are due"
    shell:
        "scoping issue --stage coding --records {input.records:q} --decisions {input.decisions:q}"
        " --pending {input.pending:q} --before {input.before:q} --cells {input.cells:q} --texts {input.texts:q}"
        " --studies {input.studies:q} --pairs {input.pairs:q}"
        " --suggestions {input.suggestions:q} --switches {input.switches:q}"
        " {params.title:q} --settings {params.settings:q} --codebook {params.codebook:q}"
        " --migrations {params.migrations:q} --issued {output.issued:q} --pilots {output.pilots:q}"
        " > {log:q} 2>&1"
