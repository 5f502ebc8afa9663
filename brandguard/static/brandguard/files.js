// Lists the files chosen or dropped in an input (data-most: how many it takes), with what can be told
// of each at once, and stops one too many before they are all sent. The server judges again.
const SMALL = 300; // pixels of the longer side (fingerprints/images/quality.py has the same numbers)
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

// Of a type that browsers do not show, and the service reads.
function isNotShown(file, words) {
  return words.notShownTypes.split(" ").some((ending) => file.name.toLowerCase().endsWith(ending));
}

async function warnings(file, line, words) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return [isNotShown(file, words) ? words.notShown : words.unreadable];
  }
  const canvas = drawn(bitmap);
  line.prepend(canvas);
  const found = [];
  if (Math.max(bitmap.width, bitmap.height) < SMALL) found.push(words.small);
  const sharp = sharpness(canvas);
  if (sharp < PLAIN_BELOW) found.push(words.plain);
  else if (sharp < SHARP_FROM) found.push(words.blurred);
  return found;
}

function entry(file, list) {
  const line = document.createElement("li");
  line.append(`${file.name} · ${size(file.size)}`);
  warnings(file, line, list.dataset).then((found) => {
    for (const text of found) {
      const tag = document.createElement("span");
      tag.className = "tag tag-wait";
      tag.textContent = text;
      line.append(tag);
    }
  });
  return line;
}

function show(input, list) {
  list.replaceChildren(...Array.from(input.files, (file) => entry(file, list)));
  const tooMany = input.files.length > Number(input.dataset.most);
  input.setCustomValidity(tooMany ? list.dataset.tooMany : "");
  if (tooMany) input.reportValidity();
}

document.addEventListener("change", (event) => {
  const list = document.querySelector(`[data-files-of="${event.target.id}"]`);
  if (list) show(event.target, list);
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("progress.upload");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});
