"use strict";
// Measures the page that contains it, and stores the result in the root element of the window.
(() => {
  const shown = (element) => element.getClientRects().length > 0;
  const articles = () => {
    const counts = {};
    for (const article of document.querySelectorAll("article")) {
      if (shown(article)) counts[article.className] = (counts[article.className] ?? 0) + 1;
    }
    return counts;
  };

  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (element) => {
    const pair = [getComputedStyle(element).color, ground(element)].map(luminance);
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  };
  const faint = () => {
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      const text = texts.currentNode.data.trim();
      if (text && shown(element) && contrast(element) < 4.5) found.push(text);
    }
    return found;
  };

  const wide = [...document.body.querySelectorAll("*")]
    .filter((element) => shown(element) && element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.tagName + "." + element.className);
  const result = {
    width: innerWidth,
    overflow: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    wide,
    ground: getComputedStyle(document.body).backgroundColor,
    faint: faint(),
    fetched: performance.getEntriesByType("resource").map((entry) => entry.name),
    handlers: [...document.querySelectorAll("*")]
      .flatMap((element) => [...element.attributes])
      .map((attribute) => attribute.name)
      .filter((name) => name.startsWith("on") || name === "style" || name === "src"),
    scripts: document.scripts.length,
    headings: [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1])),
    landmarks: ["header", "main", "section", "form"].filter((name) => document.querySelector(name)),
    unnamed: [...document.querySelectorAll("input")].filter((input) => !input.labels[0]?.textContent.trim()).length,
    shown: articles(),
  };
  const box = document.getElementById("show-breaking");
  if (box) {
    const before = box.checked;
    box.click();
    result.clicked = {
      shown: articles(),
      status: document.querySelector("output").textContent,
      url: location.hash,
    };
    if (box.checked !== before) box.click();
  }
  const json = JSON.stringify(result).replace(/[^\x20-\x7e]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
  top.document.documentElement.dataset.probe = btoa(json);
})();
