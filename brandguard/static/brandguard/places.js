// Filters a list of countries by the typed name, and shows the chosen ones above it.
// Without this script the whole list is shown.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const LATIN = /^[\p{Script=Latin}\p{P}\p{N}\s]*$/u;

function isCalled(box, typed) {
  const known = plain(` ${box.labels[0].textContent} ${box.dataset.words}`);
  const begins = LATIN.test(typed) ? " " : ""; // scripts without spaces match any part
  return known.replace(/[\s,()]+/g, " ").includes(begins + typed);
}

function boxesOf(field) {
  return [...field.querySelectorAll("input[type=checkbox]")];
}

function found(field) {
  const typed = plain(field.querySelector("input[type=search]").value.trim());
  return boxesOf(field.querySelector(".places-list")).filter((box) => isCalled(box, typed));
}

function shorten(field) {
  const list = field.querySelector(".places-list");
  const shown = new Set(found(field));
  for (const box of boxesOf(list)) box.labels[0].hidden = !shown.has(box);
  list.querySelector(".hint").hidden = shown.size > 0;
  list.scrollTop = 0;
}

function entry(box, list) {
  const line = document.createElement("li");
  const name = box.labels[0].querySelector("span").firstChild.textContent.trim();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "×";
  button.setAttribute("aria-label", `${list.dataset.takeOut}: ${name}`);
  button.addEventListener("click", () => box.click());
  line.append(name, button);
  return line;
}

function tell(field) {
  const list = field.querySelector(".places-chosen");
  const chosen = boxesOf(field).filter((box) => box.checked);
  list.replaceChildren(...chosen.map((box) => entry(box, list)));
}

function begin() {
  for (const field of document.querySelectorAll(".places")) {
    field.querySelector(".places-search").hidden = false;
    tell(field);
  }
}

document.addEventListener("input", (event) => {
  const field = event.target.closest(".places");
  if (!field) return;
  if (event.target.type === "search") shorten(field);
  else tell(field);
});

// Enter chooses the only country that is left and never submits the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(".places input[type=search]")) return;
  event.preventDefault();
  const [only, ...others] = found(event.target.closest(".places"));
  if (!only || others.length) return;
  only.click();
  event.target.select();
});

document.addEventListener("htmx:afterSettle", begin);
begin();
