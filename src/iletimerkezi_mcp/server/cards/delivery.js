// The delivery card: what get_report or get_campaigns answered, read again while messages are on their way.
const FIRST_PAUSE = 15, LONGEST_PAUSE = 120, SECONDS_PER_ORDER = 2, GIVE_UP_AFTER = 3600; // seconds

const KINDS = ["delivered", "undelivered", "waiting"];
let answer = null; // the last one that could be read
let readAt = null;
let args = null;
let pause = FIRST_PAUSE;
let timer = null;
let followed = null; // the word for it if this is read again by itself, or was
let isDue = false;
let isReading = false;
let isOnScreen = true;
const opened = Date.now();

const isOne = () => answer.order_id !== undefined || answer.campaigns?.length === 1;

function isMoving() {
  const campaign = answer.campaigns?.length === 1 ? answer.campaigns[0] : null;
  const orders = campaign ? (answer.orders ?? []) : [answer];
  return (
    campaign?.progress === "under_way" || answer.waiting > 0 || orders.some((order) => order.status === "sending")
  );
}

function show(problem = null) {
  const focused = document.activeElement?.tagName === "BUTTON";
  const parts = [element("h1", {}, title(), answer.sandbox ? " " : null, answer.sandbox ? badge() : null)];
  parts.push(element("p", {}, answer.summary));
  parts.push(...bar(answer), ...undelivered(), ...table());
  parts.push(foot(problem));
  card.replaceChildren(...parts);
  announce(problem ? say("read_failed", { time: clock(readAt), reason: problem }) : answer.summary);
  if (focused) card.querySelector("button")?.focus();
}

const badge = () => element("span", { class: "badge" }, words.sandbox);

function title() {
  if (answer.order_id !== undefined) return say("order", { order: answer.order_id });
  if (answer.campaigns?.length === 1) return say("campaign", { campaign: answer.campaigns[0].campaign });
  return answer.campaigns ? words.campaigns : words.delivery;
}

function bar(counted) {
  const counts = KINDS.map((kind) => counted[kind]);
  if (counts.some((number) => number === undefined)) return [];
  const total = counts.reduce((sum, number) => sum + number, 0);
  if (total === 0) return [];
  const percent = Math.floor((100 * counted.delivered) / total);
  const told = say("progress", { delivered: count(counted.delivered), total: count(total), percent });
  return [
    element(
      "div",
      { class: "bar", role: "img", "aria-label": told },
      ...KINDS.map((kind) => {
        const part = element("span", { class: kind });
        part.style.flexGrow = counted[kind];
        return part;
      }),
    ),
    element(
      "ul",
      { class: "legend" },
      ...KINDS.map((kind) => element("li", { class: kind }, say(kind, { number: count(counted[kind]) }))),
    ),
  ];
}

function undelivered() {
  const numbers = answer.undelivered_numbers ?? [];
  if (numbers.length === 0) return [];
  const heading = answer.undelivered > numbers.length ? "undelivered_some" : "undelivered_all";
  return [
    element("h2", {}, say(heading, { number: count(numbers.length), total: count(answer.undelivered ?? 0) })),
    element("ul", { class: "numbers" }, ...numbers.map((number) => element("li", {}, number))),
  ];
}

function table() {
  if (answer.orders?.length) {
    return rows(["column_order", "column_state"], ["column_recipients", ...KINDS.map((kind) => `column_${kind}`)],
      answer.orders.map((order) => [
        order.order_id ?? "–",
        words[`state_${order.outcome === "done" ? order.status : order.outcome}`] ?? words.state_other,
        order.total ?? order.handed_over,
        ...KINDS.map((kind) => order[kind]),
      ]));
  }
  if (answer.campaigns?.length > 1) {
    return rows(["column_campaign", "column_list", "column_state"], ["column_recipients", "column_accepted", "column_left"],
      answer.campaigns.map((one) => [
        one.campaign, one.file, words[`progress_${one.progress}`], one.recipients, one.accepted, one.left,
      ]));
  }
  return [];
}

function rows(names, counts, lines) {
  const head = [...names.map((name) => element("th", { scope: "col" }, words[name])),
    ...counts.map((name) => element("th", { scope: "col", class: "count" }, words[name]))];
  const body = lines.map((line) => element("tr", {}, ...line.map((cell, place) => {
    if (place === 0) return element("th", { scope: "row" }, cell);
    if (place < names.length) return element("td", {}, cell);
    return element("td", { class: "count" }, cell === undefined ? "–" : count(cell));
  })));
  // What scrolls has to be reached by the keyboard.
  return [element("div", { class: "table", tabindex: "0", role: "group", "aria-label": title() },
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body)))];
}

function foot(problem) {
  const time = clock(readAt);
  let told = say("read_at", { time });
  if (problem) told = say("read_failed", { time, reason: problem });
  else if (followed !== null) told = say(followed, { time });
  const button = element("button", { type: "button", class: "plain" }, words.refresh);
  button.addEventListener("click", () => refresh());
  return element("div", { class: "foot" }, element("p", { class: problem ? "warning" : "quiet" }, told),
    host.capabilities.serverTools ? button : null);
}

function schedule() {
  clearTimeout(timer);
  isDue = false;
  followed = null;
  if (!host.capabilities.serverTools || !isOne() || !isMoving()) return;
  followed = (Date.now() - opened) / 1000 > GIVE_UP_AFTER ? "given_up" : "read_again";
  if (followed === "given_up") return;
  // A campaign is read with one request for each of its orders.
  const seconds = Math.max(pause, SECONDS_PER_ORDER * (answer.campaigns?.[0].orders ?? 0));
  pause = Math.min(pause * 1.5, LONGEST_PAUSE);
  timer = setTimeout(() => {
    isDue = true;
    lookAgain();
  }, seconds * 1000);
}

function lookAgain() {
  if (isDue && isOnScreen && document.visibilityState === "visible") refresh();
}

function same() {
  if (answer.campaigns !== undefined) {
    return ["get_campaigns", args ?? (isOne() ? { campaign: answer.campaigns[0].campaign } : {})];
  }
  return ["get_report", args ?? { order_id: answer.order_id }];
}

async function refresh() {
  if (isReading) return;
  isReading = true;
  let problem = null;
  try {
    const result = await host.call(...same());
    const read = result.structuredContent;
    if (result.isError || read?.outcome !== "ok") problem = read?.summary ?? words.no_answer;
    else [answer, readAt] = [read, new Date()];
  } catch (error) {
    problem = error.message;
  }
  isReading = false;
  schedule();
  show(problem);
}

host.on.welcome = () => {
  if (answer === null) return;
  schedule();
  show();
};
host.on["ui/notifications/tool-input"] = (params) => {
  args = params.arguments ?? args;
};
host.on["ui/notifications/tool-result"] = (result) => {
  if (!result.structuredContent) return;
  [answer, readAt, pause] = [result.structuredContent, new Date(), FIRST_PAUSE];
  schedule();
  show();
};
host.on["ui/notifications/tool-cancelled"] = () => card.replaceChildren(element("p", {}, words.cancelled));
host.on["ui/resource-teardown"] = () => clearTimeout(timer);

document.addEventListener("visibilitychange", lookAgain);
new IntersectionObserver((entries) => {
  isOnScreen = entries.at(-1).isIntersecting;
  lookAgain();
}).observe(card);
host.start();
