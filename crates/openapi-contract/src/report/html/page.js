
"use strict";
// Keeps the filter in the address (#level=breaking,risky), and says how much is shown.
(() => {
  const boxes = [...document.querySelectorAll(".filter input")];
  const status = document.querySelector(".filter output");
  if (!status) return;
  document.querySelector(".filter").addEventListener("submit", (event) => event.preventDefault());

  const tell = () => {
    const all = document.querySelectorAll("article").length;
    const shown = boxes
      .filter((box) => box.checked)
      .reduce((sum, box) => sum + document.querySelectorAll("section." + box.value + " article").length, 0);
    status.textContent = shown === all ? "" : `${shown} of ${all} shown`;
  };

  const read = () => {
    const match = /^#level=([a-z,]*)$/.exec(location.hash);
    if (match) {
      const levels = match[1].split(",");
      for (const box of boxes) box.checked = levels.includes(box.value);
    }
    tell();
  };

  const write = () => {
    const levels = boxes.filter((box) => box.checked).map((box) => box.value);
    const all = levels.length === boxes.length;
    tell();
    try {
      history.replaceState(null, "", all ? location.pathname + location.search : "#level=" + levels.join(","));
    } catch {
      // A frame may have no address of its own. The filter works all the same.
    }
  };

  for (const box of boxes) box.addEventListener("change", write);
  addEventListener("hashchange", read);
  read();
})();
