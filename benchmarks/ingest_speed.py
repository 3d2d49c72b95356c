"""How fast `scoping ingest` is and how much memory it takes, beside other readers on the same made-up files.

Each measurement is a process of its own: `scoping ingest` with its tables written, as the workflow calls it; reading
alone, which ends with the entries in the processes that read them, as the table is made there; and for each peer
(`ingest_peers`) a script that reads the file into the peer's records. Ours use two processes for a large file. Time is the
clock's, and beside it that of the processors, which tells more where a machine has other work to do, too; memory is the
peak of what the process and its children hold together (`/proc`, Linux), and at least the largest resident size of one of
them. The files are the same at every run.

The others end with the entries of a file, as reading alone does: so that is what has to be as fast as is promised. The
whole command makes fields, ids and the table beside that, and its ratio stands first in the last column. Memory is judged
for the whole command.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import ingest_peers

_CLAIMS = '{"claims":{"made_up":{"reported":null,"encoding":""}}}'
PROCESSES = 2
_READ = """
import gc, sys
from functools import partial
from pathlib import Path
from scoping import files, ingest, readers
def read(data, opened, piece):
    gc.disable()  # as scoping.ingest does
    return len(readers.read_piece(data[piece.start : piece.end], opened, piece).entries)
data = files.Slices(Path(sys.argv[1]))
opened = readers.begin(data, trusting=True)  # as well
print(sum(ingest.side_by_side(partial(read, data, opened), readers.cut(data, opened), int(sys.argv[2]))))
"""
_EVERY = 0.05  # seconds between two looks at the memory
_WORDS = [
    "councils", "evidence", "policy", "health", "local", "broker", "briefs", "advice", "research", "knowledge", "exchange",
    "officers", "members", "nurses", "practice", "uptake", "ministers", "review", "network", "dialogue", "trust", "public",
    "data", "team", "region", "service", "water", "housing", "café", "Zürich",
]  # fmt: skip
_NAMES = [
    "Marsh", "Osei", "Velde", "Łoś", "Müller", "Okafor", "García", "Tanaka", "Lindqvist", "Banerjee", "O'Neill", "Nakamura",
]  # fmt: skip


@dataclass(frozen=True)
class Item:
    """What one made-up entry says."""

    number: int
    title: str
    abstract: str
    people: list[tuple[str, str]]
    words: list[str]

    @property
    def year(self) -> int:
        return 1990 + self.number % 35

    @property
    def doi(self) -> str:
        return f"10.5555/made.{self.number}"


def items(number: int) -> Iterator[Item]:
    chance = random.Random(1)
    for at in range(1, number + 1):
        text = [chance.choice(_WORDS) for _ in range(190)]
        people = [(chance.choice(_NAMES), f"{chance.choice('ABCDEFGH')}. {chance.choice('JKLM')}.") for _ in range(4)]
        yield Item(at, " ".join(text[:12]).capitalize(), f"{' '.join(text[12:]).capitalize()}.", people, text[20:25])


def ris(item: Item) -> str:
    people = "".join(f"AU  - {family}, {given}\n" for family, given in item.people)
    words = "".join(f"KW  - {word}\n" for word in item.words)
    return (
        f"TY  - JOUR\n{people}TI  - {item.title}\nT2  - Made-up Journal of Policy\nPY  - {item.year}\nVL  - 12\nIS  - 3\n"
        f"SP  - 101\nEP  - 119\nDO  - {item.doi}\n{words}AB  - {item.abstract}\nER  - \n\n"
    )


def nbib(item: Item) -> str:
    people = "".join(f"FAU - {family}, {given}\nAU  - {family} {given[0]}\n" for family, given in item.people)
    words = "".join(f"OT  - {word}\n" for word in item.words)
    return (
        f"PMID- {30_000_000 + item.number}\nOWN - NLM\nSTAT- MEDLINE\nDP  - {item.year} May\n{_folded('TI', item.title)}"
        f"{_folded('AB', item.abstract)}{people}LA  - eng\nPT  - Journal Article\nTA  - Made Up J\nJT  - Made-up Journal of "
        f"Policy\n{words}PG  - 101-119\nLID - {item.doi} [doi]\nSO  - Made Up J. {item.year} May;12(3):101-119.\n\n"
    )


def _folded(tag: str, text: str) -> str:
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 80:
            lines.append("")
        lines[-1] += f" {word}"
    return f"{tag:4}-" + "\n     ".join(lines) + "\n"


def wos(item: Item) -> str:
    people = "\n   ".join(f"{family}, {given}" for family, given in item.people)
    return (
        f"PT J\nAU {people}\nAF {people}\nTI {item.title}\nSO MADE-UP JOURNAL OF POLICY\nLA English\nDT Article\n"
        f"DE {'; '.join(item.words)}\nAB {item.abstract}\nPY {item.year}\nVL 12\nIS 3\nBP 101\nEP 119\nDI {item.doi}\n"
        f"UT WOS:{item.number:015d}\nER\n\n"
    )


def bibtex(item: Item) -> str:
    people = " and ".join(f"{family}, {given}" for family, given in item.people)
    return (
        f"@article{{made{item.number},\n  author = {{{people}}},\n  title = {{{item.title}}},\n"
        f"  journal = {{Made-up Journal of Policy}},\n  year = {{{item.year}}},\n  volume = {{12}},\n  number = {{3}},\n"
        f"  pages = {{101--119}},\n  doi = {{{item.doi}}},\n  keywords = {{{'; '.join(item.words)}}},\n"
        f"  abstract = {{{item.abstract}}}\n}}\n\n"
    )


def table(item: Item) -> str:
    people = "; ".join(f"{family}, {given}" for family, given in item.people)
    cells = (people, item.title, item.year, "Made-up Journal of Policy", "12", "3", "101", "119", item.doi,
             item.abstract, "; ".join(item.words), "Article", f"2-s2.0-{85_000_000_000 + item.number}")  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def xml(item: Item) -> str:
    people = "".join(f"<author><style>{escape(family)}, {given}</style></author>" for family, given in item.people)
    words = "".join(f"<keyword><style>{word}</style></keyword>" for word in item.words)
    return (
        f'<record><source-app name="EndNote" version="20.0">EndNote</source-app><rec-number>{item.number}</rec-number>'
        f'<ref-type name="Journal Article">17</ref-type><contributors><authors>{people}</authors></contributors><titles>'
        f"<title><style>{item.title}</style></title></titles><periodical><full-title>Made-up Journal of Policy</full-title>"
        f"</periodical><pages>101-119</pages><volume>12</volume><number>3</number><keywords>{words}</keywords><dates>"
        f"<year>{item.year}</year></dates><abstract><style>{item.abstract}</style></abstract>"
        f"<electronic-resource-num>{item.doi}</electronic-resource-num></record>\n"
    )


@dataclass(frozen=True)
class Made:
    """How a file of a format is made, and the peers that read it."""

    entry: Callable[[Item], str]
    peers: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    suffix: str = ".txt"


_HEADER = '"Authors","Title","Year","Source title","Volume","Issue","Page start","Page end","DOI","Abstract",'
FORMATS = {
    "ris": Made(ris, ("rispy", "asreview"), suffix=".ris"),
    "nbib": Made(nbib, ("nbib",), suffix=".nbib"),
    "wos": Made(wos, (), "FN Clarivate Analytics Web of Science\nVR 1.0\n", "EF\n"),
    "bibtex": Made(bibtex, ("bibtexparser 2",), suffix=".bib"),
    "csv": Made(table, ("asreview",), f'{_HEADER}"Author Keywords","Document Type","EID"\n', suffix=".csv"),
    "endnote_xml": Made(
        xml, (), '<?xml version="1.0" encoding="UTF-8"?><xml><records>\n', "</records></xml>\n", ".xml"
    ),
}


@dataclass(frozen=True)
class Run:
    """One process and its children: entries found, seconds by the clock, peak memory in bytes, seconds of processors."""

    who: str
    format: str
    entries: int
    seconds: float
    peak: int
    processor: float = 0

    @property
    def rate(self) -> float:
        return self.entries / self.seconds


def written(path: Path, made: Made, number: int) -> Path:
    with path.open("w", encoding="utf-8") as out:
        out.write(made.before)
        out.writelines(made.entry(item) for item in items(number))
        out.write(made.after)
    return path


def timed(command: list[str], folder: Path | None = None) -> tuple[str, float, int, float]:
    """What a command prints, its seconds, peak memory, and seconds of processors; RuntimeError where it fails."""
    start, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder)
        while True:
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            if ended:
                break
            peak = max(peak, _held(child.pid))
            time.sleep(_EVERY)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if child.returncode:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}: {said.strip()[-300:]}")
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return said, seconds, max(peak, largest), usage.ru_utime + usage.ru_stime


def _held(pid: int) -> int:
    """Bytes that a process and its children hold; pages that they share count once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").split("\n")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0
    own = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    return own + sum(_held(int(child)) for child in children)


