"""Sheets -> decisions. No sheet is an input or an output of a rule: the key in the receipt's name stands for them all.

Needs: data/raw/sheets/<stage>/*, the ledger; of exports whose labels are decisions, their entries. Gives: decisions.csv, independent.csv and problems.csv of each
stage.
"""

for _stage in STAGES:

    rule:
        name:
            f"collect_{_stage}"
        input:
            entries=expand(
                f"{OUT}/entries/{{export}}.parquet",
                export=[exports.slug(name) for name in imports.files_of(TOLD[_stage])],
            ),
        output:
            receipt=f"{OUT}/collected/{_stage}-{KEYS[_stage]}",
            decisions=f"{OUT}/{_stage}/decisions.csv",
            independent=f"{OUT}/{_stage}/independent.csv",
            problems=f"{OUT}/{_stage}/problems.csv",
        log:
            f"{OUT}/logs/collect-{_stage}.log",
        localrule: True
        params:
            code=fingerprint("collect"),
            settings=settings("collect"),
            stage=_stage,
            key=KEYS[_stage],
            imports=json.dumps(TOLD[_stage], sort_keys=True),
            entries=option("entries"),
        message:
            f"Reading the sheets of {_stage}"
        shell:
            "scoping collect --stage {params.stage:q} --key {params.key:q} --settings {params.settings:q}"
            " --imports {params.imports:q} {params.entries:q}"
            " --receipt {output.receipt:q} --decisions {output.decisions:q}"
            " --independent {output.independent:q} --problems {output.problems:q}"
            " > {log:q} 2>&1"
