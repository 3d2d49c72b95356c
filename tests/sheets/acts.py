"""What people do to sheets, one function an act. Each gets the program, the first tab with a table, and the job.

An act may return `removed` (keys of rows whose answer was never put in or was taken out on purpose), `said` (key → what
its person means now), `fields` (input columns that were taken out whole), and `document` (the book to save instead).
Unless it is `protected`, the person has taken the protection off; unless it is `fresh`, the sheet is filled whole.
"""

import uno
from calc import FILTERS, Tab, holds_table, table, texts
from com.sun.star.lang import Locale

UP = uno.Enum("com.sun.star.sheet.CellDeleteMode", "UP")
DOWN = uno.Enum("com.sun.star.sheet.CellInsertMode", "DOWN")
TO_BOTTOM = uno.Enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM")
EQUAL = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
VALUES = 1 | 2 | 4 | 16  # numbers, dates, texts, formulas


def act(function=None, *, protected=False, fresh=False):
    """Marks an act."""

    def mark(function):
        function.protected, function.fresh = protected, fresh
        return function

    return mark(function) if function else mark


def under_protection(name, function):
    """The same act, tried on the protected sheet."""

    def tried(calc, tab, job):
        return function(calc, tab, job)

    tried.__name__ = name
    return act(tried, protected=True)


def answers(job, key):
    sheet = ".".join(key.split(".")[:2])
    return job["books"][sheet]["answers"][key]


# --- filling ---------------------------------------------------------------------------------------------------------


@act(protected=True)
def filled_whole(calc, tab, job):
    """Nothing but the filling."""


