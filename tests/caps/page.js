// What a person does with the page of `goo caps --graph=html`; tests/caps/page.py adds this to the page. The answers are
// written into the page as JSON: a list of [name, whether it held].
addEventListener("load", async () => {
  const results = [];
  const expect = (name, ok) => results.push([name, Boolean(ok)]);
  const find = (selector, text) => [...document.querySelectorAll(selector)].find(e => e.textContent === text);
  const detail = () => document.getElementById("detail");
  const title = () => detail().querySelector("h2")?.textContent;
  const shown = () => [...document.querySelectorAll("#list .fn")].map(e => e.textContent);
  const steps = () => [...detail().querySelectorAll(".chain li")].map(e => e.textContent);
  const type = text => {
    const box = document.getElementById("search");
    box.value = text;
    box.dispatchEvent(new Event("input"));
    return box;
  };
  const settle = () => new Promise(done => setTimeout(done, 20));
  const summary = pkg => [...document.querySelectorAll("#list summary")].find(e => e.firstChild.textContent === pkg);
  try {
    expect("all functions are listed", shown().includes("main.main") && shown().includes("example.com/app/lib.Load"));
    expect("their number is told", /^\d+ functions in \d+ packages$/.test(document.getElementById("count").textContent));
    expect("what needs nothing is not", !shown().some(f => f.includes("Pure")));
    expect("no text became markup", window.broken === undefined && !document.querySelector("#list b, #detail b"));

    type("HELPER");
    expect("search", shown().join() === "main.helper");
    type("app/lib");
    expect("search for a package", shown().length > 0 && shown().every(f => f.startsWith("example.com/app/lib")));
    type("nothing like this");
    expect("search without a result", shown().length === 0 && document.getElementById("count").textContent.startsWith("0 "));
    type("chain1").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter"}));
    expect("Enter shows the first", title() === "main.chain1");
    type("");

    expect("chain of calls", steps().length === 3 && steps()[0].includes("main.chain1 calls main.chain2") &&
      steps()[2].includes("example.com/app/lib.Load calls os.ReadFile") && steps()[2].includes("lib.goo:5"));
    expect("it is marked", find(".fn.on", "main.chain1") && detail().querySelector("svg .here") && detail().querySelector("svg .hot"));
    find(".chain a", "main.chain2").click();
    expect("a link of the chain leads on", title() === "main.chain2");
    find("#detail ul a", "main.chain1").click();
    expect("and back to a user", title() === "main.chain1");
    const before = location.hash;
    [...detail().querySelectorAll("svg g")].find(g => g.querySelector("text").textContent === "main.chain2").dispatchEvent(new MouseEvent("click"));
    expect("a box of the drawing", title() === "main.chain2");
    await settle();
    location.hash = before; // as the browser's history does it
    await settle();
    expect("back in the history", title() === "main.chain1");

    find(".fn", "main.main").click();
    const needs = [...detail().querySelectorAll("p button")].map(b => b.textContent);
    expect("what it declares", needs.includes("file.read") && needs.includes("network.connect") && detail().textContent.includes("declared"));
    find("#detail p button", "network.listen").click();
    expect("another need, another chain", steps().some(s => s.includes("net/http.ListenAndServe")));
    find("#detail p button", "network.connect").click();
    expect("a need that only the declaration has", steps().length === 0 && detail().textContent.includes("Declared; no call here needs it"));
    find(".fn", "os.Getenv").click();
    expect("where needs begin", steps().length === 0 && detail().textContent.includes("Used by (1)"));
    find(".fn", "main.many").click();
    expect("many are cut in the drawing, and named below", detail().textContent.includes("12 of 20 used are drawn") &&
      detail().textContent.includes("Uses (20)"));

    find("#filters button", "network.listen").click();
    expect("filter", shown().includes("main.serve") && !shown().includes("main.helper"));
    find("#filters button", "network.listen").click();
    expect("without filter", shown().includes("main.helper"));

    summary("os").click();
    await settle();
    expect("a package is closed", !summary("os").parentElement.open);
    find(".fn", "main.helper").click();
    expect("and stays closed", !summary("os").parentElement.open && summary("example.com/app").parentElement.open);
    summary("os").click();
    await settle();
    expect("and opens again", find(".fn", "os.ReadFile"));
  } catch (e) {
    results.push(["exception: " + e.stack, false]);
  }
  document.body.replaceChildren();
  document.body.textContent = "RESULTS" + JSON.stringify(results) + "END";
});
