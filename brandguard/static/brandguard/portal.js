// Says so when the server did not take what was sent: the page itself cannot show it.
const notice = document.getElementById("trouble");

function tell(text) {
  notice.textContent = text;
  notice.hidden = text === "";
}

document.body.addEventListener("htmx:sendError", () => tell(notice.dataset.unreachable));
document.body.addEventListener("htmx:timeout", () => tell(notice.dataset.unreachable));
document.body.addEventListener("htmx:responseError", () => tell(notice.dataset.refused));
document.body.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.successful) tell("");
});
