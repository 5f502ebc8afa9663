// Keys for every step of a review; "?" shows them. Deciding works without them.
const help = document.getElementById("keys");

function press(selector) {
  const found = document.querySelector(selector);
  if (found) found.click();
  return Boolean(found);
}

function choose(number) {
  const choices = document.querySelectorAll(".outcomes input");
  if (!choices[number - 1]) return false;
  choices[number - 1].checked = true;
  choices[number - 1].focus();
  return true;
}

function move(step) {
  const rows = [...document.querySelectorAll(".alerts a.cover")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, at + step))].focus();
  return true;
}

function goTo(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  return Boolean(found);
}

// Side by side, slider, blink, and side by side again.
function compareOtherwise() {
  const ways = [...document.querySelectorAll(".modes:not([hidden]) [data-mode]")];
  const now = ways.findIndex((way) => way.getAttribute("aria-pressed") === "true");
  ways[(now + 1) % ways.length]?.click();
  return ways.length > 0;
}

const ACTIONS = {
  "?": () => help && (help.open ? help.close() : help.showModal(), true),
  d: () => press(".decide .button"),
  s: () => press('[data-key="s"]'),
  e: () => press('[data-key="e"]'),
  r: () => goTo(".decide select"),
  c: () => goTo(".decide textarea"),
  v: compareOtherwise,
  z: () => press("[data-zoom]"),
  u: () => press(".undo button"),
  n: () => press("a[rel=next]"),
  o: () => press("#show-region"),
  j: () => move(1),
  k: () => move(-1),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest(
    "textarea, select, input:not([type=radio], [type=checkbox], [type=range])",
  );
  if (typing && event.key === "Escape") event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const done = /^[1-9]$/.test(event.key) ? choose(Number(event.key)) : ACTIONS[event.key]?.();
  if (done) event.preventDefault();
});

// Loads the next alert's pictures into the browser's cache in advance.
window.addEventListener("load", () => {
  for (const place of document.querySelectorAll("[data-preload]")) {
    for (const address of place.dataset.preload.split(" ")) new Image().src = address;
  }
});
