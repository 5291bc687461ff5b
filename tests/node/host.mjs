// A host with cards, in Chromium: node host.mjs CHROMIUM, then one command as JSON on each line of stdin, each answered on stdout.
// It speaks to a real server over stdio or HTTP, shows the cards of its tools as hosts do, and looks at them as a person would.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { build } from "esbuild";
import puppeteer from "puppeteer-core";

const here = new URL(".", import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// What the specification of 2026-01-26 has a host allow a card that asks for nothing.
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "media-src 'self' data:; font-src 'self'; connect-src 'none'; frame-src 'none'; object-src 'none'; base-uri 'self'";

const bundled = await build({
  entryPoints: [`${here}host_page.mjs`],
  bundle: true,
  format: "iife",
  write: false,
  logLevel: "error",
});
const script = bundled.outputFiles[0].text;

const cards = new Map();
const web = createServer((request, response) => {
  const card = cards.get(request.url);
  const headers = { "Content-Type": "text/html; charset=utf-8", ...(card && { "Content-Security-Policy": POLICY }) };
  response.writeHead(card || request.url === "/" ? 200 : 404, headers);
  response.end(card ?? (request.url === "/" ? "<!doctype html><title>host</title><link rel='icon' href='data:,'><body style='margin:0'>" : ""));
});
await new Promise((resolve) => web.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${web.address().port}`;

const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage", "--disable-lcd-text"],
});

let client, tools, page, last;
const seen = { calls: [], context: [], initialized: [], requests: [], problems: [] };
let broken = "";
let answers = null; // a script in place of the server: one answer for each call of the card

async function callTool(params) {
  seen.calls.push(params);
  if (broken) throw new Error(broken);
  if (answers?.[0] === "never") return await new Promise(() => answers.shift());
  if (answers) return answers.shift() ?? { content: [], isError: true };
  return await client.callTool(params);
}

const frame = () => page.frames()[1];
const text = () => frame().evaluate(() => document.body.innerText);

// Runs what a card does with its clock in a fraction of the time, but for the 100 seconds that it waits for an answer.
const hurry = (speed) =>
  `<script>{const ANSWER=100000,wait=setTimeout,now=Date.now.bind(Date),from=now();` +
  `window.setTimeout=(work,time,...more)=>wait(work,time===ANSWER?time:time/${speed},...more);Date.now=()=>from+(now()-from)*${speed}}</script>`;

const commands = {
  async connect({ command, args, env, address, headers, mode, cards: shows = true }) {
    const extensions = { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } };
    await client?.close();
    client = new Client(
      { name: "test-host", version: "1" },
      { capabilities: shows ? { extensions } : {}, versionNegotiation: { mode } },
    );
    const transport = address
      ? new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers } })
      : new StdioClientTransport({ command, args, env, stderr: "ignore" });
    await client.connect(transport);
    tools = (await client.listTools()).tools;
    return { capabilities: client.getServerCapabilities(), version: client.getNegotiatedProtocolVersion?.() };
  },

  // As a model does.
  async call({ tool, input }) {
    return await client.callTool({ name: tool, arguments: input });
  },

  // Calls `tool`, or takes the `result` given or that of before, and shows its card.
  async open({ tool, input, result, again, uri, width = 800, scale = 1, theme = "light", speed = 1, sandbox = "allow-scripts", variables, server = true, cancelled }) {
    if (again) ({ tool, input, result } = last);
    result ??= cancelled ? undefined : await client.callTool({ name: tool, arguments: input });
    last = { tool, input, result };
    const definition = tools.find((each) => each.name === tool);
    const [resource] = (await client.readResource({ uri: uri ?? definition._meta.ui.resourceUri })).contents;
    if (page === undefined) {
      page = await browser.newPage();
      page.on("request", (request) => seen.requests.push(request.url()));
      page.on("pageerror", (error) => seen.problems.push(String(error)));
      page.on("console", (message) => message.type() === "error" && seen.problems.push(message.text()));
      await page.exposeFunction("callTool", callTool);
      await page.exposeFunction("note", (kind, value) => void seen[kind].push(value));
    }
    await page.setViewport({ width, height: 900, deviceScaleFactor: scale });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await page.goto(`${origin}/`);
    await page.evaluate(script);
    for (const kind in seen) seen[kind] = [];
    const path = `/${cards.size}.html`;
    cards.set(path, speed === 1 ? resource.text : resource.text.replace("<head>", `<head>${hurry(speed)}`));
    const context = { theme, toolInfo: { tool: definition }, ...(variables && { styles: { variables } }) };
    const capabilities = { updateModelContext: { text: {} }, ...(server && { serverTools: {} }) };
    await page.evaluate((options) => window.openCard(options), {
      address: origin + path, sandbox, input, result, context, capabilities, size: width,
    });
    await page.waitForFunction(() => window.frames.length === 1);
    return { result };
  },

  // Waits until the card says `words`, in its text or in what a screen reader is told.
  async wait({ words, gone = false }) {
    await frame().waitForFunction(
      (wanted, without) => document.body.innerText.includes(wanted) !== without, { timeout: 20_000, polling: 50 }, words, gone,
    );
    return await text();
  },

  async waitCalls({ number }) {
    while (seen.calls.length < number) await new Promise((resolve) => setTimeout(resolve, 20));
    return seen.calls.length;
  },

  async look({ picture, check = true }) {
    const violations = [];
    if (check) {
      await frame().evaluate(axe);
      const found = await frame().evaluate(() => window.axe.run());
      violations.push(...found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`));
    }
    if (picture) await (await page.$("iframe")).screenshot({ path: picture });
    return {
      ...seen,
      violations,
      text: await text(),
      ...(await frame().evaluate(() => ({
        wide: document.documentElement.scrollWidth > window.innerWidth,
        tall: document.documentElement.scrollHeight > window.innerHeight + 1,
        background: getComputedStyle(document.body).backgroundColor,
        language: document.documentElement.lang,
        bar: document.querySelector(".bar")?.getAttribute("aria-label"),
        news: document.getElementById("news")?.textContent,
        focus: document.activeElement?.outerHTML.slice(0, 200),
        buttons: [...document.querySelectorAll("button")].map((each) => [each.textContent, each.disabled]),
      }))),
    };
  },

  async click({ selector }) {
    await (await frame().waitForSelector(selector)).click();
  },

  async type({ selector, text: typed, enter = false }) {
    const input = await frame().waitForSelector(selector);
    await input.type(typed);
    if (enter) await input.press("Enter");
  },

  async focus({ selector }) {
    await (await frame().waitForSelector(selector)).focus();
  },

  // Waits until `condition` holds in the card, and returns its value.
  async until({ condition }) {
    const held = await frame().waitForFunction(condition, { timeout: 20_000, polling: 20 });
    return await held.jsonValue();
  },

  async scroll({ away }) {
    await page.evaluate((far) => (document.body.style.paddingTop = far ? "5000px" : "0"), away);
    await frame().waitForFunction((far) => isOnScreen !== far, { timeout: 20_000, polling: 20 }, away);
  },

  async press({ key }) {
    await page.keyboard.press(key);
  },

  async context(change) {
    await page.evaluate((value) => window.changeContext(value), change);
  },

  async tearDown() {
    return await page.evaluate(() => window.tearDown());
  },

  async breakOff({ message }) {
    broken = message;
  },

  async script({ results }) {
    answers = results;
  },
};

try {
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...options } = JSON.parse(line);
    let answer;
    try {
      answer = { ok: (await commands[name](options)) ?? null };
    } catch (error) {
      answer = { error: String(error?.stack ?? error), text: await text().catch(() => "") };
    }
    console.log(JSON.stringify(answer));
  }
} finally {
  await browser.close();
  await client?.close();
  web.close();
}
