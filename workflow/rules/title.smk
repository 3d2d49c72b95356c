"""Screening of titles alone, before that of titles and abstracts.

Needs: records, decisions, the order of both screenings. Gives: states.csv, the sheets that are due. Without `stages.title`
there are none.
"""

if "title" in STAGES:

    rule resolve_title:
        input:
            records=rules.dedupe.output.records,
            decisions=f"{OUT}/title/decisions.csv",
        output:
            states=f"{OUT}/title/states.csv",
            orphans=f"{OUT}/title/orphans.csv",
        log:
            f"{OUT}/logs/resolve-title.log",
        localrule: True
        params:
            code=fingerprint("resolve"),
            settings=settings("resolve"),
        message:
            "Giving each record its state at title"
        shell:
            "scoping resolve --stage title --records {input.records:q} --decisions {input.decisions:q}"
            " --settings {params.settings:q} --states {output.states:q} --orphans {output.orphans:q}"
            " > {log:q} 2>&1"

    rule issue_title:
        input:
            records=rules.dedupe.output.records,
            pairs=rules.dedupe.output.pairs,
            decisions=f"{OUT}/title/decisions.csv",
            states=rules.resolve_title.output.states,
            order=rules.rank.output.order,
            model=rules.rank.output.model,
        output:
            issued=f"{OUT}/title/issued.csv",
            pilots=f"{OUT}/title/pilots.csv",
        log:
            f"{OUT}/logs/issue-title.log",
        localrule: True
        params:
            code=fingerprint("issue"),
            settings=settings("issue"),
        message:
            "Laying out sheets of titles that are due"
        shell:
            "scoping issue --stage title --records {input.records:q} --decisions {input.decisions:q}"
            " --pairs {input.pairs:q} --states {input.states:q} --order {input.order:q} --model {input.model:q}"
            " --settings {params.settings:q} --issued {output.issued:q} --pilots {output.pilots:q}"
            " > {log:q} 2>&1"
