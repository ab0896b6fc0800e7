// Which part of the report is shown: the fragment says it, so that every article and every error has an address.

/** What a fragment names: a part of the page, and for an article its place and error. */
function parsed(fragment) {
  const [head, end] = fragment.replace(/^#/, "").split("~");
  const [part, ...rest] = head.split("/");
  const found = { part, place: 0, error: null };
  if (part === "article" && !data.alone) {
    const id = rest.map(unquoted).join("/");
    found.place = data.listing.articles.findIndex((article) => article.id === id);
  }
  const error = end && /^(.*)\.([a-z_]+)\.(\d+)$/.exec(end);
  if (error) found.error = { system: systems.indexOf(unquoted(error[1])), layer: error[2], turn: Number(error[3]) - 1 };
  return found;
}

function route() {
  const { part, place, error } = parsed(location.hash);
  if (data.alone) {
    showArticle(data.articles[0], data.place, error);
    return;
  }
  const sections = [...document.querySelectorAll("main > section")];
  const article = part === "article" && data.articles && data.articles[place];
  const target = article ? "article" : sections.some((section) => section.id === part && part !== "article") ? part : "overview";
  for (const section of sections) section.hidden = section.id !== target;
  for (const link of document.querySelectorAll("nav a")) {
    const current = link.hash === `#${target}` || (target === "article" && link.hash === "#articles");
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (article) showArticle(article, place, error);
  else window.scrollTo(0, 0);
}

if (one("#article")) startArticle();
startList();
startCompare();
window.addEventListener("hashchange", route);
route();
