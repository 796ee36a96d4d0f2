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
    if (name === "reject" && element.tagName === "A") {
      openReject(element);
    } else if (element.tagName === "DETAILS") {
      element.open = true;
      $("select, input:not([type=hidden])", element).focus();
    } else if (element.tagName === "INPUT") {
      element.focus();
    } else {
      element.click();
    }
    return true;
  }

  // The list has one set of reasons for all rows; it is put into the row that asks for it.
  function openReject(link) {
    closeReject();
    const part = $("#bo-qua-mau").content.cloneNode(true);
    const where = $('[data-do="confirm"]', link.closest("[data-row]")).getAttribute("formaction");
    $("button", part).setAttribute("formaction", where);
    link.after(part);
    link.hidden = true;
    $(".reject select").focus();
  }

  function closeReject() {
    const part = $(".reject");
    if (!part) return;
    part.previousElementSibling.hidden = false;
    part.remove();
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

  // On a story's page a digit ticks the type of that number.
  function tick(number) {
    const box = all('.decide[open] input[type=checkbox][name="types"]')[number - 1];
    if (box) box.click();
    return Boolean(box);
  }

  // Menus close when one looks elsewhere.
  const menus = () => all(".menu details[open]");
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("focusin", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    c: () => press("confirm"),
    x: () => press("reject"),
    "?": () => press("unsure"),
    u: () => (!rows().length && press("undo")) || press("undo-last"),
    v: () => press("case") || press("case-done"),
    m: () => press("merge"),
    s: () => press("split"),
    n: () => press("note"),
    l: () => press("list"),
    t: toggleText,
    h: help,
    "/": () => { const link = $('a[href="/tim"]'); if (link) link.click(); return Boolean(link); },
  };

  const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const focused = document.activeElement || document.body;
    const reject = focused.closest('.reject, details[data-do="reject"]');
    if (reject && focused.matches("select") && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      if (Number(event.key) >= focused.options.length) return;
      focused.selectedIndex = Number(event.key);
      if (focused.selectedOptions[0].hasAttribute("data-note")) $("input[name=note]", reject.matches(".reject") ? reject : reject.closest("form")).focus();
      else $('button[value="reject"]', reject).click();
      return;
    }
    if (reject && event.key === "Enter" && focused.matches(".reject input, .reject select")) {
      event.preventDefault();
      $('button[value="reject"]', reject).click();
      return;
    }
    if (reject && event.key === "Escape") {
      const row = focused.closest("[data-row]");
      if (reject.matches(".reject")) closeReject();
      else reject.open = false;
      select(row);
      return;
    }
    if (event.key === "Escape" && menus().length) {
      menus().forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
      return;
    }
    if (typing(focused) || $("dialog[open]")) return;
    const act = /^[1-7]$/.test(event.key) ? () => tick(Number(event.key)) : keys[event.key];
    if (act && act()) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest('[data-do="help"]');
    if (button) help();
    const reject = event.target.closest('a[data-do="reject"]');
    if (reject && $("#bo-qua-mau")) { event.preventDefault(); openReject(reject); }
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button, summary, input, select, label")) select(row, false);
  });

  // After a decision the answer is the whole next page, without a second round trip: its main part takes the place of ours.
  // Of the list's one form only the fields of the button's own row go along.
  function fieldsOf(form, button) {
    const row = button && button.closest("[data-row]");
    if (!row) return new URLSearchParams(new FormData(form));
    const wanted = [...all(":scope > input[type=hidden]", form), ...all("input, select", row)];
    return new URLSearchParams(wanted.filter((field) => field.name).map((field) => [field.name, field.value]));
  }

  async function swap(address, form, button) {
    const data = fieldsOf(form, button);
    if (button && button.name) data.append(button.name, button.value);
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body: data, credentials: "same-origin", headers: { "x-in-one-go": "1" } });
    } catch {
      (button || form).after(Object.assign(document.createElement("p"), { className: "alert", role: "alert", textContent: "Mất kết nối: chưa lưu. Hãy thử lại." }));
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = $("main", page);
    if (!main) { location.reload(); return; }
    $("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    const there = answer.headers.get("x-address") || (answer.redirected && answer.url);
    if (there) history.pushState(null, "", there);
    if (!rows().length) { const top = $("main"); top.focus(); window.scrollTo(0, 0); }
    start();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const address = (button && button.getAttribute("formaction")) || form.getAttribute("action") || "";
    if (!/\/(quyet-dinh|hoan-tac)(\?|$)/.test(address)) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    swap(address, form, button).finally(() => { delete form.dataset.busy; });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.cite");
    const words = link && document.getElementById(link.hash.slice(1));
    if (!words) return;
    event.preventDefault();
    const folded = words.closest("details");
    if (folded) folded.open = true;
    words.tabIndex = -1;
    words.focus({ preventScroll: true });
    words.scrollIntoView({ block: "center" });
  });
  window.addEventListener("popstate", () => location.reload());
  start();
})();
