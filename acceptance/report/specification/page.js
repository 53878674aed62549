"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const all = (what, where = document) => [...where.querySelectorAll(what)];

  // --- search: all of the words, in a scenario, its rule or its feature
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const own = (section) => all(":scope > h2, :scope > h3, :scope > h4, :scope > .d, :scope > .b", section).map((it) => it.textContent).join(" ");
  let index;
  const read = () => all("article").map((article) => ({
    article,
    text: plain([article.textContent, own(article.closest(".r")), own(article.closest(".t"))].join(" ")),
  }));
  const show = () => {
    index ??= read();
    const words = plain(one("q").value).split(/\s+/).filter(Boolean);
    const verdict = one("verdict")?.value, kind = one("kind").value;
    let count = 0;
    for (const { article, text } of index) {
      article.hidden = !(words.every((word) => text.includes(word)) && (!verdict || article.dataset.v.split(" ").includes(verdict)) &&
        (!kind || article.dataset.k === kind));
      if (!article.hidden) count += Number(article.dataset.c);
    }
    const searched = words.length || verdict || kind;
    for (const section of all(".r, .t, .y")) section.hidden = Boolean(searched) && !section.querySelector("article:not([hidden])");
    for (const section of all(".l")) section.hidden = Boolean(searched);
    list(words, searched);
    one("none").hidden = count > 0 || !searched;
    one("found").textContent = searched ? `${count} scenario${count === 1 ? "" : "s"}` : "";
  };
  // The contents show where something was found; features that are called so come first.
  const lists = all("nav ul").map((ul) => [ul, [...ul.children]]);
  const list = (words, searched) => {
    const isCalledSo = (li) => words.length && words.every((word) => plain(li.firstElementChild.textContent).includes(word));
    const found = (li) => one(li.firstElementChild.hash.slice(1))?.closest(".t")?.querySelector("article:not([hidden])");
    for (const [ul, entries] of lists) {
      ul.append(...entries.filter(isCalledSo), ...entries.filter((li) => !isCalledSo(li)));
      for (const li of entries) li.hidden = Boolean(searched) && !found(li);
      ul.parentElement.hidden = entries.every((li) => li.hidden);
    }
  };
  const clear = () => { one("search").reset(); show(); };
  if (one("search")) {
    one("search").hidden = false;
    one("search").addEventListener("submit", (event) => event.preventDefault());
    one("search").addEventListener("input", show);
    one("all").addEventListener("click", clear);
    if (matchMedia("(max-width: 40rem)").matches) one("contents").open = false;
  }
  const arrive = () => {
    const there = one(decodeURIComponent(location.hash.slice(1)));
    if (there?.closest("[hidden]")) { clear(); there.scrollIntoView(); }
  };
  addEventListener("hashchange", arrive);

  // --- the meaning of a word, beside it
  const tip = one("tip");
  let shown;
  const hide = () => { tip.hidden = true; shown?.removeAttribute("aria-describedby"); shown = undefined; };
  const explain = (word) => {
    const meaning = one(word.hash.slice(1))?.querySelector("dd");
    if (!meaning) return;
    hide();
    shown = word;
    tip.replaceChildren(...[...meaning.childNodes].map((it) => it.cloneNode(true)));
    word.setAttribute("aria-describedby", "tip");
    tip.hidden = false;
    const at = word.getClientRects()[0], size = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${at.top > size.height + 4 ? at.top - size.height - 2 : at.bottom + 2}px`;
  };
  const word = (event) => event.target.closest?.(".w");
  for (const kind of ["mouseover", "focusin"])
    document.addEventListener(kind, (event) => { if (word(event)) explain(word(event)); });
  document.addEventListener("mouseout", (event) => {
    if (shown && word(event) && !tip.contains(event.relatedTarget)) hide();
  });
  tip.addEventListener("mouseleave", hide);
  document.addEventListener("focusout", (event) => { if (word(event)) hide(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", () => { if (shown && shown !== document.activeElement) hide(); }, { passive: true });
  document.addEventListener("click", (event) => { if (word(event) && !event.ctrlKey && !event.metaKey) { event.preventDefault(); explain(word(event)); } });

  // --- pictures, unpacked when the first one of their feature is opened
  const unpacked = new Map();
  const pictures = (store) => {
    if (!unpacked.has(store)) {
      const bytes = Uint8Array.from(atob(store.textContent), (letter) => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      unpacked.set(store, new Response(stream).json());
    }
    return unpacked.get(store);
  };
  document.addEventListener("toggle", async (event) => {
    const box = event.target;
    if (!box.matches?.(".p") || !box.open || box.querySelector("div")) return;
    const frame = box.appendChild(document.createElement("div"));
    try {
      const drawn = (await pictures(box.closest(".t").querySelector(".packed")))[box.dataset.n];
      const image = new Image();
      image.alt = box.querySelector("summary").textContent;
      image.src = URL.createObjectURL(new Blob([drawn], { type: "image/svg+xml" }));
      frame.append(image);
    } catch {
      frame.textContent = "This browser cannot unpack the picture; the run’s report shows it too.";
    }
  }, true);
  arrive();
})();
