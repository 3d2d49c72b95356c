"""LibreOffice Calc without a screen, and a tab as a person sees it there. For a Python that can import `uno`."""

import subprocess
import time
from contextlib import suppress
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import TableSortField
from com.sun.star.uno import Exception as UnoException

FILTERS = {
    "xlsx": ("xlsx", "Calc MS Excel 2007 XML", ""),
    "ods": ("ods", "calc8", ""),
    "xls": ("xls", "MS Excel 97", ""),
    # separator, quote, character set (76 UTF-8, 1 Windows-1252), … as shown
    "csv": ("csv", "Text - txt - csv (StarCalc)", "44,34,76,1,,0,false,true,false,false,false,0"),
    "csv-cp1252": ("csv", "Text - txt - csv (StarCalc)", "59,34,1,1,,0,false,true,false,false,false,0"),
}
KEY = "Key (leave as it is)"
DECISIONS = ("Decision", "Value")


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def url(path):
    return Path(path).resolve().as_uri()


class Calc:
    """The running program."""

    def __init__(self, work):
        pipe = f"scoping{time.time_ns()}"
        self.work = Path(work)
        command = ["soffice", f"-env:UserInstallation={url(self.work / 'profile')}", "--headless", "--norestore"]
        command += ["--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        context = uno.getComponentContext()
        resolver = context.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(240):
            try:
                self.context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except UnoException:
                time.sleep(0.5)
        else:
            self.process.kill()
            raise TimeoutError("LibreOffice does not answer")
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.dispatcher = self.service("com.sun.star.frame.DispatchHelper")

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def open(self, path, **options):
        return self.desktop.loadComponentFromURL(url(path), "_blank", 0, properties(Hidden=True, **options))

    def new(self):
        return self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))

    def save(self, document, path, kind):
        _, name, options = FILTERS[kind]
        extra = {"FilterOptions": options} if options else {}
        document.storeToURL(url(path), properties(FilterName=name, **extra))

    def stop(self):
        with suppress(UnoException):
            self.desktop.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Tab:
    """A tab with a table, as a person sees it: columns by their headers, rows by their keys. All numbers from 0."""

    def __init__(self, calc, document, tab):
        self.calc, self.document, self.tab = calc, document, tab
        self.look()

    def look(self):
        """Find header, columns and rows anew."""
        rows = texts(self.tab)
        self.header = next(n for n, row in enumerate(rows) if set(row) & set(DECISIONS) and KEY in row)
        self.columns = {text: at for at, text in enumerate(rows[self.header]) if text}
        self.key = self.columns[KEY]
        self.keys = {row[self.key]: n for n, row in enumerate(rows) if n > self.header and row[self.key]}
        self.last = max(self.keys.values())
        self.first = min(self.keys.values())
        self.checkpoints = [n for key, n in self.keys.items() if ".#" in key]
        self.records = [(key, n) for key, n in self.keys.items() if ".#" not in key]
        self.inputs = self.columns.get("Title", self.columns.get("Code", 0))

    def key_at(self, row):
        return next(key for key, n in self.keys.items() if n == row)

    def cell(self, column, row):
        return self.tab.getCellByPosition(column, row)

    def range(self, left, top, right, bottom):
        return self.tab.getCellRangeByPosition(left, top, right, bottom)

    def unprotect(self):
        self.tab.unprotect("")

    def write(self, answers):
        """Put texts into the input columns of their rows, cell by cell, as a person types them."""
        for key, row in self.records:
            for column, text in enumerate(answers.get(key, ())):
                if text:
                    self.cell(column, row).String = text

    def sort(self, left, top, right, bottom, *by, down=False):
        """Sort a range by columns of the sheet."""
        fields = []
        for column in by:
            field = TableSortField()
            field.Field, field.IsAscending = column - left, not down
            fields.append(field)
        wanted = uno.Any("[]com.sun.star.table.TableSortField", tuple(fields))
        self.range(left, top, right, bottom).sort(properties(SortFields=wanted, ContainsHeader=False))

    def type(self, column, row, text):
        """What the keyboard does: the program makes of a text what it makes of it."""
        controller = self.document.CurrentController
        controller.setActiveSheet(self.tab)
        controller.select(self.cell(column, row))
        self.calc.dispatcher.executeDispatch(controller.Frame, ".uno:EnterString", "", 0, properties(StringName=text))

    def copied(self, *ranges):
        """The texts of a range, row by row."""
        return [list(row) for row in self.range(*ranges).getDataArray()]

    def paste(self, column, row, texts_):
        """Paste texts; blanks too."""
        right, bottom = column + len(texts_[0]) - 1, row + len(texts_) - 1
        self.range(column, row, right, bottom).setDataArray(tuple(tuple(line) for line in texts_))


def texts(tab):
    """All that a tab shows."""
    cursor = tab.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.getRangeAddress()
    shown = tab.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow).getDataArray()
    return [[text if isinstance(text, str) else repr(text) for text in row] for row in shown]


def dump(document):
    """What a document shows, tab by tab; hidden lists and the counter above the table are left out."""
    return {
        tab.Name: [row for n, row in enumerate(texts(tab)) if n and any(row)]
        for tab in document.Sheets
        if tab.IsVisible
    }


def table(calc, document):
    """The first tab with a table."""
    return next(Tab(calc, document, tab) for tab in document.Sheets if holds_table(tab))


def holds_table(tab):
    return any(set(row) & set(DECISIONS) and KEY in row for row in texts(tab)[:20])
