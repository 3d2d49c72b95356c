// What the evidence map counts: studies by what they say, filtered by what the reader chose. Touches no element.
/** What a study says to a line, by the letter that the index has for it. */
const WORDS = { y: "yes", n: "no", u: "unclear", o: "not coded yet" };

/** Text in which case and accents make no difference. */
function folded(text) {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  const plain = text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  return plain.replace(/[ßæœøłđı’]/g, (letter) => ({ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i", "’": "'" })[letter]);
}

/** The index of all studies, and their details, which are read one by one when they are asked for. */
class Studies {
  constructor(index, text) {
    Object.assign(this, index);
    this.count = index.studies.length;
    this.all = Array.from({ length: this.count }, (_, at) => at);
    this.lines = index.lines.map(([id, code, label, says], at) => ({ id, code, label, says, at }));
    this.axes = index.axes.map(([id, label, lines]) => ({ id, label, lines: lines.map((at) => this.lines[at]) }));
    this.codes = index.codes.map((code) => ({ ...code, lines: code.lines.map((at) => this.lines[at]) }));
    this.code = new Map(this.codes.map((code) => [code.id, code]));
    this.line = new Map(this.lines.map((line) => [line.id, line]));
    this.axis = new Map(this.axes.map((axis) => [axis.id, axis]));
    this.text = text; // gives the text of all details, a line for each study
    this.written = null;
    this.words = new Array(this.count);
  }

  /** [reports, cells] of a study, as `evidence_map.details` gives them. */
  details(study) {
    this.written ??= this.text().split("\n").slice(1, 1 + this.count);
    return JSON.parse(this.written[study].replace(/,$/, ""));
  }

  /** The text of a study that is searched: titles, citations, authors, abstracts and quotes. */
  searched(study) {
    if (this.words[study] === undefined) {
      const [reports, cells] = this.details(study);
      const texts = [...reports.map((report) => [report[1], report[2], report[3], report[8]].join("\n")), ...cells.map((cell) => cell[7])];
      this.words[study] = folded(texts.filter(Boolean).join("\n"));
    }
    return this.words[study];
  }

  /** The studies that pass all filters: one report in the years and of the type, all codes as said, all words. */
  filtered({ words, from, to, type, codes }) {
    const wanted = folded(words).split(/\s+/).filter(Boolean);
    const kind = this.kinds.indexOf(type);
    const fits = ([year, its]) => (!from || year >= from) && (!to || (year > 0 && year <= to)) && (!type || its === kind);
    const plain = !from && !to && !type;
    return this.all.filter(
      (study) =>
        (plain || this.reports[study].some(fits)) &&
        codes.every(({ line, letter }) => line.says[study] === letter) &&
        wanted.every((word) => this.searched(study).includes(word)),
    );
  }

  /** The studies of a list by what they say to a row and a column, one of which may be missing. */
  crossed(studies, row, column) {
    const lines = [row, column].filter(Boolean);
    const found = { both: [], unclear: [], open: [] };
    for (const study of studies) {
      const said = lines.map((line) => line.says[study]);
      if (said.every((letter) => letter === "y")) found.both.push(study);
      else if (said.includes("n")) continue;
      else (said.includes("o") ? found.open : found.unclear).push(study);
    }
    return found;
  }

  /** Why a cell is empty, as the evidence gap map says it, or that filters leave no study; nothing where it is not. */
  empty(found, passing) {
    if (found.both.length) return "";
    if (!passing.length) return "no study";
    if (found.open.length) return "not codable";
    return found.unclear.length ? "unclear" : "none found";
  }

  /** The ways to divide the cells of two axes: { id, side, division }, those of the columns' basis first. */
  ways(rows, columns) {
    const found = [];
    for (const division of this.divisions) {
      for (const [side, axis] of [["columns", columns], ["rows", rows]]) {
        if (axis.lines.some((line) => line.code in division.codes)) found.push({ id: `${division.id}.${side}`, side, division });
      }
    }
    return found;
  }

  /** Studies that report both, for each option of a way to divide them; nothing where the code does not ask. */
  parts(both, way, row, column) {
    const line = way && (way.side === "rows" ? row : column);
    const marks = line && way.division.codes[line.code];
    if (!marks) return [];
    return way.division.options.map((label, at) => ({ label, studies: both.filter((study) => marks[study] & (1 << at)) }));
  }
}

/** A table that spreadsheet programs read: a mark at the beginning, no cell that they take for a formula. */
function csv(rows) {
  const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return `\ufeff${rows.map((row) => row.map((text) => cell(String(text))).join(",")).join("\r\n")}\r\n`;
}
