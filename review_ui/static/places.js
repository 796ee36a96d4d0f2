// Type-ahead for the place of a story. Without this file the form resolves the words when it is sent.
"use strict";
(() => {
  const input = () => document.querySelector("[data-place-input]");
  const list = () => document.getElementById("noi-goi-y");
  let offers = [], picked = 0, asked = 0, about = "";

  function close() {
    const box = list();
    if (!box) return;
    box.hidden = true;
    box.replaceChildren();
    input().setAttribute("aria-expanded", "false");
    input().removeAttribute("aria-activedescendant");
  }

  function mark(number) {
    picked = (number + offers.length) % offers.length;
    [...list().children].forEach((option, at) => option.setAttribute("aria-selected", String(at === picked)));
    input().setAttribute("aria-activedescendant", `noi-${picked}`);
  }

  function show(found) {
    offers = found;
    if (!found.length) return close();
    list().replaceChildren(...found.map((one, at) => {
      const option = document.createElement("span");
      option.id = `noi-${at}`;
      option.setAttribute("role", "option");
      option.textContent = one.label;
      option.addEventListener("mousedown", (event) => { event.preventDefault(); send(one); });
      return option;
    }));
    list().hidden = false;
    input().setAttribute("aria-expanded", "true");
    mark(0);
  }

  function send(one) {
    const form = input().form;
    form.elements.ref.value = one.ref;
    input().value = one.label;
    form.querySelector('button[value="set"]').click();
  }

  async function ask() {
    const number = ++asked;
    const words = input().value.trim();
    if (words.length < 2) { offers = []; return close(); }
    try {
      const answer = await fetch(`/dia-danh?q=${encodeURIComponent(words)}`, { credentials: "same-origin" });
      if (!answer.ok) return;
      const found = await answer.json();
      if (number === asked) { about = words; show(found); list().dataset.about = words; }
    } catch { close(); }
  }

  function prepare() {
    const field = input();
    if (!field || field.getAttribute("role")) return;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "noi-goi-y");
    field.setAttribute("aria-expanded", "false");
  }

  document.addEventListener("input", (event) => { if (event.target === input()) { input().form.elements.ref.value = ""; ask(); } });
  document.addEventListener("focusin", prepare);
  document.addEventListener("focusout", (event) => { if (event.target === input()) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = input();
    if (!field) return;
    if (event.target === field) {
      // Offers for fewer letters than are typed by now are not taken: the server resolves the words instead.
      if (event.key === "Enter" && offers.length && !list().hidden && about === field.value.trim()) { event.preventDefault(); send(offers[picked]); }
      else if (event.key === "ArrowDown" && offers.length) { event.preventDefault(); mark(picked + 1); }
      else if (event.key === "ArrowUp" && offers.length) { event.preventDefault(); mark(picked - 1); }
      else if (event.key === "Escape") { event.preventDefault(); if (list().hidden) { field.closest("details").open = false; field.closest("details").querySelector("summary").focus(); } else close(); }
      return;
    }
    if (event.key !== "p" || event.target.matches("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    field.closest("details").open = true;
    prepare();
    field.focus();
    field.select();
  });
  prepare();
})();
