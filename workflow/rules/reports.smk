"""What authors take.

Needs: records, states, cells, independent answers. Gives: reports/prisma.*, reports/tables/*, reports/figures/*,
reports/map.html, reports/text/*, reports/manifest.json.
"""

from scoping import code_counts, paper

COUNTED = [
    "eligibility",
    "code_frequencies",
    "feature_levels",
    "mechanisms_by_changes",
    "mechanism_change_basis",
    "practices",
    "gaps",
]
PRESET = REVIEW.report.preset
TABLES = expand(
    f"{REPORTS}/tables/{{name}}.{{form}}",
    name=[
        "sources",
        *COUNTED,
        "characteristics",
        "characteristics_supplement",
        "included_studies",
        "coded_features",
        "derived",
        "crosswalks",
        "retrieval_log",
        "excluded_reports",
    ],
    form=FORMS,
)
LITERATURE = codebooks.of_stream(CODEBOOK, "literature")
FIGURE_NAMES = [
    "publications_per_year",
    "feature_matrix",
    "source_overlap",
    "source_contribution",
    "code_cooccurrence",
    *(f"values_{code.id}" for code in code_counts.lists(LITERATURE)),
    *(
        f"combinations_{rule.id}"
        for rule in CODEBOOK.derived
        if rule.kind == "combined"
    ),
    "evidence_gap_map",
    "features_by_level",
    "crosswalk_coverage",
    *(f"countries_{code}" for code in LITERATURE.figures.maps),
    *(f"links_{link.id}" for link in LITERATURE.figures.links),
    *(f"mosaic_{each.variable}_by_{each.by}" for each in LITERATURE.figures.mosaics),
    "screening_curve",
]
FIGURES = [
    f"{REPORTS}/figures/{name}.{ending}"
    for name in FIGURE_NAMES
    for ending in (*PRESET.written, "alt.txt", "caption.txt")
]
FIGURE_DATA = [f"{REPORTS}/figures/{name}_data.csv" for name in FIGURE_NAMES[1:]]


rule flow:
    input:
        receipts=expand(rules.ingest.output.receipts, export=EXPORTS),
        records=rules.dedupe.output.records,
        entry_records=rules.dedupe.output.entry_records,
        title_abstract=rules.resolve_title_abstract.output.states,
        full_text=rules.resolve_full_text.output.states,
        studies=rules.studies.output.studies,
        previous=PREVIOUS,
        title=TITLES,
    output:
        ids=f"{REPORTS}/prisma_ids.csv",
        html=f"{REPORTS}/prisma.html",
        drawn=expand(
            f"{REPORTS}/prisma{{ending}}",
            ending=[
                ".svg",
                ".pdf",
                ".png",
                f"_{PRESET.print_dpi}dpi.png",
                f"_{PRESET.print_dpi}dpi.tiff",
            ],
        ),
        office=expand(f"{REPORTS}/prisma.{{ending}}", ending=["pptx", "docx"]),
        alt=f"{REPORTS}/prisma.alt.txt",
        caption=f"{REPORTS}/prisma.caption.txt",
        table=f"{REPORTS}/prisma_2020.csv",
    log:
        f"{OUT}/logs/flow.log",
    params:
        code=fingerprint("flow"),
        settings=settings("flow"),
        previous=[content(Path(path).relative_to(RAW)) for path in PREVIOUS],
        before=lambda wildcards, input: [
            f"--previous={path}" for path in input.previous
        ],
        folder=subpath(output.ids, parent=True),
        title=option("title"),
    message:
        "Counting and drawing the flow diagram"
    shell:
        "scoping flow {input.receipts:q} --records {input.records:q} --entry-records {input.entry_records:q}"
        " --title-abstract {input.title_abstract:q} --full-text {input.full_text:q} --studies {input.studies:q} {params.before:q}"
        " {params.title:q} --settings {params.settings:q} --folder {params.folder:q}"
        " > {log:q} 2>&1"


