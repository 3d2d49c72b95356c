"""Screening of titles and abstracts.

Needs: records, decisions. Gives: states.csv, order.csv, the model and its card, the sheets that are due.
"""


rule resolve_title_abstract:
    input:
        records=rules.dedupe.output.records,
        decisions=f"{OUT}/title_abstract/decisions.csv",
        before=TITLES,
    output:
        states=f"{OUT}/title_abstract/states.csv",
        orphans=f"{OUT}/title_abstract/orphans.csv",
    log:
        f"{OUT}/logs/resolve-title_abstract.log",
    params:
        code=fingerprint("resolve"),
        settings=settings("resolve"),
        before=option("before"),
    message:
        "Giving each record its state at title and abstract"
    shell:
        "scoping resolve --stage title_abstract --records {input.records:q} --decisions {input.decisions:q}"
        " {params.before:q} --settings {params.settings:q} --states {output.states:q} --orphans {output.orphans:q}"
        " > {log:q} 2>&1"


rule rank:
    input:
        records=rules.dedupe.output.records,
        states=rules.resolve_title_abstract.output.states,
        title=TITLES,
        prior=PRIOR,
    output:
        order=f"{OUT}/title_abstract/order.csv",
        model=f"{OUT}/title_abstract/model.json",
        weights=f"{OUT}/title_abstract/model.npz",
    log:
        f"{OUT}/logs/rank.log",
    params:
        code=fingerprint("rank"),
        settings=settings("rank"),
        prior=[content(Path(path).relative_to(RAW)) for path in PRIOR],
        title=option("title"),
    message:
        "Ordering the records that nobody has decided yet"
    shell:
        "scoping rank --records {input.records:q} --states {input.states:q} {params.title:q} --settings {params.settings:q}"
        " --order {output.order:q} --model {output.model:q} --weights {output.weights:q}"
        " > {log:q} 2>&1"


rule issue_title_abstract:
    input:
        records=rules.dedupe.output.records,
        pairs=rules.dedupe.output.pairs,
        decisions=f"{OUT}/title_abstract/decisions.csv",
        states=rules.resolve_title_abstract.output.states,
        order=rules.rank.output.order,
        model=rules.rank.output.model,
        title=TITLES,
    output:
        issued=f"{OUT}/title_abstract/issued.csv",
        pilots=f"{OUT}/title_abstract/pilots.csv",
    log:
        f"{OUT}/logs/issue-title_abstract.log",
    params:
        code=fingerprint("issue"),
        settings=settings("issue"),
        title=option("title"),
    message:
        "Laying out sheets for title and abstract that are due"
    shell:
        "scoping issue --stage title_abstract --records {input.records:q} --decisions {input.decisions:q}"
        " --pairs {input.pairs:q} --states {input.states:q} --order {input.order:q} --model {input.model:q}"
        " {params.title:q} --settings {params.settings:q} --issued {output.issued:q} --pilots {output.pilots:q}"
        " > {log:q} 2>&1"
