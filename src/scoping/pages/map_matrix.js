// The matrix: a button for each cell, row and column.

function lay() {
  const [rows, columns] = [axis("rows").lines, axis("columns").lines];
  matrix = { cells: [], heads: [], way: way() };
  const grid = [[null, ...columns.map((line) => head(null, line))]];
  for (const line of rows) grid.push([head(line, null), ...columns.map((other) => place(line, other))]);
  by("matrix").replaceChildren(
    make("thead", {}, make("tr", {}, make("td"), ...grid[0].slice(1).map((each) => make("th", { scope: "col" }, each)))),
    make("tbody", {}, ...grid.slice(1).map(([first, ...others]) =>
      make("tr", {}, make("th", { scope: "row" }, first), ...others.map((each) => make("td", {}, each))))),
  );
  by("crossed").textContent = `Studies that report both: ${axis("rows").label} (rows) and ${axis("columns").label} (columns).`;
  walk(grid);
  by("legend").replaceChildren(...(matrix.way ? legend(matrix.way.division.options) : []));
  fill("division", [["none", "nothing"], ...ways().map((each) => [each.id, `${each.division.label} (${each.side})`])], matrix.way?.id ?? "none");
  for (const side of ["rows", "columns"]) by(side).value = chosen[side];
  by("meanings").replaceChildren(...meanings([...rows, ...columns]));
}

function head(row, column) {
  const count = make("span", { className: "count" });
  const button = make("button", { type: "button" }, make("span", {}, named(row ?? column)), unseen(": "), count);
  button.addEventListener("click", () => press(row, column, ""));
  matrix.heads.push({ row, column, button, count });
  return button;
}

function place(row, column) {
  const cell = { row, column, count: make("span", { className: "count" }), more: unseen(""), bars: [] };
  const drawn = make("span", { "aria-hidden": "true" });
  cell.drawn = drawn;
  for (const [at, label] of (matrix.way?.division.options ?? []).entries()) {
    const [size, bar] = [make("span", { className: "size" }), make("span", { className: `bar shade-${at % 8}` })];
    drawn.append(make("span", { className: "slot", "data-part": label }, size, bar));
    cell.bars.push({ size, bar });
  }
  cell.button = make("button", { type: "button" }, unseen(`${named(row)} and ${named(column)}: `), cell.count, cell.more, drawn);
  cell.button.addEventListener("click", (event) => {
    const slot = event.target.closest("[data-part]");
    press(row, column, slot?.querySelector(".some") ? slot.dataset.part : "");
  });
  matrix.cells.push(cell);
  return cell.button;
}

const legend = (options) =>
  options.map((label, at) => make("li", {}, make("span", { className: `swatch shade-${at % 8}`, "aria-hidden": "true" }), label));

function meanings(lines) {
  const codes = [...new Set(lines.map((line) => line.code))].map((id) => studies.code.get(id));
  return codes.flatMap((code) => [make("dt", {}, `${code.id} ${code.label}`), make("dd", {}, code.definition)]);
}

/** One stop of the tab key for the whole matrix; arrow keys go on from there. */
function walk(grid) {
  const all = grid.flat().filter(Boolean);
  for (const button of all) button.tabIndex = -1;
  if (all.length) (grid[1]?.[1] ?? all[0]).tabIndex = 0;
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  grid.forEach((row, down) => row.forEach((button, across) => {
    button?.addEventListener("focus", () => {
      for (const other of all) other.tabIndex = other === button ? 0 : -1;
    });
    button?.addEventListener("keydown", (event) => {
      const [dy, dx] = steps[event.key] ?? [0, 0];
      const ends = { Home: row.find(Boolean), End: row.at(-1) };
      const next = ends[event.key] ?? (dy || dx ? grid[down + dy]?.[across + dx] : null);
      if (next) next.focus();
      if (next || dy || dx) event.preventDefault();
    });
  }));
}

/** Choose a cell, a part of it, a row or a column; once more takes it back. An empty cell lists what keeps it open. */
function press(row, column, part) {
  const found = studies.crossed(shown.passing, row, column);
  const word = row && column && !part ? studies.empty(found, shown.passing) : "";
  const wanted = part || (word === "unclear" ? UNCLEAR : word === "not codable" && found.open.length ? OPEN : "");
  const again = chosen.row === row && chosen.column === column && chosen.part === wanted;
  choose(again ? { row: null, column: null, part: "" } : { row, column, part: wanted });
}

function paintMatrix() {
  const all = matrix.cells.map(({ row, column }) => {
    const found = studies.crossed(shown.passing, row, column);
    return { found, parts: studies.parts(found.both, matrix.way, row, column) };
  });
  const most = Math.max(1, ...all.flatMap(({ parts }) => parts.map((part) => part.studies.length)));
  const largest = Math.max(1, ...all.map(({ found }) => found.both.length));
  matrix.cells.forEach((cell, at) => {
    const { found, parts } = all[at];
    const word = studies.empty(found, shown.passing);
    const behind = word === "not codable" ? found.open.length : word === "unclear" ? found.unclear.length : 0;
    const said = parts.filter((part) => part.studies.length).map((part) => `${part.label} ${number(part.studies.length)}`);
    cell.count.textContent = word ? `${word}${behind ? ` ${number(behind)}` : ""}` : number(found.both.length);
    cell.more.textContent = word ? "" : ` ${found.both.length === 1 ? "study" : "studies"}${said.length ? `; ${said.join(", ")}` : ""}`;
    cell.button.className = word ? "cell none" : "cell";
    cell.button.setAttribute("aria-pressed", String(chosen.row === cell.row && chosen.column === cell.column));
    cell.drawn.className = parts.length ? "bars" : "total";
    cell.drawn.style.width = parts.length ? "" : `${(LONGEST * found.both.length) / largest}px`;
    cell.bars.forEach(({ size, bar }, slot) => {
      const counted = parts[slot]?.studies.length ?? 0;
      size.textContent = counted ? number(counted) : "";
      bar.style.height = `${counted ? Math.max(3, (TALLEST * counted) / most) : 0}px`;
      bar.classList.toggle("some", counted > 0);
      bar.parentElement.title = counted ? `${parts[slot].label}: ${ofStudies(counted)}` : "";
    });
  });
  for (const { row, column, button, count } of matrix.heads) {
    count.textContent = number(studies.crossed(shown.passing, row, column).both.length);
    button.setAttribute("aria-pressed", String(chosen.row === row && chosen.column === column));
  }
}
