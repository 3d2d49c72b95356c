"""What the items of the stages and the work on them are called, and which stages decide what comes to them."""

UNITS = {
    "duplicates": ("pair", "pairs"),
    "title": ("record", "records"),
    "title_abstract": ("record", "records"),
    "doubtful_texts": ("file and report", "files and reports"),
    "full_text": ("report", "reports"),
    "studies": ("pair or report", "pairs and reports"),
    "coding": ("code of a report", "codes of reports"),
    "interviews": ("code of a transcript", "codes of transcripts"),
}
TASKS = {
    "duplicates": "comparing",
    "title": "screening",
    "title_abstract": "screening",
    "doubtful_texts": "matching",
    "full_text": "screening",
    "studies": "comparing",
    "coding": "coding",
    "interviews": "coding",
}
BEFORE = {
    "title_abstract": ("title",),
    "doubtful_texts": ("title", "title_abstract"),
    "full_text": ("title", "title_abstract"),
    "studies": ("title", "title_abstract", "full_text"),
    "coding": ("title", "title_abstract", "full_text"),
}
