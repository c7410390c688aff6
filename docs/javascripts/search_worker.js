/* The site's search, in place of the theme's: Vietnamese typed without its signs finds what is written with them, all words
   count before some do, the page's own language comes first, and what is shown of a page are its own sentences.
   The messages are the theme's: a set-up answered by "ready", a query answered by results. */
const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
const LONGEST_EXCERPT = 220;
const MOST_SHOWN = 60;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;
const HERE = String((self.document && document.currentScript && document.currentScript.src) || self.location);
const LANGUAGE = (/[?&]lang=(\w+)/.exec(HERE) || [])[1] || "en";

let sections = [];
let holders = new Map(); // a word without its signs → the places of the sections that hold it
let words = [];

const folded = (text) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/\p{M}/gu, "");
const written = (text) => text.toLowerCase().normalize("NFC");
const SIGNS = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'", nbsp: " " };
const read = (html) => html.replace(/&(lt|gt|amp|quot|#39|nbsp);/g, (_, name) => SIGNS[name]);
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

/** The lines of a section as a reader sees them: what stands in one paragraph, one point of a list, one line of code. */
function linesOf(html) {
  return html
    .replace(/<\/?(?:p|li|ul|ol|pre|table|thead|tbody|tr|td|th|dl|dt|dd|div|blockquote|h\d|br)\b[^>]*>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .split("\n")
    .map((line) => read(line).replace(/\s+/g, " ").trim())
    .filter(Boolean);
}

/** The words alone, without their signs, one space between them. */
const bare = (text) => [...text.matchAll(WORD)].map(([form]) => folded(form)).join(" ");

function counted(text, weight, into) {
  for (const [form] of text.matchAll(WORD)) {
    const word = folded(form);
    if (!into.has(word)) into.set(word, { weight: 0, forms: new Set() });
    into.get(word).weight += weight;
    into.get(word).forms.add(written(form));
  }
}

function prepare(docs) {
  const pages = new Map();
  holders = new Map();
  sections = docs.map((doc, place) => {
    const page = doc.location.split("#")[0];
    if (!pages.has(page)) pages.set(page, place);
    const title = read(doc.title.replace(/<[^>]*>/g, ""));
    const section = { doc, title, page: pages.get(page), lines: linesOf(doc.text), held: new Map() };
    section.language = doc.location.startsWith("vi/") ? "vi" : "en";
    counted(title, 8, section.held);
    section.lines.forEach((line) => counted(line, 1, section.held));
    for (const word of section.held.keys()) {
      if (!holders.has(word)) holders.set(word, []);
      holders.get(word).push(place);
    }
    return section;
  });
  words = [...holders.keys()].sort();
}

/** What was asked: each word as typed and without its signs, and the words of the site that it may stand for. */
function asked(text) {
  const typed = [...new Set([...text.matchAll(WORD)].map(([form]) => written(form)))];
  return typed.map((form, place) => {
    const word = folded(form);
    const goesOn = place === typed.length - 1 || word.length > 4; // still being typed, or in another ending
    const fits = goesOn ? words.filter((one) => one.startsWith(word)) : holders.has(word) ? [word] : [];
    return { form, word, signed: form !== word, fits };
  });
}

/** How well a section answers one word: 0 where it does not. `strict`: with the signs that were typed. */
function worth(section, one, strict) {
  let best = 0;
  for (const word of one.fits) {
    const held = section.held.get(word);
    if (!held) continue;
    const same = !one.signed || [...held.forms].some((form) => form.startsWith(one.form));
    if (strict && !same) continue;
    const rare = Math.log(1 + sections.length / holders.get(word).length);
    const often = held.weight / (held.weight + 2);
    best = Math.max(best, rare * often * (word === one.word ? 2 : 1) * (same ? 2 : 1));
  }
  return best;
}

function found(query, strict, all) {
  const places = new Set(query.flatMap((one) => one.fits.flatMap((word) => holders.get(word))));
  const phrase = query.map((one) => one.word).join(" ");
  const results = [];
  for (const place of places) {
    const section = sections[place];
    const values = query.map((one) => worth(section, one, strict));
    const met = values.filter(Boolean).length;
    if (!met || (all && met < query.length)) continue;
    let score = values.reduce((sum, value) => sum + value, 0);
    if (query.length > 1 && bare(section.title).includes(phrase)) score *= 3;
    else if (query.length > 1 && section.lines.some((line) => bare(line).includes(phrase))) score *= 2;
    if (section.page === place) score *= 1.3;
    // more of the words come first, then the page's own language
    score += met * 10000 + (section.language === LANGUAGE ? 1000 : 0);
    results.push({ place, score, values });
  }
  return results;
}

/** The places among `said` (words without their signs) at which all the words that were asked for follow one another. */
function runs(said, query) {
  const last = query.length - 1;
  const follows = (from) =>
    query.every((one, place) => (place < last ? said[from + place] === one.word : one.fits.includes(said[from + place])));
  return query.length > 1 ? [...said.keys()].filter(follows) : [];
}

const saidIn = (text) => [...text.matchAll(WORD)].map(([form]) => folded(form));

/** Whether a section holds all the words one after another, so that each alone is no hit. */
const together = (section, query) => [section.title, ...section.lines].some((line) => runs(saidIn(line), query).length);

/** Which words of `text` were asked for: one after another where they stand `asOne`, else each as it was typed, if it is there. */
function hits(text, query, asOne) {
  const matches = [...text.matchAll(WORD)], said = saidIn(text);
  const places = runs(said, query);
  const held = new Set(said);
  const asked = (word) => query.some((one) => (held.has(one.word) ? word === one.word : one.fits.includes(word)));
  return matches.filter((_, place) =>
    asOne ? places.some((from) => from <= place && place < from + query.length) : asked(said[place]));
}

/** `text` as HTML with the words marked that were asked for. */
function marked(text, query, asOne) {
  let html = "", last = 0;
  for (const match of hits(text, query, asOne)) {
    html += escaped(text.slice(last, match.index)) + "<mark>" + escaped(match[0]) + "</mark>";
    last = match.index + match[0].length;
  }
  return html + escaped(text.slice(last));
}

/** The sentence with most of the words, and what follows it where there is room. */
function excerpt(section, query, asOne) {
  const sentences = section.lines.flatMap((line) => line.split(/(?<=[.!?…])\s+(?=[\p{Lu}“"(])/u));
  const phrase = query.map((one) => one.word).join(" ");
  let best = 0, most = -1;
  sentences.forEach((sentence, place) => {
    const said = bare(sentence);
    const held = new Set(said.split(" "));
    const met = query.filter((one) => one.fits.some((word) => held.has(word))).length + said.includes(phrase);
    if (met > most) [best, most] = [place, met];
  });
  let text = sentences[best] || "";
  for (let next = best + 1; next < sentences.length && text.length + sentences[next].length < LONGEST_EXCERPT; next++)
    text += ` ${sentences[next]}`;
  if (text.length > LONGEST_EXCERPT) {
    const hit = [...text.matchAll(WORD)].find(([form]) => query.some((one) => one.fits.includes(folded(form))));
    let from = Math.max(0, Math.min((hit ? hit.index : 0) - 60, text.length - LONGEST_EXCERPT));
    if (from) from = text.indexOf(" ", from) + 1;
    let to = from + LONGEST_EXCERPT;
    if (to < text.length) to = text.lastIndexOf(" ", to);
    text = `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  }
  return text ? `<p>${marked(text, query, asOne)}</p>` : "";
}

/** The words as the section writes them, for the page to mark; those that it lacks are told. */
function terms(section, query, values, asOne) {
  const told = {};
  for (const line of [section.title, ...section.lines])
    for (const [form] of hits(line, query, asOne)) told[written(form)] = true;
  query.forEach((one, place) => {
    if (!values[place]) told[one.form] = false;
  });
  return told;
}

function shown({ place, score, values }, query) {
  const section = sections[place];
  const { location } = section.doc;
  const parent = section.page === place ? undefined : sections[section.page].doc;
  const asOne = together(section, query);
  const title = marked(section.title, query, asOne), text = excerpt(section, query, asOne);
  return { location, parent, title, text, score, terms: terms(section, query, values, asOne) };
}

function search(text) {
  const query = asked(text);
  if (!query.length) return { items: [] };
  const ways = [[true, true], [false, true], [false, false]];
  const results = ways.reduce((got, [strict, all]) => (got.length ? got : found(query, strict, all)), []);
  results.sort((a, b) => b.score - a.score || a.place - b.place);
  const pages = new Map();
  for (const result of results) {
    const { page } = sections[result.place];
    if (!pages.has(page) && pages.size === MOST_SHOWN) continue;
    pages.set(page, [...(pages.get(page) || []), shown(result, query)]);
  }
  for (const [page, items] of pages) // each page's own head stands above what was found in it
    if (!items.some((item) => item.location === sections[page].doc.location))
      items.push({ ...sections[page].doc, title: escaped(sections[page].title), text: "", tags: undefined, score: 0, terms: {} });
  return { items: [...pages.values()], suggest: [] };
}

self.addEventListener("message", ({ data: message }) => {
  if (message.type === SETUP) {
    prepare(message.data.docs);
    self.postMessage({ type: READY });
  } else if (message.type === QUERY) self.postMessage({ type: RESULT, data: search(message.data) });
});
