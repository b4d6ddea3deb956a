// Search over the Pagefind index that stands beside the pages; the address keeps the question, so a result can be sent on.
const root = new URL("../../", import.meta.url);
const ask = new URLSearchParams(location.search);
const asked = (ask.get("q") || "").trim();
const chosen = { kind: ask.get("kind") || "", unit: ask.get("unit") || "" };
const box = document.getElementById("p-results");
const state = document.getElementById("p-state");
const PAGE = 20, LOOKED_AT = 60;
// Words of a question that name no matter: without them more is found, and the answer stands on the page.
const QUESTION = /(怎么办理?|怎么|如何|在哪里?|哪里|去哪|要多久|多长时间|多久|几天|多少钱|收费吗?|要带什么|带什么|需要什么|什么材料|材料|手续|流程|办理|咋办|能不能|可以|吗|呢|我要|我想|想要|[，。？?！!])/g;

const make = (tag, text, name) => {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (name) node.className = name;
  return node;
};

// Cut as the index is cut: browsers cut Chinese each in their own way. Long words first, or two signs at most.
const cut = (text, known, longest) => text.split(/\s+/).map((part) => {
  const found = [];
  for (let i = 0; i < part.length;) {
    let size = Math.min(longest, part.length - i);
    while (size > 1 && !known.has(part.substr(i, size))) size -= 1;
    const plain = size === 1 && part.slice(i).match(/^[\x21-\x7e]+/);
    found.push(plain ? plain[0] : part.substr(i, size));
    i += found.at(-1).length;
  }
  return found.join(" ");
}).join(" ");

// What is asked, in the words of the pages: each known word replaced, with and without the words of a question.
const variants = (words) => {
  let all = [asked];
  Object.keys(words).filter((said) => asked.includes(said)).sort((a, b) => b.length - a.length).forEach((said) => {
    words[said].slice(0, 3).forEach((meant) => {
      if (!asked.includes(meant)) all = all.concat(all.filter((q) => q.includes(said)).map((q) => q.replace(said, meant)));
    });
  });
  const bare = all.map((q) => q.replace(QUESTION, " ").replace(/\s+/g, " ").trim()).filter(Boolean);
  return { whole: [...new Set(all)].slice(0, 8), bare: [...new Set(bare.length ? bare : all)].slice(0, 8) };
};

const pairs = (text) => [...text.replace(/[\s（）()、，]/g, "")].map((sign, i, all) => sign + (all[i + 1] || "")).slice(0, -1);

// How much of a question stands in a title: 1 is all of it; a title that says it in several words stands before others.
const likeness = (title, asks) => {
  const there = pairs(title);
  const shares = asks.map(pairs).filter((wanted) => wanted.length).map((wanted) => {
    const share = wanted.filter((pair) => there.includes(pair)).length / wanted.length;
    return share + (share === 1 ? 0.5 * wanted.length / Math.max(there.length, 1) : 0);
  });
  return Math.max(0, ...shares) + 0.2 * shares.filter((share) => share >= 1).length;
};

// Threat: an excerpt is page text. It is rebuilt from its marks, so that nothing in it can act as HTML.
const excerpt = (html) => {
  const line = make("p");
  const read = new DOMParser().parseFromString(html, "text/html").body;
  read.childNodes.forEach((part) => line.append(part.nodeName === "MARK" ? make("mark", part.textContent) : part.textContent));
  return line;
};

const row = (hit) => {
  const item = make("li");
  const link = make("a", hit.meta.title || hit.url);
  link.href = hit.url;
  const about = [hit.filters.kind, hit.filters.unit].flat().filter((x) => x && x !== hit.meta.title);
  item.append(link, make("p", about.join("　"), "p-quiet p-small"), excerpt(hit.excerpt));
  return item;
};

const show = async (hits, list) => {
  const from = list.children.length;
  const loaded = await Promise.all(hits.slice(from, from + PAGE).map((hit) => hit.loaded || hit.data()));
  list.append(...loaded.map(row));
  if (from) list.children[from].querySelector("a").focus();
  if (from + PAGE >= hits.length) return;
  const more = make("button", `再看${Math.min(PAGE, hits.length - from - PAGE)}条，共${hits.length}条`, "p-btn p-btn--line");
  more.addEventListener("click", () => { more.remove(); show(hits, list); });
  box.append(more);
};

