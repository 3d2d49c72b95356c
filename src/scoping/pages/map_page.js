// Controls and the start.
function fill(id, options, value) {
  by(id).replaceChildren(...options.map(([key, label]) => make("option", { value: key }, label)));
  by(id).value = value;
}

function answers() {
  const code = studies.code.get(by("code").value);
  const usual = code && !code.list ? Object.entries(WORDS).map(([letter, word]) => [`${letter} ${code.id}`, word]) : [];
  const own = code ? code.lines.filter((line) => line.id !== code.id).map((line) => [`y ${line.id}`, line.label]) : [];
  by("answer").parentElement.hidden = !code;
  fill("answer", [...usual, ...own], [...usual, ...own][0]?.[0] ?? "");
  by("add").disabled = !code;
}

function paintFilters() {
  for (const name of ["words", "type"]) if (by(name).value !== chosen[name]) by(name).value = chosen[name];
  for (const name of ["from", "to"]) if (year(by(name).value) !== chosen[name]) by(name).value = chosen[name] || "";
  by("chosen").replaceChildren(...chosen.codes.map((each, at) => {
    const text = `${named(each.line)}: ${WORDS[each.letter]}`;
    const act = () => {
      choose({ codes: chosen.codes.filter((_, other) => other !== at) });
      by("code").focus({ preventScroll: true });
    };
    return make("li", {}, make("span", {}, text), " ", take("Take away", act));
  }));
}

function listen() {
  const on = (id, event, act) => by(id).addEventListener(event, act);
  on("filters", "submit", (event) => event.preventDefault());
  on("words", "input", () => choose({ words: by("words").value }));
  for (const id of ["from", "to"]) on(id, "input", () => choose({ [id]: year(by(id).value) }));
  on("type", "change", () => choose({ type: by("type").value }));
  on("code", "change", answers);
  on("add", "click", () => {
    const [letter, id] = [by("answer").value.slice(0, 1), by("answer").value.slice(2)];
    const line = studies.line.get(id);
    const known = chosen.codes.some((each) => each.line === line && each.letter === letter);
    if (!known) choose({ codes: [...chosen.codes, { line, letter }] });
  });
  on("clear", "click", () => choose({ words: "", from: 0, to: 0, type: "", codes: [], row: null, column: null, part: "" }));
  const anew = { division: null, row: null, column: null, part: "" };
  for (const side of ["rows", "columns"]) on(side, "change", () => choose({ ...anew, [side]: by(side).value }));
  on("swap", "click", () => choose({ ...anew, rows: chosen.columns, columns: chosen.rows }));
  on("division", "change", () => choose({ division: by("division").value, part: chosen.part in REST ? chosen.part : "" }));
  on("download", "click", () => whole(download));
  on("previous", "click", () => choose({ page: chosen.page - 1 }));
  on("next", "click", () => choose({ page: chosen.page + 1 }));
  addEventListener("hashchange", () => whole(start));
  addEventListener("beforeprint", () => paintList(Math.max(1, shown.listed.length)));
  addEventListener("afterprint", () => paintList(PAGE));
}

function build() {
  const reports = studies.reports.flat().length;
  by("about").textContent = studies.count ? `${ofStudies(studies.count)} in ${many(reports, "report", "reports")}.` : "No study has been included yet.";
  const sides = studies.axes.map(({ id, label }) => [id, label]);
  for (const side of ["rows", "columns"]) fill(side, sides, studies[side]);
  fill("type", [["", "all types"], ...studies.kinds.map((kind) => [kind, kind])], "");
  by("code").replaceChildren(make("option", { value: "" }, "choose a code"), ...studies.families.map(([id, label]) =>
    make("optgroup", { label }, ...studies.codes.filter((code) => code.family === id).map((code) => make("option", { value: code.id }, `${code.id} ${code.label}`)))));
  const heads = COLUMNS.map(([id, label]) => make("th", { scope: "col", role: "columnheader", id: `by-${id}`, "aria-sort": "none" },
    take(label, () => choose({ sort: id, down: chosen.sort === id && !chosen.down }))));
  by("list").replaceChildren(make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...heads)), make("tbody", { role: "rowgroup" }));
  answers();
}

function start() {
  recall();
  if (innerWidth > 736 || filters().length) by("filtering").open = true; // else the map would begin below the screen
  lay();
  paint();
}

/** Folding all texts takes a while: it is done when nothing else is, so that the first search finds it done. */
function prepare(study) {
  globalThis.requestIdleCallback?.((idle) => {
    let next = study;
    while (next < studies.count && idle.timeRemaining() > 1) studies.searched(next++);
    if (next < studies.count) prepare(next);
  });
}

build();
if (studies.count && studies.axes.length) {
  listen();
  if (location.hash) whole(start);
  else start();
  by("main").hidden = false;
  whole(() => prepare(0));
}
performance.mark("ready");