@act(protected=True, fresh=True)
def filled_half(calc, tab, job):
    half = [key for key, row in tab.records if row <= (tab.first + tab.last) // 2]
    tab.write({key: answers(job, key) for key in half})
    return {"removed": [key for key, _ in tab.records if key not in half]}


@act(protected=True, fresh=True)
def typed_on_the_keyboard(calc, tab, job):
    """Every answer goes through the program's own input, which may make something else of it."""
    for key, row in tab.records:
        for column, text in enumerate(answers(job, key)):
            if text and not text.startswith("=") and "\n" not in text:
                tab.type(column, row, text)
            elif text:
                tab.cell(column, row).String = text


@act(protected=True, fresh=True)
def filtered_and_filled(calc, tab, job):
    """Only what a filter on the year leaves visible is filled."""
    year = tab.columns["Year"]
    wanted = [tab.cell(year, row).String for _, row in tab.records][::3][:12]
    chosen = [key for key, row in tab.records if tab.cell(year, row).String in wanted]
    shown = {tab.keys[key] for key in chosen}
    for row in range(tab.first, tab.last + 1):
        tab.tab.Rows.getByIndex(row).IsVisible = row in shown
    tab.write({key: answers(job, key) for key in chosen})
    return {"removed": [key for key, _ in tab.records if key not in chosen]}


@act
def filtered(calc, tab, job):
    """The filter of the program itself hides all but the included; then the visible cells get a note."""
    descriptor = tab.range(0, tab.header, tab.key, tab.last).createFilterDescriptor(True)
    wanted = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
    wanted.Field, wanted.Operator, wanted.IsNumeric, wanted.StringValue = 0, EQUAL, False, "include"
    descriptor.setFilterFields((wanted,))
    descriptor.ContainsHeader = True
    tab.range(0, tab.header, tab.key, tab.last).filter(descriptor)
    said = {}
    for key, row in tab.records:
        if tab.tab.Rows.getByIndex(row).IsVisible:
            tab.cell(2, row).String = "seen again"
            said[key] = [*answers(job, key)[:2], "seen again"]
    assert 0 < len(said) < len(tab.records)
    return {"said": said}


@act
def rows_hidden(calc, tab, job):
    for row in range(tab.first + 20, tab.first + 60):
        tab.tab.Rows.getByIndex(row).IsVisible = False
    assert not tab.cell(0, tab.first + 30).Rows.getByIndex(0).IsVisible


# --- sorting ---------------------------------------------------------------------------------------------------------


@act
def sorted_whole_by_decision(calc, tab, job):
    tab.sort(0, tab.first, tab.key, tab.last, 0)


@act
def sorted_whole_by_title(calc, tab, job):
    tab.sort(0, tab.first, tab.key, tab.last, tab.columns["Title"])


@act
def sorted_decisions_only(calc, tab, job):
    tab.sort(0, tab.first, 0, tab.last, 0)


sorted_decisions_only_protected = under_protection("sorted_decisions_only_protected", sorted_decisions_only)


@act
def sorted_decisions_down(calc, tab, job):
    tab.sort(0, tab.first, 0, tab.last, 0, down=True)


@act
def sorted_decisions_and_reasons(calc, tab, job):
    tab.sort(0, tab.first, 1, tab.last, 0, 1)


sorted_decisions_and_reasons_protected = under_protection(
    "sorted_decisions_and_reasons_protected", sorted_decisions_and_reasons
)


@act
def sorted_inputs_from_first_record(calc, tab, job):
    tab.sort(0, tab.first + 1, tab.inputs - 1, tab.last, 0)


@act
def sorted_part_across_checkpoints(calc, tab, job):
    tab.sort(0, tab.first + 15, 0, tab.first + 50, 0)


@act
def sorted_notes_only(calc, tab, job):
    tab.sort(2, tab.first, 2, tab.last, 2)


@act
def sorted_inside_a_block(calc, tab, job):
    above, below = tab.checkpoints[4:6]
    tab.sort(0, above + 1, 0, below - 1, 0)


sorted_inside_a_block_protected = under_protection("sorted_inside_a_block_protected", sorted_inside_a_block)


@act(fresh=True)
def sorted_titles_only_then_filled(calc, tab, job):
    """The titles are sorted by themselves; whoever fills goes by the title that stands there."""
    column = tab.columns["Title"]
    mine = {tab.cell(column, row).String: answers(job, key) for key, row in tab.records}
    tab.sort(column, tab.first, column, tab.last, column)
    for _, row in tab.records:
        for at, text in enumerate(mine.get(tab.cell(column, row).String, ())):
            tab.cell(at, row).String = text


@act(fresh=True)
def sorted_titles_inside_a_block_then_filled(calc, tab, job):
    column = tab.columns["Title"]
    mine = {tab.cell(column, row).String: answers(job, key) for key, row in tab.records}
    above, below = tab.checkpoints[3:5]
    tab.sort(column, above + 1, column, below - 1, column)
    for _, row in tab.records:
        for at, text in enumerate(mine.get(tab.cell(column, row).String, ())):
            tab.cell(at, row).String = text


@act
def sorted_keys_only(calc, tab, job):
    tab.sort(tab.key, tab.first, tab.key, tab.last, tab.key)


@act
def sorted_keys_inside_a_block(calc, tab, job):
    above, below = tab.checkpoints[4:6]
    tab.sort(tab.key, above + 1, tab.key, below - 1, tab.key)


@act
def sorted_by_title_then_part_of_decisions(calc, tab, job):
    """Once whole rows were sorted, the grey rows stand together and no longer between the records."""
    tab.sort(0, tab.first, tab.key, tab.last, tab.columns["Title"])
    tab.look()
    tab.sort(0, max(tab.checkpoints) + 1, 0, tab.last, 0)


@act
def sorted_by_year_then_all_decisions(calc, tab, job):
    """The grey rows have no year, so they go below the records; then the decisions of all records are sorted alone."""
    tab.sort(0, tab.first, tab.key, tab.last, tab.columns["Year"])
    tab.look()
    tab.sort(0, tab.first, 1, min(tab.checkpoints) - 1, 0)


@act
def sorted_whole_by_year_then_by_decision(calc, tab, job):
    tab.sort(0, tab.first, tab.key, tab.last, tab.columns["Year"])
    tab.look()
    tab.sort(0, tab.first, tab.key, tab.last, 0)


# --- rows and columns ------------------------------------------------------------------------------------------------


@act
def one_row_deleted(calc, tab, job):
    key, row = tab.records[33]
    tab.tab.Rows.removeByIndex(row, 1)
    return {"removed": [key]}


@act
def many_rows_deleted(calc, tab, job):
    gone = [key for key, row in tab.records if tab.first + 30 <= row < tab.first + 70]
    tab.tab.Rows.removeByIndex(tab.first + 30, 40)
    return {"removed": gone}


@act
def checkpoint_rows_deleted(calc, tab, job):
    for row in reversed(tab.checkpoints):
        tab.tab.Rows.removeByIndex(row, 1)


@act
def some_checkpoint_rows_deleted(calc, tab, job):
    for row in reversed(tab.checkpoints[2:6]):
        tab.tab.Rows.removeByIndex(row, 1)


@act
def checkpoint_rows_deleted_and_decisions_sorted(calc, tab, job):
    for row in reversed(tab.checkpoints[1:-1]):
        tab.tab.Rows.removeByIndex(row, 1)
    tab.look()
    tab.sort(0, tab.first + 1, 0, tab.last - 1, 0)


@act
def rows_inserted(calc, tab, job):
    tab.tab.Rows.insertByIndex(tab.first + 25, 3)
    tab.cell(3, tab.first + 26).String = "up to here on Monday"
    tab.tab.Rows.insertByIndex(0, 4)
    tab.cell(0, 0).String = "Anna's copy, do not touch"


@act
def a_row_moved(calc, tab, job):
    """A whole row is cut and pasted elsewhere."""
    source = tab.records[12][1]
    tab.tab.Rows.insertByIndex(tab.last - 5, 1)
    moved = tab.range(0, source, tab.key, source).getRangeAddress()
    tab.tab.moveRange(tab.cell(0, tab.last - 5).getCellAddress(), moved)


@act
def rows_pasted_twice_with_other_answers(calc, tab, job):
    rows = tab.copied(0, tab.first + 12, tab.key, tab.first + 19)
    for row in rows:
        row[0] = "exclude" if row[0] != "exclude" else "include"
    tab.paste(0, tab.last + 2, rows)


@act
def rows_pasted_twice(calc, tab, job):
    tab.paste(0, tab.last + 2, tab.copied(0, tab.first + 12, tab.key, tab.first + 19))


@act
def column_inserted(calc, tab, job):
    tab.tab.Columns.insertByIndex(1, 1)
    tab.cell(1, tab.header).String = "my thoughts"
    tab.cell(1, tab.first + 4).String = "exclude?"


@act
def columns_moved(calc, tab, job):
    """The decisions to the far right, the key to the far left."""
    tab.tab.Columns.insertByIndex(0, 1)
    for source, target in ((tab.key + 1, 0), (1, tab.key + 2)):
        moved = tab.range(source, tab.header, source, tab.last).getRangeAddress()
        tab.tab.moveRange(tab.cell(target, tab.header).getCellAddress(), moved)


@act
def key_column_deleted(calc, tab, job):
    tab.tab.Columns.removeByIndex(tab.key, 1)


@act
def reason_column_deleted(calc, tab, job):
    tab.tab.Columns.removeByIndex(1, 1)
    return {"fields": ["reason"]}


@act
def shown_columns_deleted(calc, tab, job):
    tab.tab.Columns.removeByIndex(tab.inputs, tab.key - tab.inputs)


# --- tabs and books --------------------------------------------------------------------------------------------------


@act
def tab_renamed(calc, tab, job):
    tab.tab.Name = "Anna's فرم – Kopie"


@act
def guide_deleted(calc, tab, job):
    for name in tab.document.Sheets.ElementNames:
        if name != tab.tab.Name:
            tab.document.Sheets.removeByName(name)


@act
def values_copied_to_a_new_book(calc, tab, job):
    rows = texts(tab.tab)
    other = calc.new()
    target = other.Sheets.getByIndex(0)
    target.getCellRangeByPosition(0, 0, len(rows[0]) - 1, len(rows) - 1).setDataArray(tuple(map(tuple, rows)))
    return {"document": other}


@act
def pasted_into_a_new_book(calc, tab, job):
    """Through the clipboard: formats, validity and texts."""
    controller = tab.document.CurrentController
    controller.setActiveSheet(tab.tab)
    controller.select(tab.range(0, tab.header, tab.key, tab.last))
    clip = controller.getTransferable()
    other = calc.new()
    other.CurrentController.select(other.Sheets.getByIndex(0).getCellByPosition(1, 2))
    other.CurrentController.insertTransferable(clip)
    return {"document": other}


@act
def tab_copied_to_a_new_book(calc, tab, job):
    other = calc.new()
    other.Sheets.importSheet(tab.document, tab.tab.Name, 0)
    return {"document": other}


@act
def two_people_in_one_book(calc, tab, job):
    ben = calc.open(job["books"]["ta01.ben"]["filled"])
    tab.document.Sheets.importSheet(ben, "Screening", 1)
    ben.close(True)


@act
def two_people_on_one_tab(calc, tab, job):
    ben = calc.open(job["books"]["ta01.ben"]["filled"])
    theirs = table(calc, ben)
    rows = theirs.copied(0, theirs.first, theirs.key, theirs.last)
    ben.close(True)
    tab.paste(0, tab.last + 1, rows)


@act
def tab_copied_within_the_book(calc, tab, job):
    tab.document.Sheets.copyByName(tab.tab.Name, "before lunch", 1)


@act
def copied_tab_changed(calc, tab, job):
    tab.document.Sheets.copyByName(tab.tab.Name, "before lunch", 1)
    copy = Tab(calc, tab.document, tab.document.Sheets.getByName("before lunch"))
    for _, row in copy.records[:3]:
        copy.cell(0, row).String = "exclude" if copy.cell(0, row).String != "exclude" else "include"


# --- merging, pasting, shifting --------------------------------------------------------------------------------------


@act
def decisions_merged(calc, tab, job):
    """One answer over three rows that are meant to have it; what stood in the other two is emptied."""
    above = next(n for n in tab.checkpoints[3:] if tab.cell(0, n + 2).String == "include")
    tab.range(0, above + 3, 1, above + 4).clearContents(VALUES)
    tab.range(0, above + 2, 0, above + 4).merge(True)
    assert tab.cell(0, above + 2).IsMerged
    merged = [tab.key_at(row) for row in (above + 3, above + 4)]
    return {"said": {key: ["include", "", answers(job, key)[2]] for key in merged}}


@act
def inputs_merged_across(calc, tab, job):
    row = tab.records[20][1]
    tab.range(0, row, 1, row).merge(True)
    assert tab.cell(0, row).IsMerged


@act
def decisions_pasted_one_row_off(calc, tab, job):
    block = tab.copied(0, tab.first + 14, 1, tab.first + 44)
    tab.paste(0, tab.first + 15, block)


@act
def decisions_pasted_one_row_off_inside_a_block(calc, tab, job):
    above = tab.checkpoints[4]
    tab.paste(0, above + 4, tab.copied(0, above + 3, 1, above + 8))


@act
def overwritten_by_answers_of_another(calc, tab, job):
    ben = calc.open(job["books"]["ta01.ben"]["filled"])
    theirs = table(calc, ben)
    block = theirs.copied(0, theirs.first + 20, 2, theirs.first + 60)
    ben.close(True)
    tab.paste(0, tab.first + 20, block)


@act
def overwritten_by_rows_of_another(calc, tab, job):
    ben = calc.open(job["books"]["ta01.ben"]["filled"])
    theirs = table(calc, ben)
    block = theirs.copied(0, theirs.first + 20, theirs.key, theirs.first + 60)
    ben.close(True)
    tab.paste(0, tab.first + 20, block)


@act
def cell_deleted_and_shifted_up(calc, tab, job):
    row = tab.records[17][1]
    tab.tab.removeRange(tab.range(0, row, 0, row).getRangeAddress(), UP)


cell_deleted_and_shifted_up_protected = under_protection(
    "cell_deleted_and_shifted_up_protected", cell_deleted_and_shifted_up
)


@act
def cells_inserted_and_shifted_down(calc, tab, job):
    row = tab.records[17][1]
    tab.tab.insertCells(tab.range(0, row, 1, row + 1).getRangeAddress(), DOWN)


cells_inserted_and_shifted_down_protected = under_protection(
    "cells_inserted_and_shifted_down_protected", cells_inserted_and_shifted_down
)


@act
def dragged_over_thirty_rows(calc, tab, job):
    tab.range(0, tab.first + 13, 0, tab.first + 43).fillAuto(TO_BOTTOM, 1)


dragged_over_thirty_rows_protected = under_protection("dragged_over_thirty_rows_protected", dragged_over_thirty_rows)


@act
def keys_dragged(calc, tab, job):
    """The program counts up what ends in a digit, so that keys become others."""
    tab.range(tab.key, tab.first + 13, tab.key, tab.first + 20).fillAuto(TO_BOTTOM, 1)


@act
def answers_cleared(calc, tab, job):
    gone = [tab.records[n] for n in (5, 40, 41, 77)]
    for _, row in gone:
        tab.range(0, row, 2, row).clearContents(VALUES)
    return {"removed": [key for key, _ in gone]}


@act(protected=True)
def refused_edit_undone(calc, tab, job):
    """A forbidden edit is refused; the person presses undo, which takes back the last answer that was typed."""
    row = next(row for key, row in tab.records if not answers(job, key)[0])
    title = tab.cell(tab.columns["Title"], row).String
    tab.type(0, row, "include")
    tab.type(tab.columns["Title"], row, "another title")
    assert (tab.cell(0, row).String, tab.cell(tab.columns["Title"], row).String) == ("include", title)
    tab.document.getUndoManager().undo()
    assert (tab.cell(0, row).String, tab.cell(tab.columns["Title"], row).String) == ("", title)


# --- headers, keys, words --------------------------------------------------------------------------------------------


@act
def header_translated(calc, tab, job):
    for column, text in enumerate(("تصمیم", "Grund", "Bemerkung", "Titel")):
        tab.cell(column, tab.header).String = text


@act
def header_of_notes_translated(calc, tab, job):
    tab.cell(2, tab.header).String = "Bemerkung"


@act
def header_by_synonyms(calc, tab, job):
    for column, text in enumerate(("Vote", "Exclusion reason ", "COMMENTS")):
        tab.cell(column, tab.header).String = text


@act
def header_removed(calc, tab, job):
    tab.tab.Rows.removeByIndex(tab.header, 1)


@act
def one_key_cut(calc, tab, job):
    row = tab.records[8][1]
    tab.cell(tab.key, row).String = tab.cell(tab.key, row).String[:-1]


@act
def keys_blanked(calc, tab, job):
    for n in (8, 50):
        tab.cell(tab.key, tab.records[n][1]).String = ""


@act
def keys_swapped(calc, tab, job):
    """Keys of rows in different blocks change places: every key is whole, and none is where it was."""
    for a, b in ((3, 95), (28, 61)):
        one, other = tab.cell(tab.key, tab.records[a][1]), tab.cell(tab.key, tab.records[b][1])
        one.String, other.String = other.String, one.String


@act
def ids_retyped(calc, tab, job):
    """Somebody mends keys by hand with the id of the next row, and the check no longer fits."""
    rows = [row for key, row in tab.records if answers(job, key)[0]]
    for row, other in ((rows[70], rows[71]), (rows[71], rows[70])):
        mine, theirs = tab.key_at(row).split("."), tab.key_at(other).split(".")
        tab.cell(tab.key, row).String = ".".join([*mine[:2], theirs[2], mine[3]])


@act
def one_key_copied_over_another(calc, tab, job):
    tab.cell(tab.key, tab.records[60][1]).String = tab.cell(tab.key, tab.records[10][1]).String


@act
def case_and_blanks(calc, tab, job):
    forms = (str.upper, str.title, "{} ".format, "  {}".format, "{}\u00a0".format, "\u200b{}".format, "{}\n".format)
    for n, (_, row) in enumerate(tab.records):
        for column in (0, 1):
            cell = tab.cell(column, row)
            if cell.String:
                cell.String = forms[(n + column) % len(forms)](cell.String)


@act
def corrected_automatically(calc, tab, job):
    """As the program corrects while one types: a capital first, and what it takes for a mistake."""
    said = {}
    for n, (key, row) in enumerate(tab.records):
        cell = tab.cell(0, row)
        if cell.String:
            cell.String = cell.String[0].upper() + cell.String[1:]
        if n in (4, 44, 84):
            cell.String = ("Inclusive", "Excluded.", "Unsure…")[n // 40]
            said[key] = answers(job, key)
    return {"said": said}


@act
def numbers_and_dates_typed(calc, tab, job):
    for n, text in ((2, "1"), (3, "0"), (14, "TRUE"), (15, "2026-02-20"), (16, "1.5"), (40, "50%")):
        tab.cell(0, tab.records[n][1]).NumberFormat = 0
        tab.cell(0, tab.records[n][1]).Formula = text


@act
def numbers_in_notes(calc, tab, job):
    said = {}
    for n, text in enumerate(("12", "007", "12/3", "1E5")):
        key, row = [at for at in tab.records if answers(job, at[0])[0]][n * 9]
        tab.type(2, row, text)
        said[key] = [*answers(job, key)[:2], text]
    return {"said": said}


@act
def found_and_replaced(calc, tab, job):
    """Whole cells only."""
    replace(tab, "exclude", "Excluded", whole=True)


@act
def found_and_replaced_in_headers(calc, tab, job):
    """Also in `Reason (if excluded)`."""
    replace(tab, "exclude", "out")


@act
def found_and_replaced_in_keys(calc, tab, job):
    replace(tab, ".", ". ")


@act
def found_and_replaced_in_some_keys(calc, tab, job):
    """Every 7 of the sheet becomes a 1."""
    replace(tab, "7", "1")


def replace(tab, old, new, whole=False):
    descriptor = tab.tab.createReplaceDescriptor()
    descriptor.SearchWords = whole
    descriptor.SearchString, descriptor.ReplaceString = old, new
    assert tab.tab.replaceAll(descriptor)


@act
def formulas_of_decisions(calc, tab, job):
    """`=A7`: the answer of another row, by a formula."""
    source = next(row for key, row in tab.records if answers(job, key)[0] == "include")
    said = {}
    for n in (11, 52, 90):
        key, row = tab.records[n]
        if row != source:
            tab.cell(0, row).NumberFormat = 0
            tab.cell(0, row).Formula = f"=A{source + 1}"
            said[key] = ["include", *answers(job, key)[1:]]
    return {"said": said}


def changed(tab, chosen):
    """Other answers in some rows."""
    for n in chosen:
        cell = tab.cell(0, tab.records[n][1])
        cell.String = "unsure" if cell.String != "unsure" else "include"
        tab.cell(1, tab.records[n][1]).String = ""


@act
def outdated_copy(calc, tab, job):
    """A copy in which some answers are others."""
    changed(tab, range(3, 9))


@act
def other_outdated_copy(calc, tab, job):
    changed(tab, range(30, 36))


@act
def formula_of_a_checkpoint(calc, tab, job):
    tab.cell(0, tab.first + 3).NumberFormat = 0
    tab.cell(0, tab.first + 3).Formula = f"=A{tab.first + 1}"


@act
def formula_with_an_error(calc, tab, job):
    tab.cell(0, tab.records[6][1]).NumberFormat = 0
    tab.cell(0, tab.records[6][1]).Formula = "=1/0"


@act
def german_document(calc, tab, job):
    tab.document.StyleFamilies.getByName("CellStyles").getByName("Default").CharLocale = Locale("de", "DE", "")
    tab.document.CharLocale = Locale("de", "DE", "")
    tab.range(0, 0, tab.key, tab.last).CharLocale = Locale("de", "DE", "")
    said = {}
    for n, text in ((30, "1,5"), (31, "20.02.2026"), (32, "wahr")):
        key, row = tab.records[n]
        tab.type(2, row, text)
        said[key] = [*answers(job, key)[:2], text]
    return {"said": said}


@act
def commented_and_coloured(calc, tab, job):
    for n in (1, 30, 60):
        cell = tab.cell(0, tab.records[n][1])
        tab.tab.Annotations.insertNew(cell.getCellAddress(), "include? ask Bo")
        cell.CellBackColor = 0xFF0000


# --- through other formats -------------------------------------------------------------------------------------------


def through(calc, tab, kind, **options):
    path = calc.work / f"between.{kind}.{FILTERS[kind][0]}"
    calc.save(tab.document, path, kind)
    return {"document": calc.open(path, **options)}


@act
def by_way_of_ods(calc, tab, job):
    return through(calc, tab, "ods")


@act
def by_way_of_xls(calc, tab, job):
    return through(calc, tab, "xls")


@act
def by_way_of_ods_twice(calc, tab, job):
    found = through(calc, tab, "ods")
    path = calc.work / "twice.ods"
    calc.save(found["document"], path, "ods")
    found["document"].close(True)
    return {"document": calc.open(path)}


@act
def by_way_of_csv(calc, tab, job):
    """Opened as the program proposes: of texts it makes numbers."""
    return through(calc, tab, "csv", FilterName=FILTERS["csv"][1], FilterOptions="44,34,76,1")


@act
def by_way_of_csv_as_if_western(calc, tab, job):
    """UTF-8 opened as Windows-1252: no letter beyond ASCII survives, in no grey row either."""
    return through(calc, tab, "csv", FilterName=FILTERS["csv"][1], FilterOptions="44,34,1,1")


# --- coding, a tab a study -------------------------------------------------------------------------------------------


@act(protected=True)
def coded_whole(calc, tab, job):
    """Nothing but the filling."""


@act
def coded_one_study_alone(calc, tab, job):
    for name in tab.document.Sheets.ElementNames:
        if name != tab.tab.Name:
            tab.document.Sheets.removeByName(name)
    return {"removed": [key for key in job["books"]["co02.anna"]["answers"] if key not in tab.keys]}


@act
def coded_tabs_moved_and_renamed(calc, tab, job):
    names = list(tab.document.Sheets.ElementNames)
    tab.document.Sheets.moveByName(names[3], 0)
    tab.document.Sheets.getByName(names[1]).Name = "done"


@act
def coded_tab_deleted(calc, tab, job):
    tab.document.Sheets.removeByName(tab.tab.Name)
    return {"removed": [key for key, _ in tab.records]}


@act
def coded_tab_sorted_whole(calc, tab, job):
    tab.sort(0, tab.first, tab.key, tab.last, 0)


@act
def coded_values_sorted(calc, tab, job):
    tab.sort(0, tab.first, 0, tab.last, 0)


@act(fresh=True)
def coded_codes_sorted_then_filled(calc, tab, job):
    """The column of codes by itself, downwards; whoever codes goes by the code that stands there."""
    column = tab.columns["Code"]
    mine = {tab.cell(column, row).String: answers(job, key) for key, row in tab.records}
    tab.sort(column, tab.first, column, tab.last, column, down=True)
    for _, row in tab.records:
        for at, text in enumerate(mine.get(tab.cell(column, row).String, ())):
            tab.cell(at, row).String = text
    return {"removed": [key for key in job["books"]["co02.anna"]["answers"] if key not in tab.keys]}


@act
def coded_quotes_pasted_one_row_off(calc, tab, job):
    tab.paste(2, tab.first + 4, tab.copied(2, tab.first + 3, 3, tab.last - 6))


@act
def coded_tab_pasted_over_another(calc, tab, job):
    """The inputs of one study over those of the next."""
    other = [one for one in tab.document.Sheets if holds_table(one)][1]
    target = Tab(calc, tab.document, other)
    target.paste(0, target.first, tab.copied(0, tab.first, tab.inputs - 1, tab.last))


@act
def coded_rows_of_one_study_under_another(calc, tab, job):
    """Two studies on one tab: rows keep their keys."""
    other = [one for one in tab.document.Sheets if holds_table(one)][1]
    source = Tab(calc, tab.document, other)
    tab.paste(0, tab.last + 1, source.copied(0, source.first, source.key, source.last))
    tab.document.Sheets.removeByName(other.Name)
