// Lays the two pictures of an alert over one another by the geometry of the match, and enlarges them.
const BLINK_MS = 500; // two changes a second: below the three that WCAG 2.3.1 allows
const panel = document.querySelector(".compare");
const warp = panel.dataset.warp ? JSON.parse(panel.dataset.warp) : null;
const [listing, view] = panel.querySelectorAll(".drawn");
const slider = panel.querySelector(".slider");
let laid = null;
let blinking = null;

// --- the position of a picture in its box (object-fit: contain) -------------------------------------
function placed(box) {
  const image = box.querySelector("img");
  const width = Number(image.getAttribute("width"));
  const height = Number(image.getAttribute("height"));
  const scale = Math.min(box.clientWidth / width, box.clientHeight / height);
  return {
    left: (box.clientWidth - width * scale) / 2,
    top: (box.clientHeight - height * scale) / 2,
    width: width * scale,
    height: height * scale,
  };
}

// --- one over the other ------------------------------------------------------------------------
// `warp` maps normalised coordinates of the view to the listing; CSS needs pixels, column by column.
function matrix({ width: w, height: h }) {
  const [a, b, c, d, e, f, g, i, j] = warp;
  return [a, (d * h) / w, 0, g / w, (b * w) / h, e, 0, i / h, 0, 0, 1, 0, c * w, f * h, 0, j];
}

function lay() {
  if (!laid) return;
  const at = placed(listing);
  laid.style.left = `${at.left}px`;
  laid.style.top = `${at.top}px`;
  laid.style.width = `${at.width}px`;
  laid.style.height = `${at.height}px`;
  laid.firstChild.style.transform = `matrix3d(${matrix(at).join(",")})`;
  cut();
}

function layer() {
  const sheet = document.createElement("span");
  sheet.className = "laid";
  const image = new Image();
  image.src = view.querySelector("img").src;
  image.alt = "";
  sheet.append(image);
  listing.querySelector(".plane").append(sheet);
  return sheet;
}

function cut() {
  const hidden = panel.dataset.mode === "slider" ? 100 - Number(slider.value) : 0;
  laid.style.clipPath = `inset(0 ${hidden}% 0 0)`;
}

function blink() {
  laid.hidden = !laid.hidden;
}

function compare(mode) {
  if (mode !== "side" && !warp) return;
  panel.dataset.mode = mode;
  clearInterval(blinking);
  for (const button of panel.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  }
  slider.hidden = mode !== "slider";
  if (mode === "side") {
    laid?.remove();
    laid = null;
  } else {
    laid ??= layer();
    laid.hidden = false;
    if (mode === "blink") blinking = setInterval(blink, BLINK_MS);
  }
  lay();
  aim();
}

// --- zoom ------------------------------------------------------------------------------------
const looks = new Map([listing, view].map((box) => [box, { scale: 1, x: 0.5, y: 0.5 }]));

function show(box) {
  const { scale, x, y } = looks.get(box);
  const across = box.clientWidth * (0.5 - x * scale);
  const down = box.clientHeight * (0.5 - y * scale);
  const plane = box.querySelector(".plane");
  plane.style.transform =
    scale === 1 ? "" : `translate(${across}px, ${down}px) scale(${scale})`;
}

// One pixel of the picture for one of the screen, but at least twice the size.
function closest(box) {
  const image = box.querySelector("img");
  return Math.max(2, image.naturalWidth / placed(box).width || 2);
}

function middle(box) {
  const region = box.querySelector(".region-line")?.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  if (!region?.width) return { x: 0.5, y: 0.5 };
  return {
    x: (region.left + region.width / 2 - frame.left) / frame.width,
    y: (region.top + region.height / 2 - frame.top) / frame.height,
  };
}

function zoom(box, closer, at) {
  looks.set(box, closer ? { scale: closest(box), ...at } : { scale: 1, x: 0.5, y: 0.5 });
  show(box);
}

function isClose() {
  return [...looks.values()].some((look) => look.scale > 1);
}

function tell() {
  panel.querySelector("[data-zoom]").setAttribute("aria-pressed", String(isClose()));
}

function zoomBoth() {
  const closer = !isClose();
  for (const box of looks.keys()) zoom(box, closer, closer ? middle(box) : null);
  tell();
}

function aim() {
  for (const box of looks.keys()) zoom(box, false);
  tell();
}

function follow(box) {
  let from = null;
  let moved = false;
  box.addEventListener("dragstart", (event) => event.preventDefault());
  box.addEventListener("pointerdown", (event) => {
    from = event;
    moved = false;
  });
  box.addEventListener("pointermove", (event) => {
    const look = looks.get(box);
    if (!from || look.scale === 1) return;
    const [across, down] = [event.clientX - from.clientX, event.clientY - from.clientY];
    moved ||= Math.hypot(across, down) > 3;
    look.x -= across / box.clientWidth / look.scale;
    look.y -= down / box.clientHeight / look.scale;
    from = event;
    show(box);
  });
  for (const end of ["pointerup", "pointerleave", "pointercancel"]) {
    box.addEventListener(end, () => (from = null));
  }
  box.addEventListener("click", (event) => {
    event.preventDefault();
    if (moved) return;
    const frame = box.getBoundingClientRect();
    const closer = looks.get(box).scale === 1;
    const at = event.detail // 0 for a click by keyboard
      ? {
          x: (event.clientX - frame.left) / frame.width,
          y: (event.clientY - frame.top) / frame.height,
        }
      : middle(box);
    zoom(box, closer, at);
    tell();
  });
}

// --- start -------------------------------------------------------------------------------------
panel.querySelector(".modes").hidden = false;
panel.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.mode) compare(button.dataset.mode);
  else if (button) zoomBoth();
});
slider.addEventListener("input", cut);
looks.forEach((_, box) => follow(box));
addEventListener("resize", () => {
  lay();
  looks.forEach((_, box) => show(box));
});