const none = () => {
  state.textContent = `没有找到“${asked}”。`;
  const help = make("div", "", "p-empty");
  const narrow = [chosen.kind, chosen.unit].filter(Boolean).join("、");
  help.append(make("p", narrow ? `只在“${narrow}”里找过，可以改成“全部”再找。` : "换个说法试试，比如少写几个字，或写事情的名字。也可以打12345问。"));
  const line = make("p");
  [["按主题找办事指南", "procedures/"], ["找单位", "units/"], ["公示公告", "notices/"]].forEach(([text, to]) => {
    const link = make("a", text);
    link.href = new URL(to, root).pathname;
    line.append(link, "　");
  });
  help.append(line);
  box.append(help);
};

// All that any variant finds, each page once, at its best. One after the other: Pagefind mixes up searches at a time.
const gather = async (pagefind, asks) => {
  const best = new Map();
  for (const q of asks) {
    const { results } = await pagefind.search(q);
    results.forEach((hit) => {
      const rank = hit.score / (results[0].score || 1);
      if (!best.has(hit.id) || best.get(hit.id).rank < rank) best.set(hit.id, Object.assign(hit, { rank }));
    });
  }
  return [...best.values()].sort((a, b) => b.rank - a.rank);
};

// Which pages are of which kind and unit.
const groups = async (pagefind) => {
  const found = {};
  for (const [name, values] of Object.entries(await pagefind.filters())) {
    found[name] = {};
    for (const value of Object.keys(values)) {
      const { results } = await pagefind.search(null, { filters: { [name]: value } });
      found[name][value] = new Set(results.map((hit) => hit.id));
    }
  }
  return found;
};

const within = (hits, of, name) => (chosen[name] ? hits.filter((hit) => ((of[name] || {})[chosen[name]] || new Set()).has(hit.id)) : hits);

// Each choice says how many it would leave.
const count = (hits, of, name) => {
  const select = document.getElementById(`p-${name}`);
  const counted = Object.entries(of[name] || {}).map(([value, ids]) => [value, hits.filter((hit) => ids.has(hit.id)).length]);
  select.replaceChildren(select.options[0], ...counted.filter(([value, n]) => n || value === chosen[name]).map(([value, n]) => {
    const option = new Option(`${value}（${n}）`, value);
    option.selected = value === chosen[name];
    return option;
  }));
};

const read = (address) => fetch(new URL(address, root)).then((answer) => (answer.ok ? answer.text() : ""));

const start = async () => {
  const pagefind = await import(new URL("pagefind/pagefind.js", root).href);
  // Pagefind asks the page for its language to cut questions; ours are cut already.
  const language = document.documentElement.lang;
  document.documentElement.lang = "und";
  try { await pagefind.options({ baseUrl: root.pathname, excerptLength: 40 }); await pagefind.init(); } finally { document.documentElement.lang = language; }
  return pagefind;
};

const search = async () => {
  state.textContent = "正在找。";
  const [pagefind, words, known] = await Promise.all([start(), read("search/words.json"), read("pagefind/vocabulary.txt")]);
  const { whole, bare } = variants(JSON.parse(words || "{}"));
  const dictionary = new Set(known.split(/\s+/)), asks = [...new Set([...whole, ...bare])];
  // Single signs alone find everything: a cut without a word in it is not asked.
  const cuts = bare.flatMap((q) => [cut(q, dictionary, 8), cut(q, dictionary, 2)]).filter((q) => /[^ ]{2}/.test(q));
  const all = await gather(pagefind, [...new Set([...asks, ...cuts])]);
  const of = await groups(pagefind);
  const hits = within(within(all, of, "kind"), of, "unit");
  count(within(all, of, "unit"), of, "kind");
  count(within(all, of, "kind"), of, "unit");
  if (!hits.length) return none();
  const first = hits.slice(0, LOOKED_AT);
  await Promise.all(first.map(async (hit) => { hit.loaded = await hit.data(); hit.rank += 2 * likeness(hit.loaded.meta.title || "", asks); }));
  first.sort((a, b) => b.rank - a.rank);
  state.textContent = `“${asked}”找到${hits.length}条。`;
  const list = make("ul", "", "p-found");
  box.append(list);
  return show([...first, ...hits.slice(LOOKED_AT)], list);
};

document.getElementById("p-q").value = asked;
Object.entries(chosen).filter(([, value]) => value).forEach(([name, value]) => {
  const select = document.getElementById(`p-${name}`);
  if (![...select.options].some((option) => option.value === value)) select.append(new Option(value, value));
  select.value = value;
});
if (asked) search().catch(() => { state.textContent = "搜索暂时用不了。请按主题或按单位找，或打12345问。"; });
