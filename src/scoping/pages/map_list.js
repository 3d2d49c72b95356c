// The studies behind what is chosen, each with its evidence, and the same as a table to download.

function paint() {
  const passing = studies.filtered(chosen);
  const found = chosen.row || chosen.column ? studies.crossed(passing, chosen.row, chosen.column) : null;
  shown = { passing, found, listed: inOrder(found ? part(found) : passing) };
  paintMatrix();
  paintFilters();
  by("status").textContent = said();
  paintParts();
  paintList(PAGE);
}

const partsOf = (found) => studies.parts(found.both, chosen.row && chosen.column ? way() : null, chosen.row, chosen.column);

function part(found) {
  if (chosen.part === UNCLEAR) return found.unclear;
  if (chosen.part === OPEN) return found.open;
  return chosen.part ? (partsOf(found).find((each) => each.label === chosen.part)?.studies ?? []) : found.both;
}

function inOrder(list) {
  const words = new Intl.Collator("en");
  const first = (study) => studies.reports[study][0];
  const order = {
    study: (a, b) => a - b,
    title: (a, b) => words.compare(studies.titles[a], studies.titles[b]),
    year: (a, b) => (first(a)[0] || Infinity) - (first(b)[0] || Infinity) || 0,
    type: (a, b) => first(a)[1] - first(b)[1],
  }[chosen.sort];
  return [...list].sort((a, b) => (chosen.down ? order(b, a) : order(a, b)) || a - b);
}

function paintParts() {
  const { found } = shown;
  const held = document.activeElement?.closest("#parts button");
  const options = found
    ? [["", "all", found.both], ...partsOf(found).map((each) => [each.label, each.label, each.studies]),
       ...Object.entries(REST).map(([key, word]) => [key, `not counted, ${word}`, key === OPEN ? found.open : found.unclear])].filter(([key, , list]) => !key || list.length)
    : [];
  by("parts").replaceChildren(...options.map(([key, label, list]) => {
    const button = make("button", { type: "button", "aria-pressed": String(chosen.part === key), "data-part": key }, `${label} ${number(list.length)}`);
    button.addEventListener("click", () => choose({ part: key }));
    return make("li", {}, button);
  }));
  if (found) by("parts").append(make("li", {}, take("Show all studies", () => choose({ row: null, column: null, part: "" }))));
  if (held) (by("parts").querySelector("[aria-pressed=true]") ?? by("matrix").querySelector("[tabindex='0']")).focus({ preventScroll: true });
  const codes = [...new Set([chosen.row, chosen.column].filter(Boolean).map((line) => line.code))].map((id) => studies.code.get(id));
  by("words-of-codes").replaceChildren(...codes.map((code) => make("p", {}, `${code.label}: ${code.definition}`)));
}

function take(text, act) {
  const button = make("button", { type: "button" }, text);
  button.addEventListener("click", act);
  return button;
}

function paintList(size) {
  const pages = Math.max(1, Math.ceil(shown.listed.length / size));
  chosen.page = Math.min(chosen.page, pages - 1);
  const rows = shown.listed.slice(chosen.page * size, (chosen.page + 1) * size);
  by("list").tBodies[0].replaceChildren(...rows.map(studyRow));
  by("list").hidden = !rows.length;
  by("download").disabled = !rows.length;
  by("pages").hidden = pages === 1;
  by("page").textContent = `${number(chosen.page * size + 1)} to ${number(chosen.page * size + rows.length)} of ${number(shown.listed.length)}`;
  by("previous").disabled = chosen.page === 0;
  by("next").disabled = chosen.page === pages - 1;
  for (const [id] of COLUMNS) {
    const order = chosen.sort === id ? (chosen.down ? "descending" : "ascending") : "none";
    by(`by-${id}`).setAttribute("aria-sort", order);
  }
}

function studyRow(study) {
  const codes = [chosen.row, chosen.column].filter(Boolean).map((line) => line.code);
  const opened = make("details", {}, make("summary", {}, "All that was coded", unseen(` of ${studies.names[study]}`)));
  opened.addEventListener("toggle", () => {
    if (opened.children.length === 1) whole(() => opened.append(...everything(...studies.details(study))));
  });
  const reports = studies.reports[study];
  const years = [...new Set(reports.map(([year]) => year || "no year"))];
  const kinds = [...new Set(reports.map(([, kind]) => studies.kinds[kind]))];
  return make("tr", { role: "row", "data-study": studies.studies[study] },
    written("th", studies.names[study], { scope: "row", role: "rowheader" }),
    make("td", { role: "cell", "data-label": "Title" }, make("div", {},
      written("p", studies.titles[study] || "[no title]", { className: "title" }), facts(study),
      ...(codes.length ? [evidenceFor(study, codes)] : []), opened)),
    make("td", { role: "cell", "data-label": "Year" }, years.join(", ")),
    make("td", { role: "cell", "data-label": "Type" }, kinds.join(", ")));
}

