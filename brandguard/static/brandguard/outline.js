// Draws the outline of the goods over a picture. A corner is dragged, or moved by the arrow keys; the number
// fields, which the form sends, follow it and lead it.
const STEP = 0.5; // per cent of the picture
const LARGE_STEP = 5; // with the Shift key
const FEWEST = 3;
const MOST = 40;

const form = document.querySelector("[data-outline]");
const stage = form.querySelector(".stage");
const list = form.querySelector(".corners");
const model = list.querySelector("li").cloneNode(true);
const drop = form.querySelector("[data-drop]");
const add = form.querySelector("[data-add]");
let corners = [];
let chosen = 0;

const bounded = (value) => Math.min(100, Math.max(0, Math.round(value * 10) / 10));
const fields = (line) => line.querySelectorAll("input");

function read() {
  return Array.from(list.children, (line) => Array.from(fields(line), (field) => field.value))
    .filter(([x, y]) => x !== "" && y !== "")
    .map(([x, y]) => [bounded(Number(x)), bounded(Number(y))]);
}

function draw() {
  const points = corners.map(([x, y]) => `${x},${y}`).join(" ");
  for (const polygon of stage.querySelectorAll("polygon")) polygon.setAttribute("points", points);
  stage.querySelectorAll(".corner").forEach((handle, at) => {
    const [x, y] = corners[at];
    handle.style.left = `${x}%`;
    handle.style.top = `${y}%`;
    handle.setAttribute("aria-label", `${form.dataset.corner} ${at + 1}: ${x}%, ${y}%`);
    handle.setAttribute("aria-pressed", String(at === chosen));
  });
  drop.disabled = corners.length <= FEWEST;
  add.disabled = corners.length >= MOST;
}

function write() {
  corners.forEach(([x, y], at) => {
    const [left, top] = fields(list.children[at]);
    left.value = x;
    top.value = y;
  });
}

function line(corner, at) {
  const made = model.cloneNode(true);
  made.querySelector(".unseen").textContent = `${form.dataset.corner} ${at + 1}, `;
  fields(made).forEach((field, axis) => (field.value = corner[axis]));
  return made;
}

function handle(at) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "corner";
  made.title = form.dataset.help;
  made.addEventListener("focus", () => choose(at));
  made.addEventListener("keydown", (event) => press(event, at));
  made.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    made.focus();
    made.setPointerCapture(event.pointerId);
  });
  made.addEventListener("pointermove", (event) => {
    if (made.hasPointerCapture(event.pointerId)) drag(event, at);
  });
  return made;
}

function build() {
  list.replaceChildren(...corners.map(line));
  for (const old of stage.querySelectorAll(".corner")) old.remove();
  stage.append(...corners.map((_, at) => handle(at)));
  draw();
}

function choose(at) {
  chosen = at;
  draw();
}

function move(at, x, y) {
  corners[at] = [bounded(x), bounded(y)];
  write();
  draw();
}

function drag(event, at) {
  const frame = stage.getBoundingClientRect();
  const across = (event.clientX - frame.left) / frame.width;
  const down = (event.clientY - frame.top) / frame.height;
  move(at, 100 * across, 100 * down);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function press(event, at) {
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    remove(at);
    return;
  }
  const way = ARROWS[event.key];
  if (!way) return;
  event.preventDefault();
  const step = event.shiftKey ? LARGE_STEP : STEP;
  move(at, corners[at][0] + way[0] * step, corners[at][1] + way[1] * step);
}

function focusOn(at) {
  chosen = at;
  stage.querySelectorAll(".corner")[at].focus();
}

function remove(at) {
  if (corners.length <= FEWEST) return;
  corners.splice(at, 1);
  build();
  focusOn(Math.min(at, corners.length - 1));
}

// Adds one in the middle between the chosen corner and the next.
function insert() {
  const [one, next] = [corners[chosen], corners[(chosen + 1) % corners.length]];
  corners.splice(chosen + 1, 0, [bounded((one[0] + next[0]) / 2), bounded((one[1] + next[1]) / 2)]);
  build();
  focusOn(chosen + 1);
}

list.addEventListener("input", () => {
  const now = read();
  if (now.length !== corners.length) return; // while a field is being typed in
  corners = now;
  draw();
});
add.addEventListener("click", insert);
drop.addEventListener("click", () => remove(chosen));
corners = read();
form.querySelector("[data-tools]").hidden = false;
build();