def ours(path: Path, format_: str) -> Iterator[Run]:
    """The whole command, and reading alone."""
    scoping = str(Path(sys.executable).with_name("scoping"))
    outputs = {name: path.with_name(f"{name}.out") for name in ("entries", "issues", "receipts")}
    named = [word for name, out in outputs.items() for word in (f"--{name}", str(out))]
    _, *measured = timed([scoping, "ingest", str(path), "--claims", _CLAIMS, "--threads", str(PROCESSES), *named])
    header, row = outputs["receipts"].read_text(encoding="utf-8").split("\n")[:2]
    at = header.split(",").index("found")
    yield Run("scoping ingest", format_, int(row.split(",")[at]), *measured)
    said, *measured = timed([sys.executable, "-c", _READ, str(path), str(PROCESSES)])
    yield Run("  read only", format_, int(said), *measured)


def peer(name: str, folder: Path, path: Path, format_: str) -> Run | None:
    python = ingest_peers.environment(folder, name)
    if python is None:
        return None
    code = f"import sys\n{ingest_peers.PEERS[name].load}\nprint(len(load(sys.argv[1])))"
    try:
        said, *measured = timed([str(python), "-W", "ignore", "-c", code, str(path)], path.parent)
    except RuntimeError as error:
        print(f"{name}: {error}")
        return None
    return Run(name, format_, int(said.split()[-1]), *measured)