/** What a study says to the codes of the chosen cell, and the quotes for it. */
function evidenceFor(study, codes) {
  const [reports, cells] = studies.details(study);
  return evidenceList(reports, cells.filter((cell) => codes.includes(studies.codes[cell[0]].id)));
}

/** What the codes that are closed lists say of a study, such as country or tier. */
function facts(study) {
  const values = (code) => code.lines.filter((line) => line.says[study] === "y").map((line) => line.label);
  const known = studies.codes.filter((code) => code.list && values(code).length).map((code) => `${code.label}: ${values(code).join(", ")}`);
  return make("p", { className: "small" }, known.join(" · "));
}

function evidenceList(reports, cells) {
  return make("ul", { className: "evidence" }, ...cells.map(([at, report, model, value, level, status, basis, quote, where, verdict]) => {
    const about = [model, value, status, basis, level].filter(Boolean).join("; ");
    const from = [reports.length > 1 ? reports[report][1] : "", where].filter(Boolean).join(", ");
    const missing = quote && verdict === "missing" ? " [not found in the text]" : "";
    return make("li", {}, make("b", {}, studies.codes[at].label), ": ", written("span", about),
      ...(quote ? [" – ", written("q", `“${quote}”`), from || missing ? ` (${from || "no place given"})${missing}` : ""] : []));
  }));
}

function everything(reports, cells) {
  const about = reports.map(([id, short, title, authors, year, kind, published, link, abstract]) => make("li", {},
    written("span", [authors || "[no author]", year || "no year", title || "[no title]", published, kind].filter(Boolean).map((text) => text.replace(/\.$/, "")).join(". ")), " ",
    ...(link ? [make("a", { href: link, rel: "noreferrer" }, link), " "] : []), make("span", { className: "small" }, `record ${id}`),
    ...(abstract ? [make("details", {}, make("summary", {}, "Abstract", unseen(` of ${short}`)), written("p", abstract))] : [])));
  const families = studies.families.flatMap(([id, label]) => {
    const mine = cells.filter((cell) => studies.codes[cell[0]].family === id);
    return mine.length ? [make("h3", {}, label), evidenceList(reports, mine)] : [];
  });
  return [make("h3", {}, reports.length > 1 ? "Reports of the study" : "Report"), make("ul", { className: "evidence" }, ...about), ...families];
}

function table() {
  const codes = studies.codes;
  const quoted = [chosen.row, chosen.column].filter(Boolean).map((line) => codes.findIndex((code) => code.id === line.code));
  const head = ["study_id", "record_ids", "study", "title", "authors", "year", "type", "published_in", "doi_or_address"];
  const notice = studies.notice ? ["notice"] : [];
  const says = (study, code) => {
    const values = code.lines.filter((line) => line.id !== code.id && line.says[study] === "y").map((line) => line.label);
    return values.join("; ") || WORDS[(code.lines.find((line) => line.id === code.id) ?? code.lines[0])?.says[study] ?? "o"];
  };
  const rows = shown.listed.map((study) => {
    const [reports, cells] = studies.details(study);
    const each = (at) => reports.map((report) => report[at]).join("; ");
    const quotes = (at) => cells.filter((cell) => cell[0] === at && cell[7]).map((cell) => `${cell[7]} (${cell[8]})`).join(" | ");
    return [studies.studies[study], each(0), studies.names[study], studies.titles[study], each(3), each(4), each(5), each(6), each(7),
      ...codes.map((code) => says(study, code)), ...quoted.map(quotes), ...notice.map(() => studies.notice)];
  });
  return [[...head, ...codes.map((code) => `${code.id} ${code.label}`), ...quoted.map((at) => `quotes of ${codes[at].id}`), ...notice], ...rows];
}

function download() {
  const link = make("a", { href: URL.createObjectURL(new Blob([csv(table())], { type: "text/csv" })), download: "studies.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
