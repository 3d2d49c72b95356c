"""Interviews: a stream of its own, which no rule of the literature reads.

Needs: transcripts, decisions. Gives: cells.csv with quotes checked, the sheets, reports/tables/interviews.*.
"""

INTERVIEWS = []

if "interviews" in STAGES:

    rule extract_transcript:
        input:
            lambda wildcards: f"{RAW}/interviews/{TRANSCRIPTS[wildcards.transcript]}",
        output:
            f"{OUT}/interviews/texts/{{transcript}}.json",
        log:
            f"{OUT}/logs/extract-transcript-{{transcript}}.log",
        params:
            code=fingerprint("extract"),
            content=lambda wildcards: content(
                "interviews", TRANSCRIPTS[wildcards.transcript]
            ),
        message:
            "Reading the transcript {input}"
        shell:
            "scoping extract {input:q} --text {output:q} > {log:q} 2>&1"

    rule interviews:
        input:
            texts=expand(rules.extract_transcript.output, transcript=TRANSCRIPTS),
            decisions=f"{OUT}/interviews/decisions.csv",
        output:
            records=f"{OUT}/interviews/records.parquet",
            studies=f"{OUT}/interviews/studies.csv",
            texts=f"{OUT}/interviews/texts.csv",
            cells=f"{OUT}/interviews/cells.csv",
            worklist=f"{OUT}/interviews/worklist.csv",
            retired=f"{OUT}/interviews/retired.csv",
            orphans=f"{OUT}/interviews/orphans.csv",
            tables=expand(f"{REPORTS}/tables/interviews.{{form}}", form=FORMS),
            ids=f"{REPORTS}/tables/interviews_ids.csv",
        log:
            f"{OUT}/logs/interviews.log",
        params:
            code=fingerprint("interviews"),
            settings=settings("interviews"),
            codebook=CODES,
            migrations=MIGRATIONS,
            folder=subpath(output.cells, parent=True),
            tables=subpath(output.ids, parent=True),
        message:
            "Settling the codes of the transcripts"
        shell:
            "scoping interviews {input.texts:q} --decisions {input.decisions:q}"
            " --settings {params.settings:q} --codebook {params.codebook:q} --migrations {params.migrations:q}"
            " --folder {params.folder:q} --tables {params.tables:q}"
            " > {log:q} 2>&1"

    rule issue_interviews:
        input:
            records=rules.interviews.output.records,
            decisions=f"{OUT}/interviews/decisions.csv",
            cells=rules.interviews.output.cells,
            texts=rules.interviews.output.texts,
            studies=rules.interviews.output.studies,
        output:
            issued=f"{OUT}/interviews/issued.csv",
            pilots=f"{OUT}/interviews/pilots.csv",
        log:
            f"{OUT}/logs/issue-interviews.log",
        localrule: True
        params:
            code=fingerprint("issue"),
            settings=settings("issue"),
            codebook=CODES,
            migrations=MIGRATIONS,
        message:
            "Laying out sheets about transcripts that are due"
        shell:
            "scoping issue --stage interviews --records {input.records:q} --decisions {input.decisions:q}"
            " --cells {input.cells:q} --texts {input.texts:q} --studies {input.studies:q}"
            " --settings {params.settings:q} --codebook {params.codebook:q} --migrations {params.migrations:q}"
            " --issued {output.issued:q} --pilots {output.pilots:q}"
            " > {log:q} 2>&1"

    INTERVIEWS = [
        *expand(rules.extract_transcript.output, transcript=TRANSCRIPTS),
        *rules.interviews.output,
    ]
