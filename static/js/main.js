// A behaviour is loaded where its selector matches; every page works without any of them.
const behaviours = {
  "[data-desk]": "desk",
  "[data-focus]": "focus",
  "[data-fold]": "fold",
  "[data-fresh]": "fresh",
  "[data-grow]": "grow",
  "[data-insert]": "insert",
  "[data-lexicon]": "lexicon",
  "[data-once]": "once",
  "[data-passkey]": "passkey",
  "[data-preview]": "preview",
  "[data-progress]": "progress",
  "[data-seconds]": "seconds",
  "[data-suggest]": "suggest",
  "[data-video]": "video",
  ".prose table": "table",
};

function enliven(root) {
  for (const [selector, name] of Object.entries(behaviours)) {
    const elements = root.querySelectorAll(selector);
    if (elements.length > 0) {
      import(`./behaviours/${name}.js`).then(({ start }) => elements.forEach(start));
    }
  }
}

enliven(document);
document.addEventListener("drawn", (event) => enliven(event.target));
import("./behaviours/offline.js").then(({ start }) => start());
