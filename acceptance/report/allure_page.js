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