rule synthesise:
    input:
        receipts=expand(rules.ingest.output.receipts, export=EXPORTS),
        records=rules.dedupe.output.records,
        entry_records=rules.dedupe.output.entry_records,
        title_abstract=rules.resolve_title_abstract.output.states,
        full_text=rules.resolve_full_text.output.states,
        cells=rules.code.output.cells,
        texts=rules.match.output.matched,
        studies=rules.studies.output.studies,
        title=TITLES,
    output:
        tables=TABLES,
        ids=f"{REPORTS}/tables/sources_ids.csv",
        more_ids=expand(f"{REPORTS}/tables/{{name}}_ids.csv", name=COUNTED),
        figures=FIGURES,
        years=f"{REPORTS}/figures/publications_per_year_data.csv",
        figure_data=FIGURE_DATA,
    log:
        f"{OUT}/logs/synthesise.log",
    params:
        code=fingerprint("synthesise"),
        settings=settings("synthesise"),
        codebook=CODES,
        tables=subpath(output.ids, parent=True),
        figures=subpath(output.years, parent=True),
        order="keys:"
        + " ".join(
            KEYS[stage] for stage in ("title", "title_abstract") if stage in KEYS
        ),
        title=option("title"),
    message:
        "Writing tables and figures"
    shell:
        "scoping synthesise {input.receipts:q} --records {input.records:q} --entry-records {input.entry_records:q}"
        " --title-abstract {input.title_abstract:q} --full-text {input.full_text:q} --cells {input.cells:q} --texts {input.texts:q}"
        " --studies {input.studies:q} {params.title:q} --settings {params.settings:q} --codebook {params.codebook:q}"
        " --tables {params.tables:q} --figures {params.figures:q}"
        " > {log:q} 2>&1"


rule map:
    input:
        records=rules.dedupe.output.records,
        title_abstract=rules.resolve_title_abstract.output.states,
        full_text=rules.resolve_full_text.output.states,
        cells=rules.code.output.cells,
        studies=rules.studies.output.studies,
    output:
        html=f"{REPORTS}/map.html",
    log:
        f"{OUT}/logs/map.log",
    params:
        code=fingerprint("map"),
        settings=settings("map"),
        codebook=CODES,
    message:
        "Writing the evidence map"
    shell:
        "scoping map --records {input.records:q} --title-abstract {input.title_abstract:q}"
        " --full-text {input.full_text:q} --cells {input.cells:q} --studies {input.studies:q}"
        " --settings {params.settings:q} --codebook {params.codebook:q} --html {output.html:q}"
        " > {log:q} 2>&1"


rule references:
    input:
        records=rules.dedupe.output.records,
        full_text=rules.resolve_full_text.output.states,
    output:
        lists=expand(
            f"{REPORTS}/references/{{form}}.{{ending}}",
            form=["apa", "numbered"],
            ending=["docx", "html", "txt"],
        ),
        ris=f"{REPORTS}/references/included.ris",
        bib=f"{REPORTS}/references/included.bib",
    log:
        f"{OUT}/logs/references.log",
    params:
        code=fingerprint("references"),
        settings=settings("references"),
        folder=subpath(output.ris, parent=True),
    message:
        "Writing reference lists"
    shell:
        "scoping references --records {input.records:q} --full-text {input.full_text:q}"
        " --settings {params.settings:q} --folder {params.folder:q}"
        " > {log:q} 2>&1"


rule agree:
    input:
        records=rules.dedupe.output.records,
        title=of_stage("title", f"{OUT}/title/independent.csv"),
        title_abstract=f"{OUT}/title_abstract/independent.csv",
        full_text=f"{OUT}/full_text/independent.csv",
        coding=f"{OUT}/coding/independent.csv",
    output:
        tables=expand(f"{REPORTS}/tables/agreement.{{form}}", form=FORMS),
        ids=f"{REPORTS}/tables/agreement_ids.csv",
        drawn=expand(f"{REPORTS}/figures/agreement.{{form}}", form=PRESET.written),
        alt=f"{REPORTS}/figures/agreement.alt.txt",
        caption=f"{REPORTS}/figures/agreement.caption.txt",
        data=f"{REPORTS}/figures/agreement_data.csv",
    log:
        f"{OUT}/logs/agree.log",
    params:
        code=fingerprint("agree"),
        settings=settings("agree"),
        codebook=CODES,
        tables=subpath(output.ids, parent=True),
        figures=subpath(output.data, parent=True),
    message:
        "Comparing what people answered independently"
    shell:
        "scoping agree {input.title:q} {input.title_abstract:q} {input.full_text:q} {input.coding:q} --records {input.records:q}"
        " --settings {params.settings:q} --codebook {params.codebook:q}"
        " --tables {params.tables:q} --figures {params.figures:q}"
        " > {log:q} 2>&1"


