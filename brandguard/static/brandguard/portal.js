// Reports that the server did not accept a request, because the page itself cannot show it.
function tell(word) {
  const notice = document.getElementById("trouble");
  if (!notice) return;
  notice.textContent = word ? notice.dataset[word] : "";
  notice.hidden = !word;
}

document.addEventListener("htmx:sendError", () => tell("unreachable"));
document.addEventListener("htmx:timeout", () => tell("unreachable"));
document.addEventListener("htmx:responseError", () => tell("refused"));
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.successful) tell("");
});

// A form returns a whole page; this scrolls to its message or its error.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== document.body) return;
  const wrong = document.querySelector(".errorlist, .refusals");
  if (wrong) wrong.scrollIntoView({ block: "center" });
  else window.scrollTo(0, 0);
  const field = wrong?.closest(".field")?.querySelector("input, select, textarea");
  (field ?? document.getElementById("content"))?.focus({ preventScroll: true });
});

// Counts down the time to undo and then removes the button, because a later click would come too late.
function countDown() {
  for (const form of document.querySelectorAll("[data-until]")) {
    const left = Math.ceil((new Date(form.dataset.until) - Date.now()) / 1000);
    const place = form.querySelector(".countdown");
    if (left > 0) place.textContent = left;
    else form.querySelector("button").hidden = true;
  }
}
countDown();
setInterval(countDown, 1000);
