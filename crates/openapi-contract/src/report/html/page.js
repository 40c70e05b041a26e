
"use strict";
// Stores the filter in the URL (#level=breaking,risky), and shows the number of shown findings.
(() => {
  const boxes = [...document.querySelectorAll(".filter input")];
  const status = document.querySelector(".filter output");
  if (!status) return;
  document.querySelector(".filter").addEventListener("submit", (event) => event.preventDefault());

  const showCount = () => {
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
    showCount();
  };

  const write = () => {
    const levels = boxes.filter((box) => box.checked).map((box) => box.value);
    const all = levels.length === boxes.length;
    showCount();
    try {
      history.replaceState(null, "", all ? location.pathname + location.search : "#level=" + levels.join(","));
    } catch {
      // A frame may have no URL of its own. The filter works without it.
    }
  };

  for (const box of boxes) box.addEventListener("change", write);
  addEventListener("hashchange", read);
  read();
})();
