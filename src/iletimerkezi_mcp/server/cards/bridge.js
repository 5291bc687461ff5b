"use strict";

// The card's end of MCP Apps, version 2026-01-26: JSON-RPC 2.0 with the host, which holds this page in its frame.
const ANSWER_SECONDS = 100; // what is done at the provider may take a minute and more

const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const card = document.getElementById("card");

const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
const count = (number) => new Intl.NumberFormat(language).format(number);
// All times of the server are those of Istanbul.
const clock = (date) =>
  new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23", timeZone: "Europe/Istanbul" }).format(date);

// Everything that did not come escaped from the server reaches the page through this, as text.
const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

// A screen reader reads this line when it changes; the card itself it would read from the start each time.
const announce = (text) => {
  const news = document.getElementById("news");
  if (news.textContent !== text) news.textContent = text;
};

const host = {
  isWelcome: false, // the host has said what it can do
  capabilities: {},
  context: {},
  on: {}, // by method: what a notification of the host does
  waiting: new Map(),
  last: 0,

  post(message) {
    window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  },

  request(method, params) {
    return new Promise((resolve, reject) => {
      const id = ++this.last;
      const timer = setTimeout(() => this.settle(id, (ask) => ask.reject(new Error(words.no_answer))), ANSWER_SECONDS * 1000);
      this.waiting.set(id, { resolve, reject, timer });
      this.post({ id, method, params });
    });
  },

  settle(id, how) {
    const ask = this.waiting.get(id);
    if (ask === undefined) return;
    this.waiting.delete(id);
    clearTimeout(ask.timer);
    how(ask);
  },

  receive(message) {
    if (message.method === undefined) {
      const { id, error, result } = message;
      this.settle(id, (ask) => (error ? ask.reject(new Error(String(error.message))) : ask.resolve(result ?? {})));
    } else if (message.id === undefined) {
      this.on[message.method]?.(message.params ?? {});
    } else if (message.method === "ping" || message.method === "ui/resource-teardown") {
      if (message.method !== "ping") this.on[message.method]?.();
      this.post({ id: message.id, result: {} });
    } else {
      this.post({ id: message.id, error: { code: -32601, message: "Method not found" } });
    }
  },

  adopt(context) {
    Object.assign(this.context, context);
    const root = document.documentElement.style;
    if (context.theme === "dark" || context.theme === "light") root.colorScheme = context.theme;
    for (const [name, value] of Object.entries(context.styles?.variables ?? {})) {
      if (name.startsWith("--") && value) root.setProperty(name, value);
    }
  },

  call(name, args) {
    return this.request("tools/call", { name, arguments: args });
  },

  async start() {
    window.addEventListener("message", (event) => {
      if (event.source === window.parent && event.data?.jsonrpc === "2.0") this.receive(event.data);
    });
    this.on["ui/notifications/host-context-changed"] = (context) => this.adopt(context);
    const greeting = { protocolVersion: "2026-01-26", appInfo: words.app, appCapabilities: { availableDisplayModes: ["inline"] } };
    const welcomed = this.request("ui/initialize", greeting).then((welcome) => {
      this.isWelcome = true;
      this.capabilities = welcome.hostCapabilities ?? {};
      this.adopt(welcome.hostContext ?? {});
      this.on.welcome?.();
    }, () => {});
    // There are hosts that answer late or not at all, and show the card once they are told that it is ready.
    await Promise.race([welcomed, new Promise((resolve) => setTimeout(resolve, 5000))]);
    this.post({ method: "ui/notifications/initialized", params: {} });
    new ResizeObserver(() => {
      const { width, height } = document.documentElement.getBoundingClientRect();
      this.post({
        method: "ui/notifications/size-changed",
        params: { width: Math.ceil(width), height: Math.ceil(height) },
      });
    }).observe(document.documentElement);
  },
};
