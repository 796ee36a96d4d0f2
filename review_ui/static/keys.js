// Help only: every page works without this file. Keys press the buttons and links that are there anyway, and forms
// marked data-do on the list are sent in the background so that the next item is there at once.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  const rows = () => all("[data-row]");
  const here = () => $("[data-row].here");
  const open = (row) => row && !row.classList.contains("done");

  function select(row, scroll = true) {
    if (!row) return;
    rows().forEach((other) => other.classList.toggle("here", other === row));
    const link = $('[data-do="open"]', row);
    if (link) link.focus({ preventScroll: true });
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }

  function start() {
    all(".keys-only").forEach((element) => { element.hidden = false; });
    if (!rows().length) return;
    const picked = here();
    const target = picked || (location.hash ? document.getElementById(location.hash.slice(1)) : null);
    select(target && target.matches("[data-row]") ? target : rows().find(open) || rows()[0], Boolean(target));
  }

  function step(by) {
    const list = rows();
    if (!list.length) return press(by > 0 ? "next" : "previous");
    const at = list.indexOf(here());
    select(list[Math.min(Math.max(at + by, 0), list.length - 1)]);
    return true;
  }

  function find(name) {
    const row = here();
    if (row) return $(`[data-do="${name}"]`, row) || (["open", "confirm", "unsure", "reject"].includes(name) ? null : $(`[data-do="${name}"]`));
    return $(`[data-do="${name}"]`);
  }

  function press(name) {
    const element = find(name);
    if (!element) return false;
    if (element.tagName === "DETAILS") {
      element.open = true;
      $("select", element).focus();
    } else {
      element.click();
    }
    return true;
  }

  function help() {
    const dialog = $("#phim-tat");
    if (dialog && !dialog.open) dialog.showModal();
    return Boolean(dialog);
  }

  function toggleText() {
    const text = $("#noi-dung-bai");
    if (text) text.open = !text.open;
    return Boolean(text);
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    c: () => press("confirm"),
    x: () => press("reject"),
    "?": () => press("unsure"),
    u: () => (rows().length ? press("undo-last") : press("undo")),
    v: () => press("case"),
    m: () => press("merge"),
    l: () => press("list"),
    t: toggleText,
    h: help,
    "/": () => { const link = $('a[href="/tim"]'); if (link) link.click(); return Boolean(link); },
  };

  const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const focused = document.activeElement || document.body;
    if (focused.matches('details[data-do="reject"] select') && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      focused.selectedIndex = Number(event.key);
      const details = focused.closest("details");
      const last = focused.selectedIndex === focused.options.length - 1;
      if (last) (($("input[name=note]", details) || $("input[name=note]", details.closest("form"))).focus());
      else $('button[value="reject"]', details).click();
      return;
    }
    if (event.key === "Escape" && focused.closest('details[data-do="reject"]')) {
      focused.closest("details").open = false;
      select(focused.closest("[data-row]"));
      return;
    }
    if (typing(focused) || $("dialog[open]")) return;
    const act = keys[event.key];
    if (act && act()) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest('[data-do="help"]');
    if (button) help();
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button, summary, input, select, label")) select(row, false);
  });

  // After a decision the answer is a whole page: its main part takes the place of ours.
  async function swap(form, button) {
    const data = new URLSearchParams(new FormData(form));
    if (button && button.name) data.append(button.name, button.value);
    let answer;
    try {
      answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, credentials: "same-origin" });
    } catch {
      form.append(Object.assign(document.createElement("p"), { className: "alert", role: "alert", textContent: "Mất kết nối: chưa lưu. Hãy thử lại." }));
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = $("main", page);
    if (!main) { location.reload(); return; }
    $("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    if (answer.redirected) history.pushState(null, "", answer.url);
    if (!rows().length) { const top = $("main"); top.focus(); window.scrollTo(0, 0); }
    start();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const action = form.getAttribute("action") || "";
    if (!/\/(quyet-dinh|hoan-tac)(\?|$)/.test(action)) return;
    event.preventDefault();
    all("button", form).forEach((button) => { button.disabled = button !== event.submitter; });
    swap(form, event.submitter);
  });
  window.addEventListener("popstate", () => location.reload());
  start();
})();