rule quotes:
    input:
        texts=expand(rules.extract.output, text=FULLTEXTS),
        records=rules.dedupe.output.records,
        decisions=f"{OUT}/coding/decisions.csv",
        cells=rules.code.output.cells,
        matched=rules.match.output.matched,
        studies=rules.studies.output.studies,
    output:
        quotes=f"{OUT}/coding/quotes.csv",
        csv=f"{REPORTS}/tables/quotes.csv",
        xlsx=f"{REPORTS}/tables/quotes.xlsx",
    log:
        f"{OUT}/logs/quotes.log",
    params:
        code=fingerprint("quotes"),
        settings=settings("quotes"),
        codebook=CODES,
        migrations=MIGRATIONS,
        folder=f"key:{KEYS['coding']}",
        tables=subpath(output.xlsx, parent=True),
    message:
        "Looking up every quote"
    shell:
        "scoping quotes {input.texts:q} --records {input.records:q} --decisions {input.decisions:q}"
        " --cells {input.cells:q} --matched {input.matched:q} --studies {input.studies:q}"
        " --settings {params.settings:q} --codebook {params.codebook:q} --migrations {params.migrations:q}"
        " --quotes {output.quotes:q} --tables {params.tables:q}"
        " > {log:q} 2>&1"


rule suggested:
    input:
        records=rules.dedupe.output.records,
        independent=f"{OUT}/coding/independent.csv",
        switches=rules.suggest.output.switches,
    output:
        csv=f"{REPORTS}/tables/suggestions.csv",
        xlsx=f"{REPORTS}/tables/suggestions.xlsx",
        ids=f"{REPORTS}/tables/suggestions_ids.csv",
    log:
        f"{OUT}/logs/suggested.log",
    params:
        code=fingerprint("suggested"),
        settings=settings("suggested"),
        codebook=CODES,
        migrations=MIGRATIONS,
        tables=subpath(output.ids, parent=True),
    message:
        "Saying what became of suggestions"
    shell:
        "scoping suggested --records {input.records:q} --independent {input.independent:q}"
        " --switches {input.switches:q} --settings {params.settings:q} --codebook {params.codebook:q}"
        " --migrations {params.migrations:q} --tables {params.tables:q}"
        " > {log:q} 2>&1"


rule describe:
    input:
        flow=rules.flow.output.ids,
        records=rules.dedupe.output.records,
        entry_records=rules.dedupe.output.entry_records,
        pairs=rules.dedupe.output.pairs,
        checks=rules.recheck.output.checks,
        title_abstract=rules.resolve_title_abstract.output.states,
        full_text=rules.resolve_full_text.output.states,
        title=TITLES,
        studies=rules.studies.output.studies,
        study_pairs=rules.studies.output.pairs,
        texts=rules.match.output.matched,
        cells=rules.code.output.cells,
        switches=rules.suggest.output.switches,
        decisions=expand(f"{OUT}/{{stage}}/decisions.csv", stage=STAGES),
        independent=expand(f"{OUT}/{{stage}}/independent.csv", stage=STAGES),
        pilots=expand(f"{OUT}/{{stage}}/pilots.csv", stage=STAGES),
        transcripts=of_stage("interviews", f"{OUT}/interviews/cells.csv"),
    output:
        numbers=f"{REPORTS}/text/numbers.csv",
        ids=f"{REPORTS}/text/numbers_ids.csv",
        texts=expand(
            f"{REPORTS}/text/{{name}}.{{form}}",
            name=["methods", "automation", "strategies"],
            form=["docx", "html", "md"],
        ),
        checklists=expand(
            f"{REPORTS}/text/{{name}}.{{form}}",
            name=["prisma_scr", "prisma_s"],
            form=FORMS,
        ),
    log:
        f"{OUT}/logs/describe.log",
    params:
        code=fingerprint("describe"),
        settings=settings("describe"),
        codebook=CODES,
        migrations=MIGRATIONS,
        order=f"key:{KEYS['title_abstract']}",
        decisions=option("decisions"),
        independent=option("independent"),
        pilots=option("pilots"),
        title=option("title"),
        transcripts=option("transcripts"),
        folder=subpath(output.numbers, parent=True),
    message:
        "Writing the methods section and the checklists"
    shell:
        "scoping describe --flow {input.flow:q} --records {input.records:q} --entry-records {input.entry_records:q}"
        " --pairs {input.pairs:q} --checks {input.checks:q}"
        " --title-abstract {input.title_abstract:q} --full-text {input.full_text:q}"
        " --studies {input.studies:q} --study-pairs {input.study_pairs:q} --texts {input.texts:q}"
        " --cells {input.cells:q} --switches {input.switches:q} {params.decisions:q} {params.independent:q}"
        " {params.pilots:q} {params.title:q} {params.transcripts:q} --settings {params.settings:q} --codebook {params.codebook:q}"
        " --migrations {params.migrations:q} --folder {params.folder:q}"
        " > {log:q} 2>&1"


