// Serves a folder on loopback, opens a page of it in Chromium, and ends when the page is done:
// when the promise `window.done` is kept, or for a page without one, when its title is "done".
// Prints what the page logs; ends with 1 when the page fails or does not get done.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { parseArgs } from "node:util";

import { chromium } from "playwright-core";

/** Milliseconds a page has; a cold start of Chromium on a busy machine takes some of them. */
const DEADLINE = 60_000;
/** Milliseconds after which what the page still sends is given up. */
const LAST_REQUESTS = 10_000;

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

const { values: options } = parseArgs({
  options: {
    chromium: { type: "string" },
    folder: { type: "string" },
    "node-modules": { type: "string" },
    file: { type: "string" },
    parameter: { type: "string", multiple: true, default: [] },
  },
});

/** The file behind a URL's path, or nothing. */
function find(path) {
  const modules = "/node_modules/";
  const [folder, rest] = path.startsWith(modules)
    ? [options["node-modules"], path.slice(modules.length)]
    : [options.folder, path.slice(1)];
  const root = resolve(folder);
  const file = normalize(join(root, rest));
  if (!file.startsWith(root + sep)) return undefined;
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

function serve(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  // Browsers ask for it unasked; a 404 would stand in the page's console.
  if (pathname === "/favicon.ico") return response.writeHead(204).end();
  const file = find(decodeURIComponent(pathname));
  if (file === undefined) {
    console.error(`page.mjs: ${pathname} is not there`);
    return response.writeHead(404).end();
  }
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  return createReadStream(file).pipe(response);
}

/** Counts what is under way, so that a page's last request is not cut off. */
function countRequests(page) {
  const open = new Set();
  let settled = () => {};
  const ended = (request) => {
    open.delete(request);
    if (open.size === 0) settled();
  };
  page.on("request", (request) => open.add(request));
  page.on("requestfinished", ended);
  page.on("requestfailed", ended);
  return () =>
    new Promise((resolve) => {
      settled = resolve;
      if (open.size === 0) resolve();
      setTimeout(resolve, LAST_REQUESTS).unref();
    });
}

async function open(browser, url) {
  const page = await browser.newPage();
  const noMoreRequests = countRequests(page);
  page.on("console", (message) => console.log(`[${message.type()}] ${message.text()}`));
  const failed = new Promise((_, reject) => page.on("pageerror", reject));
  const isDone = () =>
    window.done instanceof Promise ? window.done.then(() => true) : document.title === "done";
  const done = page.goto(url).then(() => page.waitForFunction(isDone, undefined, { timeout: DEADLINE }));
  await Promise.race([done, failed]);
  await noMoreRequests();
}

const server = createServer(serve);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = new URL(options.file, `http://127.0.0.1:${server.address().port}/`);
for (const parameter of options.parameter) {
  const [name, ...value] = parameter.split("=");
  url.searchParams.append(name, value.join("="));
}
const browser = await chromium.launch({ executablePath: options.chromium, args: FLAGS });
try {
  await open(browser, url.href);
} catch (error) {
  console.error(`page.mjs: ${url.pathname}: ${error.stack ?? error}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}
