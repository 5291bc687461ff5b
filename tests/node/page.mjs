// Opens a page in Chromium, looks at it as a person would, and prints what it saw as JSON.
// node page.mjs CHROMIUM LINK '{"width", "theme", "script", "frame", "count", "press", "picture", "height", "scale"}'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const [chromium, link, options] = process.argv.slice(2);
const { width, height = 900, theme, script, frame, count, press, picture, scale = 1 } = JSON.parse(options);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-lcd-text"],
});
try {
  const page = await browser.newPage();
  const seen = { requests: [], problems: [] };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("pageerror", (error) => seen.problems.push(String(error)));
  await page.setViewport({ width, height, deviceScaleFactor: scale });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await page.setJavaScriptEnabled(script);
  if (frame) {
    await page.setContent(`<iframe src="${link}"></iframe>`);
    await page.waitForNetworkIdle({ idleTime: 200 });
    const inner = page.frames()[1];
    seen.framed = inner ? await inner.evaluate(() => document.body.innerText).catch(() => "") : "";
  } else {
    await page.goto(link, { waitUntil: "load" });
    if (!(await page.$("h1"))) throw new Error("no page");
    if (script) {
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run());
      seen.violations = found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`);
    }
    seen.wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    seen.background = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    seen.text = await page.evaluate(() => document.body.innerText);
    if (picture) await page.screenshot({ path: picture, fullPage: true });
    if (count !== undefined) await page.type("#count", count);
    if (press) {
      await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(`button[value=${press}]`)]);
      seen.after = await page.evaluate(() => document.body.innerText);
      seen.address = page.url();
      if (picture) await page.screenshot({ path: picture.replace(".png", "-after.png"), fullPage: true });
    }
  }
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
