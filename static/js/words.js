// What the scripts say to people, in the language of the page: they write it in English, and a page in
// another language brings a table of it in data-words. Names in braces are laid in.
const known = {};
for (const holder of document.querySelectorAll("[data-words]")) {
  Object.assign(known, JSON.parse(holder.dataset.words));
}

export function said(text, values = {}) {
  return (known[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
