// What the reader has chosen, in the address and in words.

const plain = () => ({
  rows: studies.rows, columns: studies.columns, division: null, row: null, column: null, part: "",
  words: "", from: 0, to: 0, type: "", codes: [], sort: "study", down: false, page: 0,
});
let chosen = plain();
let shown = { passing: [], found: null, listed: [] }; // studies that pass the filters, by the chosen cell, in the list
let matrix = { cells: [], heads: [], way: null };

const axis = (side) => studies.axis.get(chosen[side]);
const ways = () => studies.ways(axis("rows"), axis("columns"));
const way = () => (chosen.division === "none" ? null : (ways().find((each) => each.id === chosen.division) ?? ways()[0] ?? null));

/** The address: what differs from what the page opens with, by ids that another run keeps. */
function address() {
  const at = new URLSearchParams();
  const first = plain();
  for (const name of ["rows", "columns", "division", "part", "words", "from", "to", "type", "sort"]) {
    if (chosen[name] !== first[name]) at.set(name, chosen[name]);
  }
  for (const side of ["row", "column"]) if (chosen[side]) at.set(side, chosen[side].id);
  for (const { line, letter } of chosen.codes) at.append("code", `${letter} ${line.id}`);
  if (chosen.down) at.set("down", "yes");
  if (chosen.page) at.set("page", chosen.page + 1);
  return at.toString();
}

function remember() {
  const text = address();
  history.replaceState(null, "", text ? `#${text}` : location.href.split("#")[0]);
}

/** A year as somebody wrote it; 0 where it is none. */
function year(text) {
  return /^\d{1,4}$/.test(text ?? "") ? Number(text) : 0;
}

/** What an address says; whatever this map does not have is left out. */
function recall() {
  const at = new URLSearchParams(location.hash.slice(1));
  chosen = plain();
  for (const side of ["rows", "columns"]) if (studies.axis.has(at.get(side))) chosen[side] = at.get(side);
  const lines = (side) => axis(side)?.lines ?? [];
  chosen.row = lines("rows").find((line) => line.id === at.get("row")) ?? null;
  chosen.column = lines("columns").find((line) => line.id === at.get("column")) ?? null;
  const division = at.get("division");
  if (division === "none" || (chosen.rows && ways().some((each) => each.id === division))) chosen.division = division;
  const parts = [UNCLEAR, OPEN, ...(chosen.rows && way() && chosen.row && chosen.column ? way().division.options : [])];
  if ((chosen.row || chosen.column) && parts.includes(at.get("part"))) chosen.part = at.get("part");
  chosen.words = at.get("words") ?? "";
  [chosen.from, chosen.to] = [year(at.get("from")), year(at.get("to"))];
  if (studies.kinds.includes(at.get("type"))) chosen.type = at.get("type");
  for (const text of at.getAll("code")) {
    const [letter, id] = [text.slice(0, 1), text.slice(2)];
    if (letter in WORDS && studies.line.has(id)) chosen.codes.push({ line: studies.line.get(id), letter });
  }
  if (COLUMNS.some(([id]) => id === at.get("sort"))) chosen.sort = at.get("sort");
  chosen.down = at.get("down") === "yes";
  chosen.page = Math.max(0, Math.floor(Number(at.get("page")) || 1) - 1);
}

/** Take over a change: the list begins anew, and the matrix is made anew where rows or columns are others. */
function choose(change) {
  const axes = ["rows", "columns", "division"].some((name) => name in change);
  whole(() => {
    Object.assign(chosen, { page: 0 }, change);
    if (axes) lay();
    paint();
    remember();
  });
}

/** The filters in words; they stand in the print, too. */
function filters() {
  const { from, to, type, words } = chosen;
  const years = from && to ? `published ${from} to ${to}` : from ? `published from ${from}` : to ? `published to ${to}` : "";
  const codes = chosen.codes.map(({ line, letter }) => `${named(line)}: ${WORDS[letter]}`);
  return [words.trim() && `with the words “${words.trim()}”`, years, type, ...codes].filter(Boolean);
}

/** What the listed studies have in common by the chosen cell. */
function choice() {
  const { row, column } = chosen;
  if (!row && !column) return "";
  const both = `${row && column ? "both " : ""}${[row, column].filter(Boolean).map((line) => `“${named(line)}”`).join(" and ")}`;
  if (chosen.part in REST) return ` may report ${both}: ${REST[chosen.part]}`;
  return ` ${shown.listed.length === 1 ? "reports" : "report"} ${both}${chosen.part ? `; ${way().division.label}: ${chosen.part}` : ""}`;
}

/** What the list shows, in a sentence. */
function said() {
  const { listed, found } = shown;
  const all = listed.length === studies.count;
  const none = found && chosen.row && chosen.column && !chosen.part && studies.empty(found, shown.passing) === "none found";
  const why = none ? " None found: each study says no to one of them, or to both." : "";
  const only = filters().length ? ` Filters: ${filters().join("; ")}.` : "";
  return `${all ? "All " : ""}${number(listed.length)}${all ? "" : ` of ${number(studies.count)}`} ${studies.count === 1 ? "study" : "studies"}${choice()}.${why}${only}`;
}
