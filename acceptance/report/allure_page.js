// On the page of a scenario that has not passed, its picture comes first, open. Allure draws a page anew whenever it
// likes, so whatever it draws is looked at; a picture that somebody has closed stays closed.
(() => {
  const NOT_PASSED = "[data-testid=test-result-status-failed], [data-testid=test-result-status-broken], [data-testid=test-result-status-unknown]";
  let opened = "";
  const look = () => {
    const all = document.querySelectorAll("[data-testid=test-result-steps-root] > [data-testid=test-result-attachment]");
    const picture = [...all].find((attachment) => attachment.textContent.includes("image/svg+xml"));
    if (!picture || !document.querySelector(NOT_PASSED)) return;
    picture.classList.add("first");
    if (opened === location.hash) return;
    opened = location.hash;
    if (picture.childElementCount === 1) picture.querySelector("button").click();
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();

// Allure opens scrolled to the first scenario that has not passed, past its own title. It stays at its top until
// somebody does something.
(() => {
  let used = false;
  for (const input of ["pointerdown", "keydown", "wheel", "touchstart"])
    addEventListener(input, () => { used = true; }, { capture: true, once: true, passive: true });
  const back = ({ target }) => {
    if (!used) (target.scrollingElement ?? target).scrollTop = 0;
  };
  addEventListener("scroll", back, { capture: true, passive: true });
})();

// A scenario has the same name here and in the specification, in every run. A link by that name leads to its last
// result, and its page leads back. Allure names a result anew in each run.
(() => {
  const places = JSON.parse(document.getElementById("places").textContent);
  const results = Object.fromEntries(Object.entries(places).map(([result, place]) => [place, result]));
  const arrive = () => {
    const result = results[location.hash.slice(1)];
    if (result) history.replaceState(null, "", `#${result}`);
  };
  arrive();
  // Before Allure, which hears both as well.
  for (const moved of ["popstate", "hashchange"]) addEventListener(moved, arrive);

  const link = document.createElement("a");
  link.id = "in-the-specification";
  link.textContent = "In the specification";
  const show = () => {
    const title = document.querySelector("[data-testid=test-result-info-title]");
    const place = places[location.hash.slice(1).split("/")[0]];
    if (!title || !place) return link.remove();
    link.href = `specification.html#${place}`;
    if (title.nextElementSibling !== link) title.after(link);
  };
  new MutationObserver(show).observe(document.documentElement, { childList: true, subtree: true });
})();
