// The page of a live demonstration: follows the events of its server and
// draws them with plotly.
"use strict";

// Okabe and Ito's colours, as everywhere in the project's figures.
const COLORS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#4d4d4d",
];
const DASHES = ["solid", "dash", "dot", "dashdot"];
const DEMAND_COLOR = "#000000";
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const CHARTS = [
  { value: "instances", title: "instances", include: [], shape: "hv" },
  { value: "queue", title: "queue, items", include: [0, 10] },
  { value: "bill", title: "bill, $", include: [0, 1] },
  { value: "reward", title: "return", include: [0, -1] },
];
const FIELDS = [
  "instances",
  "inFlight",
  "capacity",
  "load",
  "queue",
  "bill",
  "reward",
];
/** Above the demand, in its spread. */
const ROOM_FOR_CAPACITY = 0.35;
const SHARE_OF_TIME_FOR_DRAWING = 0.5;
const SHORTEST_REDRAW_MS = 80;

const element = (id) => document.getElementById(id);
const whole = (value) => Math.round(value).toLocaleString("en-US");
const FORMATS = {
  instances: whole,
  inFlight: (value) => value > 0 ? `+${value}` : String(value),
  load: (value) => `${Math.round(100 * value)} %`,
  queue: whole,
  bill: (value) => `$${value.toFixed(2)}`,
  reward: (value) => value.toFixed(2),
};

/** What is known of the episode; undefined before the first message. */
let episode;
let control = { paused: false, speed: 1, over: false };
let isConnected = false;
let isDrawing = false;

function color(index) {
  return COLORS[index % COLORS.length];
}

function dash(index) {
  return DASHES[Math.floor(index / COLORS.length) % DASHES.length];
}

function beginEpisode(message) {
  const same = episode !== undefined &&
    episode.load === message.load && episode.steps === message.steps &&
    JSON.stringify(episode.names) ===
      JSON.stringify(message.policies.map(({ name }) => name));
  episode = {
    load: message.load,
    steps: message.steps,
    step: 0,
    range: message.range,
    names: message.policies.map(({ name }) => name),
    files: message.policies.map(({ file }) => file),
    demand: [],
    policies: message.policies.map(() => ({
      failedAt: undefined,
      values: Object.fromEntries(FIELDS.map((field) => [field, []])),
    })),
  };
  if (!same) buildPage(message);
  for (const step of message.history) takeIn(step);
  showControl(message.control);
  show();
}

function takeIn({ step, demand, states }) {
  episode.step = step;
  episode.demand.push(demand);
  states.forEach((numbers, i) => {
    if (numbers === null) return;
    const policy = episode.policies[i];
    FIELDS.forEach((field, place) => policy.values[field].push(numbers[place]));
    if (numbers[FIELDS.length] === 1) policy.failedAt = step;
  });
}

function buildPage(message) {
  element("load").textContent = `· ${message.load}`;
  element("cards").replaceChildren(...message.policies.map(buildCard));
  element("key").replaceChildren(...message.policies.map(({ name }, i) => {
    const entry = document.createElement("span");
    entry.append(swatch(i), name);
    return entry;
  }));
  element("charts").replaceChildren(...CHARTS.map(buildChart));
  // Plotly draws only into what stands in the page.
  document.querySelectorAll("#cards .plot").forEach(drawCard);
  const plots = document.querySelectorAll("#charts .plot");
  CHARTS.forEach((chart, i) => drawChart(plots[i], chart));
  fillTable(message.table);
}

function swatch(index) {
  const mark = document.createElement("i");
  styleSwatch(mark, index);
  return mark;
}

function styleSwatch(mark, index) {
  mark.className = "swatch";
  mark.style.borderTopColor = color(index);
  mark.style.borderTopStyle = dash(index) === "solid"
    ? "solid"
    : dash(index) === "dot"
    ? "dotted"
    : "dashed";
}

function buildCard({ name, file }, index) {
  const card = element("card").content.firstElementChild.cloneNode(true);
  styleSwatch(card.querySelector(".swatch"), index);
  card.querySelector(".name").textContent = name;
  card.querySelector("small").textContent = file;
  card.querySelector("small").title = file;
  namePlot(card.querySelector(".plot"), `Demand and capacity of ${name}`);
  return card;
}

/** What a chart is, for those who hear the page. */
function namePlot(plot, name) {
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", name);
}

function drawCard(plot, index) {
  const line = (name, style) => ({
    x: [],
    y: [],
    mode: "lines",
    name,
    line: { width: 2, shape: "hv", ...style },
  });
  const [low, high] = episode.range;
  draw(plot, [
    line("demand", { color: DEMAND_COLOR }),
    line("capacity", { color: color(index), dash: dash(index) }),
  ], {
    yaxis: { range: [low, high + ROOM_FOR_CAPACITY * (high - low)] },
  });
}

function buildChart({ title }) {
  const article = document.createElement("article");
  const heading = document.createElement("h3");
  heading.textContent = title;
  const plot = document.createElement("div");
  plot.className = "plot";
  namePlot(plot, `${title}, all policies`);
  article.append(heading, plot);
  return article;
}

function drawChart(plot, { include, shape = "linear" }) {
  const lines = episode.names.map((name, i) => ({
    x: [],
    y: [],
    mode: "lines",
    name,
    line: { color: color(i), dash: dash(i), width: 2, shape },
  }));
  draw(plot, lines, { yaxis: { autorangeoptions: { include } } });
}

