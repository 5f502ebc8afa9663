// Lists the files chosen or dropped in an input (data-most: their limit), with immediate warnings about
// each. An unreadable file, or one too many, blocks the form; every file can be removed again. The
// server repeats all checks.
const SMALL = 300; // pixels of the longer side (vision/pictures/quality.py has the same numbers)
const SIDE = 256;
const SHARP_FROM = 30; // variance of the Laplacian at SIDE pixels
const PLAIN_BELOW = 2;

const inUnit = (unit) =>
  new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit,
    maximumFractionDigits: unit === "megabyte" ? 1 : 0,
  });

function size(bytes) {
  if (bytes >= 1e6) return inUnit("megabyte").format(bytes / 1e6);
  return inUnit("kilobyte").format(Math.ceil(bytes / 1e3));
}

function drawn(bitmap) {
  const scale = SIDE / Math.max(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function sharpness(canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const grey = new Float32Array(width * height);
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  }
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const value =
        grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at];
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  return count ? squares / count - (sum / count) ** 2 : 0;
}

// Whether the service reads this type although browsers do not show it.
function isNotShown(file, words) {
  return words.notShownTypes.split(" ").some((ending) => file.name.toLowerCase().endsWith(ending));
}

async function judged(file, line, words) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    if (isNotShown(file, words)) return { warnings: [words.notShown] };
    return { error: words.unreadable, warnings: [] };
  }
  const canvas = drawn(bitmap);
  line.prepend(canvas);
  const found = [];
  if (Math.max(bitmap.width, bitmap.height) < SMALL) found.push(words.small);
  const sharp = sharpness(canvas);
  if (sharp < PLAIN_BELOW) found.push(words.plain);
  else if (sharp < SHARP_FROM) found.push(words.blurred);
  return { warnings: found };
}

function tag(text, look) {
  const made = document.createElement("span");
  made.className = `tag ${look}`;
  made.textContent = text;
  return made;
}

function takeOut(file, input, list) {
  const left = new DataTransfer();
  for (const one of input.files) if (one !== file) left.items.add(one);
  input.files = left.files;
  show(input, list);
  (list.querySelector("button") ?? input).focus();
}

function entry(file, input, list, unread) {
  const line = document.createElement("li");
  line.append(`${file.name} · ${size(file.size)}`);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = list.dataset.takeOut;
  button.setAttribute("aria-label", `${list.dataset.takeOut} – ${file.name}`);
  button.addEventListener("click", () => takeOut(file, input, list));
  judged(file, line, list.dataset).then(({ error, warnings }) => {
    const tags = warnings.map((text) => tag(text, "tag-wait"));
    if (error) tags.push(tag(error, "tag-bad"));
    button.before(...tags);
    if (error) unread.push(file.name);
    if (error) forbid(input, list, unread);
  });
  line.append(button);
  return line;
}

// A late result of an earlier choice says nothing about the present one.
const chosen = new WeakMap();

function forbid(input, list, unread) {
  if (chosen.get(input) !== unread) return;
  const tooMany = input.files.length > Number(input.dataset.most);
  const unreadable = unread.map((name) => `${name}: ${list.dataset.unreadable}.`).join(" ");
  const remedy = unread.length ? list.dataset.unreadableRemedy : "";
  input.setCustomValidity(tooMany ? list.dataset.tooMany : `${unreadable} ${remedy}`.trim());
  if (tooMany) input.reportValidity();
}

function show(input, list) {
  const unread = [];
  chosen.set(input, unread);
  list.replaceChildren(...Array.from(input.files, (file) => entry(file, input, list, unread)));
  forbid(input, list, unread);
}

function listOf(input) {
  return document.querySelector(`[data-files-of="${input.id}"]`);
}

document.addEventListener("change", (event) => {
  const list = listOf(event.target);
  if (list) show(event.target, list);
});

// After a refusal the input keeps its files (hx-preserve); their list is drawn again.
document.addEventListener("htmx:afterSettle", () => {
  for (const list of document.querySelectorAll("[data-files-of]:empty")) {
    const input = document.getElementById(list.dataset.filesOf);
    if (input?.files.length) show(input, list);
  }
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("progress.upload");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});
