// Search over the Pagefind index that stands beside the pages; the address keeps the question, so a result can be sent on.
const root = new URL("../../", import.meta.url);
const ask = new URLSearchParams(location.search);
const words = (ask.get("q") || "").trim();
const kind = ask.get("kind") || "";
const box = document.getElementById("p-results");
const state = document.getElementById("p-state");
const PAGE = 20;

const make = (tag, text, name) => {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (name) node.className = name;
  return node;
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
  const loaded = await Promise.all(hits.slice(from, from + PAGE).map((hit) => hit.data()));
  list.append(...loaded.map(row));
  if (from + PAGE >= hits.length) return;
  const more = make("button", `再看${Math.min(PAGE, hits.length - from - PAGE)}条`, "p-btn p-btn--line");
  more.addEventListener("click", () => { more.remove(); show(hits, list); });
  box.append(more);
};

const none = () => {
  state.textContent = `没有找到“${words}”。`;
  const help = make("div", "", "p-empty");
  help.append(make("p", kind ? `只在“${kind}”里找过，可以改成“全部”再找。` : "换个说法试试，比如少写几个字，或写事情的名字。也可以打12345问。"));
  const line = make("p");
  [["按主题找办事指南", "procedures/"], ["找单位", "units/"], ["公示公告", "notices/"]].forEach(([text, to]) => {
    const link = make("a", text);
    link.href = new URL(to, root).pathname;
    line.append(link, "　");
  });
  help.append(line);
  box.append(help);
};

const search = async () => {
  state.textContent = "正在找。";
  const pagefind = await import(new URL("pagefind/pagefind.js", root).href);
  await pagefind.options({ baseUrl: root.pathname, excerptLength: 40 });
  const found = await pagefind.search(words, kind ? { filters: { kind } } : {});
  if (!found.results.length) return none();
  state.textContent = `“${words}”找到${found.results.length}条。`;
  const list = make("ul", "", "p-found");
  box.append(list);
  return show(found.results, list);
};

document.getElementById("p-q").value = words;
document.getElementById("p-kind").value = kind;
if (words) search().catch(() => { state.textContent = "搜索暂时用不了。请按主题或按单位找，或打12345问。"; });