rule health:
    input:
        records=rules.dedupe.output.records,
        title_abstract=rules.resolve_title_abstract.output.states,
        issued=rules.issue_title_abstract.output.issued,
    output:
        measures=f"{OUT}/title_abstract/health.csv",
        tables=expand(
            f"{REPORTS}/tables/{{name}}.{{form}}",
            name=["screening_health", "screening_check"],
            form=FORMS,
        ),
        ids=f"{REPORTS}/tables/screening_health_ids.csv",
        figures=expand(
            f"{REPORTS}/figures/{{name}}.{{ending}}",
            name=["screening_recall", "finds_per_batch"],
            ending=[*PRESET.written, "alt.txt", "caption.txt"],
        ),
        recall=f"{REPORTS}/figures/screening_recall_data.csv",
        finds=f"{REPORTS}/figures/finds_per_batch_data.csv",
    log:
        f"{OUT}/logs/health.log",
    params:
        code=fingerprint("health"),
        settings=settings("health"),
        order=f"key:{KEYS['title_abstract']}",
        tables=subpath(output.ids, parent=True),
        figures=subpath(output.recall, parent=True),
    message:
        "Saying how screening goes"
    shell:
        "scoping health --records {input.records:q} --title-abstract {input.title_abstract:q} --issued {input.issued:q}"
        " --settings {params.settings:q} --measures {output.measures:q}"
        " --tables {params.tables:q} --figures {params.figures:q}"
        " > {log:q} 2>&1"


WRITTEN = [
    *rules.flow.output,
    *rules.recheck.output[2:],
    *rules.synthesise.output,
    *rules.map.output,
    *rules.references.output,
    *rules.agree.output,
    *rules.suggested.output,
    *rules.describe.output,
    *(path for path in rules.health.output if path.startswith(REPORTS)),
]


rule manuscript:
    input:
        **paper.inputs(WRITTEN, REPORTS, paper.MANUSCRIPT),
    output:
        f"{REPORTS}/manuscript.docx",
    log:
        f"{OUT}/logs/manuscript.log",
    params:
        code=fingerprint("manuscript"),
        settings=settings("manuscript"),
    message:
        "Putting the manuscript together"
    shell:
        "scoping manuscript {input.reports:q} --settings {params.settings:q} --document {output:q}"
        " > {log:q} 2>&1"


rule supplement:
    input:
        **paper.inputs(WRITTEN, REPORTS, paper.SUPPLEMENT, paper.DATA),
        codebook="config/codebook.yaml",
    output:
        f"{REPORTS}/supplement.zip",
    log:
        f"{OUT}/logs/supplement.log",
    params:
        code=fingerprint("supplement"),
        settings=settings("supplement"),
        codebook=f"sha256:{preflight.content(Path('config/codebook.yaml'))}",
    message:
        "Packing the supplement"
    shell:
        "scoping supplement {input.reports:q} --codebook-file {input.codebook:q} --settings {params.settings:q} --archive {output:q}"
        " > {log:q} 2>&1"


# Not in the manifest: its pace comes from the ledger's clock, and the manifest is the same whenever a review is played.
rule progress:
    input:
        records=rules.dedupe.output.records,
        entry_records=rules.dedupe.output.entry_records,
        pairs=rules.dedupe.output.pairs,
        title_abstract=rules.resolve_title_abstract.output.states,
        full_text=rules.resolve_full_text.output.states,
        cells=rules.code.output.cells,
        title=TITLES,
        texts=of_stage("doubtful_texts", rules.match.output.matched),
        study_pairs=of_stage("studies", rules.studies.output.pairs),
        studies=of_stage("studies", rules.studies.output.studies),
        transcripts=of_stage("interviews", f"{OUT}/interviews/cells.csv"),
        issued=expand(f"{OUT}/{{stage}}/issued.csv", stage=STAGES),
        independent=expand(f"{OUT}/{{stage}}/independent.csv", stage=STAGES),
        health=rules.health.output.measures,
        # what the page shows of it
        pictures=[rules.health.output.recall, rules.health.output.finds],
    output:
        html=f"{REPORTS}/progress.html",
        xlsx=f"{REPORTS}/progress.xlsx",
    log:
        f"{OUT}/logs/progress.log",
    params:
        code=fingerprint("progress"),
        settings=settings("progress"),
        folders="keys:" + " ".join(KEYS.values()),
        asked=lambda wildcards, input: [
            f"--{name.replace('_', '-')}={path}"
            for name in ("title", "texts", "study_pairs", "studies", "transcripts")
            for path in input[name]
        ],
        issued=option("issued"),
        independent=option("independent"),
    message:
        "Saying how far the work is"
    shell:
        "scoping progress --records {input.records:q} --pairs {input.pairs:q}"
        " --title-abstract {input.title_abstract:q} --full-text {input.full_text:q} --cells {input.cells:q}"
        " {params.asked:q} --health {input.health:q} {params.issued:q} {params.independent:q} --settings {params.settings:q}"
        " --html {output.html:q} --xlsx {output.xlsx:q}"
        " > {log:q} 2>&1"


