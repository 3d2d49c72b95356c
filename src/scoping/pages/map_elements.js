// What all parts of the page share. Text enters as text nodes, never as markup.
const PAGE = 50;
const TALLEST = 26; // pixels of the highest bar of a part
const LONGEST = 80; // pixels of the longest bar of a whole
const UNCLEAR = "?unclear";
const OPEN = "?open";
const REST = { [UNCLEAR]: "unclear", [OPEN]: "not coded yet" };
const COLUMNS = [["study", "Study"], ["title", "Title and evidence"], ["year", "Year"], ["type", "Type"]];

const by = (id) => document.getElementById(id);
const studies = new Studies(JSON.parse(by("index").textContent), () => by("details").textContent);
/** The details stand last in the file: what needs them waits until the whole file is here. */
const whole = (act) => (document.readyState === "loading" ? addEventListener("DOMContentLoaded", act, { once: true }) : act());
const number = (value) => value.toLocaleString("en-GB");
const many = (value, one, more) => `${number(value)} ${value === 1 ? one : more}`;
const ofStudies = (value) => many(value, "study", "studies");
const named = (line) => (line.id === line.code ? line.label : `${studies.code.get(line.code).label}: ${line.label}`);

/** An element; what is not a property of it becomes an attribute. */
function make(tag, more = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(more)) {
    if (name in made) made[name] = value;
    else if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const unseen = (text) => make("span", { className: "unseen" }, text);
const written = (tag, text, more = {}) => make(tag, { dir: "auto", ...more }, text);