function draw(plot, lines, layout) {
  const axis = {
    gridcolor: "#e6e6e6",
    linecolor: "#4d4d4d",
    zeroline: false,
    ticks: "outside",
    ticklen: 3,
  };
  Plotly.newPlot(plot, lines, {
    // Margins of one size, so that nothing moves when the numbers grow.
    margin: { l: 54, r: 16, t: 10, b: 38 },
    height: 182,
    showlegend: false,
    hovermode: "x",
    font: { family: "Helvetica, Arial, sans-serif", size: 11 },
    xaxis: {
      ...axis,
      title: { text: "step", standoff: 4 },
      range: [0, episode.steps],
      fixedrange: true,
      nticks: 6,
    },
    yaxis: {
      ...axis,
      fixedrange: true,
      nticks: 5,
      exponentformat: "SI",
      minexponent: 3,
      ...layout.yaxis,
    },
  }, { displayModeBar: false, responsive: true });
}

function fillTable({ columns, rows }) {
  const row = (texts, kind) => {
    const line = document.createElement("tr");
    texts.forEach((text, i) => {
      const cell = document.createElement(kind);
      cell.textContent = text;
      if (kind === "th") cell.scope = "col";
      if (columns[i].right) cell.className = "right";
      line.append(cell);
    });
    return line;
  };
  element("table").replaceChildren(
    row(columns.map(({ header }) => header), "th"),
    ...rows.map((texts) => row(texts, "td")),
  );
}

function show() {
  showNumbers();
  showStatus();
  scheduleDrawing();
}

function showNumbers() {
  const running = episode.policies.filter(({ failedAt }) =>
    failedAt === undefined
  );
  const best = Math.max(...running.map(({ values }) => values.reward.at(-1)));
  const cards = element("cards").children;
  episode.policies.forEach(({ values, failedAt }, i) => {
    const card = cards[i];
    const failed = failedAt !== undefined;
    card.classList.toggle("failed", failed);
    card.querySelector("small").textContent = failed
      ? `failed at step ${failedAt}: the queue is too long`
      : episode.files[i];
    for (const cell of card.querySelectorAll("dd")) {
      const field = cell.dataset.value;
      const value = values[field].at(-1);
      cell.textContent = FORMATS[field](value);
      cell.classList.toggle("bad", field === "queue" && value > 0);
      const isBest = field === "reward" && !failed && value === best;
      cell.classList.toggle("best", isBest);
    }
  });
}

function showStatus() {
  const status = element("status");
  status.classList.toggle("bad", !isConnected);
  element("closing").hidden = !control.over;
  for (const id of ["pause", "restart", "speed"]) {
    element(id).disabled = !isConnected;
  }
  element("pause").disabled = !isConnected || control.over;
  element("pause").textContent = control.paused ? "Resume" : "Pause";
  if (episode === undefined) return;
  element("progress").max = episode.steps;
  element("progress").value = episode.step;
  const demand = `demand ${whole(episode.demand.at(-1))} items a step`;
  element("step").textContent = ` · step ${episode.step} of ${episode.steps}` +
    (control.over ? "" : ` · ${demand}`);
  element("to-closing").hidden = !control.over;
  // Read aloud whenever it changes, unlike the steps.
  const state = !isConnected
    ? "Disconnected: the demo was stopped"
    : control.over
    ? "Finished"
    : control.paused
    ? "Paused"
    : "Running";
  if (status.textContent !== state) status.textContent = state;
}

function showControl(message) {
  control = message;
  element("speed").value = String(control.speed);
}

/** Draws when there is time, so that the page stays quick to use. */
function scheduleDrawing() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(async () => {
    const begun = performance.now();
    const shown = episode;
    const step = shown.step;
    await drawCharts(shown);
    const took = performance.now() - begun;
    const rest = Math.max(
      SHORTEST_REDRAW_MS - took,
      took * (1 / SHARE_OF_TIME_FOR_DRAWING - 1),
    );
    setTimeout(() => {
      isDrawing = false;
      if (episode !== shown || episode.step !== step) scheduleDrawing();
    }, rest);
  });
}

async function drawCharts({ demand, policies }) {
  const steps = demand.map((_, i) => i);
  const plots = document.querySelectorAll("#cards .plot");
  for (const [i, { values }] of policies.entries()) {
    const { length } = values.capacity;
    await Plotly.restyle(plots[i], {
      x: [steps.slice(0, length), steps.slice(0, length)],
      y: [demand.slice(0, length), values.capacity.slice()],
    });
  }
  const charts = document.querySelectorAll("#charts .plot");
  for (const [i, { value }] of CHARTS.entries()) {
    await Plotly.restyle(charts[i], {
      x: policies.map(({ values }) => steps.slice(0, values[value].length)),
      y: policies.map(({ values }) => values[value].slice()),
    });
  }
}

function send(command) {
  fetch("/control", { method: "POST", body: JSON.stringify(command) })
    .catch(() => {});
}

function buildControls() {
  element("speed").replaceChildren(...SPEEDS.map((speed) => {
    const option = document.createElement("option");
    option.value = String(speed);
    option.textContent = `${speed} ×`;
    return option;
  }));
  element("speed").value = "1";
  element("pause").addEventListener("click", () => {
    send({ action: control.paused ? "resume" : "pause" });
  });
  element("restart").addEventListener("click", () => {
    send({ action: "restart" });
  });
  element("speed").addEventListener("change", () => {
    send({ action: "speed", speed: Number(element("speed").value) });
  });
}

function follow() {
  const events = new EventSource("/events");
  events.addEventListener("open", () => {
    isConnected = true;
    showStatus();
  });
  events.addEventListener("error", () => {
    isConnected = false;
    showStatus();
  });
  events.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.kind === "begin") {
      beginEpisode(message);
      return;
    }
    showControl(message.control);
    if (message.kind === "steps") {
      message.steps.forEach(takeIn);
      show();
    } else showStatus();
  });
}

buildControls();
follow();