rule manifest:
    input:
        entries=expand(rules.ingest.output.entries, export=EXPORTS),
        issues=expand(rules.ingest.output.issues, export=EXPORTS),
        receipts=expand(rules.ingest.output.receipts, export=EXPORTS),
        decisions=expand(f"{OUT}/{{stage}}/decisions.csv", stage=STAGES),
        independent=expand(f"{OUT}/{{stage}}/independent.csv", stage=STAGES),
        problems=expand(f"{OUT}/{{stage}}/problems.csv", stage=STAGES),
        issued=expand(
            f"{OUT}/{{stage}}/{{name}}.csv", stage=STAGES, name=["issued", "pilots"]
        ),
        records=rules.dedupe.output,
        rechecked=rules.recheck.output,
        title=rules.resolve_title.output if TITLES else [],
        title_abstract=rules.resolve_title_abstract.output,
        order=rules.rank.output,
        full_text=rules.resolve_full_text.output,
        texts=expand(rules.extract.output, text=FULLTEXTS),
        matched=rules.match.output,
        studies=rules.studies.output,
        cells=rules.code.output,
        suggestions=rules.suggest.output,
        interviews=INTERVIEWS,
        flow=rules.flow.output,
        synthesis=rules.synthesise.output,
        map=rules.map.output,
        references=rules.references.output,
        agreement=rules.agree.output,
        suggested=rules.suggested.output,
        quotes=rules.quotes.output,
        texts_for_authors=rules.describe.output,
        health=rules.health.output,
        manuscript=rules.manuscript.output,
        supplement=rules.supplement.output,
    output:
        f"{REPORTS}/manifest.json",
    log:
        f"{OUT}/logs/manifest.log",
    params:
        code=fingerprint("manifest"),
        settings=settings("manifest"),
        inputs=PEOPLES_FILES,
    message:
        "Writing the manifest"
    shell:
        "scoping manifest {input:q} --inputs {params.inputs:q} --settings {params.settings:q} --manifest {output:q}"
        " > {log:q} 2>&1"


# After all that it links to. Not in the manifest, which it links to as well.
rule front:
    input:
        reports=[
            *WRITTEN,
            *rules.quotes.output[1:],
            *(path for path in INTERVIEWS if path.startswith(REPORTS)),
            *rules.manuscript.output,
            *rules.supplement.output,
            *rules.progress.output,
            *rules.manifest.output,
        ],
    output:
        f"{REPORTS}/review.html",
    log:
        f"{OUT}/logs/front.log",
    params:
        code=fingerprint("front"),
        settings=settings("front"),
        folders="keys:" + " ".join(KEYS.values()),
    message:
        "Writing the front page"
    shell:
        "scoping front {input.reports:q} --settings {params.settings:q} --page {output:q}"
        " > {log:q} 2>&1"


# Last of all: what it does not let pass must not keep anything else from being written.
rule enforce:
    input:
        quotes=rules.quotes.output.quotes,
        manifest=rules.manifest.output,
        progress=rules.progress.output,
        front=rules.front.output,
    output:
        f"{OUT}/coding/enforced",
    log:
        f"{OUT}/logs/enforce.log",
    params:
        code=fingerprint("enforce"),
        settings=settings("enforce"),
    message:
        "Holding the review to its protocol"
    shell:
        "scoping enforce --quotes {input.quotes:q} --settings {params.settings:q} --receipt {output:q}"
        " > {log:q} 2>&1"