def main(number: int, peers: Path | None, report: Path | None) -> int:
    """Measure, print, and say whether what is promised holds; 1 if it does not."""
    runs: list[Run] = []
    wrong: list[str] = []
    print(
        f"{'format':14}{'reader':16}{'entries':>9}{'seconds':>9}{'processor':>11}{'entries/s':>11}{'MB':>7}{'bytes/entry':>13}"
        f"{'ours is faster':>16}"
    )
    with tempfile.TemporaryDirectory() as place:
        for format_, made in FORMATS.items():
            path = Path(place) / f"made_up{made.suffix}"
            small = next(ours(written(path, made, max(1, number // FIRST)), format_))
            whole, alone = ours(written(path, made, number), format_)
            others = [run for name in made.peers if peers and (run := peer(name, peers, path, format_))]
            for run in (whole, alone, *others):
                faster = f"{whole.rate / run.rate:.2f}, {alone.rate / run.rate:.2f}" if run in others else ""
                print(
                    f"{format_:14}{run.who:16}{run.entries:>9,}{run.seconds:>9.2f}{run.processor:>11.2f}{run.rate:>11,.0f}"
                    f"{run.peak / 1e6:>7.0f}{run.peak / run.entries:>13,.0f}{faster:>16}"
                )
            grown = (whole.peak - small.peak) / (number - number // FIRST)
            print(
                f"{format_:14}{'':16}memory for {number // FIRST:,}: {small.peak / 1e6:.0f} MB; {grown:,.0f} bytes more an entry"
            )
            wrong += broken(number, whole, alone, grown, others)
            runs += [small, whole, alone, *others]
            path.unlink()
    for sentence in wrong:
        print(f"FAILS  {sentence}")
    if report:
        report.write_text(json.dumps([asdict(run) for run in runs], indent=1), encoding="utf-8")
    return 1 if wrong else 0


def broken(number: int, whole: Run, alone: Run, grown: float, others: list[Run]) -> Iterator[str]:
    """What is promised and does not hold: the rate of reading alone, the memory of the whole command."""
    for run in (whole, alone):
        if run.entries != number:
            yield f"{run.format}, {run.who.strip()}: {run.entries:,} of {number:,} entries"
    if grown > GROWTH:
        yield f"{whole.format}: memory grows by {grown:,.0f} bytes an entry"
    for other in others:
        times = 2 if other.who == "rispy" else 1
        if alone.rate < times * other.rate:
            yield f"{whole.format}: reads {alone.rate / other.rate:.2f} times as fast as {other.who}, and {times} is promised"
        if whole.peak > other.peak:
            yield f"{whole.format}: {whole.peak / 1e6:.0f} MB, {other.who} takes {other.peak / 1e6:.0f}"


FIRST = 5  # a fifth of the entries, by which all that is filled once is full
GROWTH = 100  # bytes an entry; an entry of these files has 1,500 to 2,400
