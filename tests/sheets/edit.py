"""Edits issued sheets in LibreOffice Calc and saves them, as `acts.py` says. Run by a Python that can import `uno`.

usage: python3 edit.py job.json, where the job names the sheets, what is filled into them, the acts, the formats to save
in, and the folder to work in. One process of LibreOffice, on a pipe, with a profile of its own, does all acts.
`log.json` in that folder says what each act did, as LibreOffice shows it, not as files say it.
"""

import json
import sys
import time
from pathlib import Path

import acts
from calc import FILTERS, Calc, Tab, UnoException, dump, holds_table, table


def filled(calc, book):
    """A sheet filled whole under its protection; the path of the file."""
    document = calc.open(book["path"])
    for tab in document.Sheets:
        if holds_table(tab):
            Tab(calc, document, tab).write(book["answers"])
    path = Path(book["path"]).with_suffix(".filled.xlsx")
    calc.save(document, path, "xlsx")
    document.close(True)
    return str(path)


def perform(calc, job, act):
    """One act, from opening the file to saving it; what the person sees before and after."""
    book = job["books"][act["book"]]
    function = getattr(acts, act["name"])
    document = calc.open(book["path"] if function.fresh else book["filled"])
    done = {"files": {}, "error": ""}
    try:
        tab = table(calc, document)
        if not function.protected:
            for one in document.Sheets:
                one.unprotect("")
        before = dump(document)
        try:
            found = function(calc, tab, job) or {}
        except UnoException as error:  # the program refuses
            found, done["error"] = {}, f"{type(error).__name__}: {error.Message}"[:200]
        other = found.pop("document", None)
        if other is not None:
            document.close(True)
            document = other
        done.update(found)
        done["shown"] = dump(document)
        done["changed"] = done["shown"] != before
        for kind in act["formats"]:
            path = calc.work / f"{act['name']}.{kind}.{FILTERS[kind][0]}"
            calc.save(document, path, kind)
            done["files"][kind] = str(path)
    finally:
        document.close(True)
    return done


def main():
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    calc = Calc(job["work"])
    log = {}
    try:
        for book in job["books"].values():
            book["filled"] = filled(calc, book)
        for act in job["acts"]:
            start = time.monotonic()
            print(act["name"], end=" ", flush=True)
            log[act["name"]] = perform(calc, job, act)
            print(f"{time.monotonic() - start:.1f} s", flush=True)
    finally:
        calc.stop()
        (calc.work / "log.json").write_text(json.dumps(log, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
