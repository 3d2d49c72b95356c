"""Exports -> entries -> records.

Needs: data/raw/exports/*, the answers about duplicates. Gives: records.parquet, entry_records.csv, duplicate_pairs.csv,
record_fields.csv, record_links.csv, record_flags.csv, what of it people check, and how exact it was.
"""


rule ingest:
    input:
        lambda wildcards: f"{RAW}/exports/{EXPORTS[wildcards.export]}",
    output:
        entries=f"{OUT}/entries/{{export}}.parquet",
        issues=f"{OUT}/entries/{{export}}.issues.csv",
        receipts=f"{OUT}/entries/{{export}}.receipts.csv",
    log:
        f"{OUT}/logs/ingest-{{export}}.log",
    # two processes read one large file; small ones are read side by side, a job each
    threads: lambda wildcards, input: 2 if input.size_mb > 8 else 1
    params:
        code=fingerprint("ingest"),
        content=lambda wildcards: content("exports", EXPORTS[wildcards.export]),
        claims=lambda wildcards: exports.claim_settings(
            CLAIMS[EXPORTS[wildcards.export]]
        ),
    message:
        "Reading {input}"
    shell:
        "scoping ingest {input:q} --claims {params.claims:q} --threads {threads}"
        " --entries {output.entries:q} --issues {output.issues:q} --receipts {output.receipts:q}"
        " > {log:q} 2>&1"


rule dedupe:
    input:
        entries=expand(rules.ingest.output.entries, export=EXPORTS),
        decisions=f"{OUT}/duplicates/decisions.csv",
    output:
        records=f"{OUT}/records.parquet",
        entry_records=f"{OUT}/entry_records.csv",
        pairs=f"{OUT}/duplicate_pairs.csv",
        fields=f"{OUT}/record_fields.csv",
        links=f"{OUT}/record_links.csv",
        flags=f"{OUT}/record_flags.csv",
        orphans=f"{OUT}/duplicates/orphans.csv",
    log:
        f"{OUT}/logs/dedupe.log",
    params:
        code=fingerprint("dedupe"),
        settings=settings("dedupe"),
    message:
        "Joining entries of the same report into records"
    shell:
        "scoping dedupe {input.entries:q} --decisions {input.decisions:q} --settings {params.settings:q}"
        " --records {output.records:q} --entry-records {output.entry_records:q} --pairs {output.pairs:q}"
        " --fields {output.fields:q} --links {output.links:q} --flags {output.flags:q} --orphans {output.orphans:q}"
        " > {log:q} 2>&1"


rule recheck:
    input:
        entries=rules.dedupe.input.entries,
        entry_records=rules.dedupe.output.entry_records,
        pairs=rules.dedupe.output.pairs,
        decisions=f"{OUT}/duplicates/decisions.csv",
    output:
        checks=f"{OUT}/duplicates/checks.csv",
        shown=f"{OUT}/duplicates/checks.parquet",
        tables=expand(f"{REPORTS}/tables/duplicates_check.{{form}}", form=FORMS),
        ids=f"{REPORTS}/tables/duplicates_check_ids.csv",
    log:
        f"{OUT}/logs/recheck.log",
    params:
        code=fingerprint("recheck"),
        settings=settings("recheck"),
        tables=subpath(output.ids, parent=True),
    message:
        "Saying how exact de-duplication was"
    shell:
        "scoping recheck {input.entries:q} --entry-records {input.entry_records:q} --pairs {input.pairs:q}"
        " --decisions {input.decisions:q} --settings {params.settings:q}"
        " --checks {output.checks:q} --shown {output.shown:q} --tables {params.tables:q}"
        " > {log:q} 2>&1"


rule issue_duplicates:
    input:
        records=rules.dedupe.output.records,
        pairs=rules.dedupe.output.pairs,
        checks=rules.recheck.output.checks,
        shown=rules.recheck.output.shown,
        decisions=f"{OUT}/duplicates/decisions.csv",
    output:
        issued=f"{OUT}/duplicates/issued.csv",
        pilots=f"{OUT}/duplicates/pilots.csv",
    log:
        f"{OUT}/logs/issue-duplicates.log",
    params:
        code=fingerprint("issue"),
        settings=settings("issue"),
    message:
        "Laying out sheets about possible duplicates that are due"
    shell:
        "scoping issue --stage duplicates --records {input.records:q} --decisions {input.decisions:q}"
        " --pairs {input.pairs:q} --checks {input.checks:q} --shown {input.shown:q}"
        " --settings {params.settings:q} --issued {output.issued:q} --pilots {output.pilots:q}"
        " > {log:q} 2>&1"
