// Why: the page is whole without this file; it adds drawings, new labels as they come, and the fault buttons.
"use strict";

const POLL_MS = 1000;
const list = document.getElementById("labels");
const trouble = document.getElementById("trouble");
let known = null;

function say(text) {
  trouble.textContent = text;
  trouble.hidden = !text;
}

async function draw(item) {
  if (typeof zpljs === "undefined" || item.dataset.drawn) return;
  item.dataset.drawn = "yes";
  const text = item.querySelector("pre");
  try {
    const { api } = await zpljs.ready;
    const size = [Number(item.dataset.width), Number(item.dataset.height), Number(item.dataset.dots)];
    const image = document.createElement("img");
    image.src = "data:image/png;base64," + (await api.zplToBase64Async(text.textContent, ...size));
    image.alt = item.querySelector("h2").textContent;
    const details = document.createElement("details");
    details.append(Object.assign(document.createElement("summary"), { textContent: "ZPL" }));
    text.replaceWith(image, details);
    details.append(text);
  } catch (error) {
    text.before(Object.assign(document.createElement("p"), { textContent: "This label could not be drawn: " + error }));
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    draw(entry.target);
  }
});

function watch(items) {
  for (const item of items) seen.observe(item);
}

async function refresh() {
  const text = await (await fetch("/")).text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  document.title = fresh.title;
  for (const id of ["state", "faults"]) document.getElementById(id).replaceWith(fresh.getElementById(id));
  const added = [...fresh.querySelectorAll("#labels li")].filter((item) => !document.getElementById(item.id));
  list.prepend(...added);
  watch(added);
}

async function poll() {
  try {
    const journal = await (await fetch("/journal.json")).json();
    const now = journal.count + "/" + journal.fault;
    if (known !== null && now !== known) await refresh();
    known = now;
    say("");
  } catch {
    say("The virtual printer does not answer. Is it still running?");
  }
  setTimeout(poll, POLL_MS);
}

document.addEventListener("click", async (event) => {
  const name = event.target.dataset?.fault;
  if (!name) return;
  const answer = await fetch("/fault", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ fault: name === "none" ? null : name }),
  });
  if (!answer.ok) say(await answer.text());
  await refresh();
});

watch(list.children);
poll();
