// Help only: while a job waits or runs, the page is fetched anew every few seconds.
"use strict";
(() => {
  const busy = document.querySelector("[data-refresh]");
  if (!busy) return;
  window.setTimeout(() => window.location.reload(), 1000 * Number(busy.dataset.refresh));
})();
