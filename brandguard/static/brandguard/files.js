// Lists the files chosen in an input (data-most: how many it takes) and stops one too many before
// they are all sent.
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

function show(input, list) {
  const lines = Array.from(input.files, (file) => {
    const line = document.createElement("li");
    line.textContent = `${file.name} · ${size(file.size)}`;
    return line;
  });
  list.replaceChildren(...lines);
  const tooMany = input.files.length > Number(input.dataset.most);
  input.setCustomValidity(tooMany ? list.dataset.tooMany : "");
  if (tooMany) input.reportValidity();
}

for (const list of document.querySelectorAll("[data-files-of]")) {
  const input = document.getElementById(list.dataset.filesOf);
  input.addEventListener("change", () => show(input, list));
}
