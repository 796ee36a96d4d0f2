// Help only: while a job waits or runs, its table is fetched anew every few seconds; the page as a whole once it ended.
"use strict";
(() => {
  const table = document.querySelector("[data-refresh]");
  if (!table) return;
  const look = async () => {
    const answer = await fetch(window.location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-refresh]");
    if (!fresh) {
      window.location.reload();
    } else if (!table.contains(document.activeElement)) {
      table.replaceChildren(...fresh.children);
    }
  };
  window.setInterval(() => look().catch(() => {}), 1000 * Number(table.dataset.refresh));
})();
