// Spans by hand (`../work.mjs`), in headless Chromium.
//
// `node manual.mjs CONTESTANT` prints one JSON object: nanoseconds of the page's main thread per span, as the page
// waits for them and until all is sent; bytes per span; long tasks; and what a page loads for it. Where time is
// measured, a function that throws away stands in the place of `fetch`: what the browser itself does for a request
// (half a millisecond) is the same for all. Long tasks are those of the real thing, to a server on loopback.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { executable, FLAGS } from '../../tests/browser/harness.mjs';
import { REQUESTS } from '../work.mjs';

const RUNS = 1000;
const WARM_UP = 300;
/** The run that is looked at for long tasks is one of many requests, on a slow processor (Lighthouse's phone). */
const LONG_REQUESTS = 500;
const SLOWDOWN = 4;

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const HTML = '<!doctype html><title>bench</title><link rel=icon href="data:,"><script type=module src=/page.js></script>';
/** What the page imports when it knows whom to measure. */
const CONTESTANTS = ['/spanwire.js', '/sentry.js'];
/** Files of the benchmark itself. */
const OWN = ['/', '/page.js'];

async function files() {
  const entryPoints = ['page.mjs', 'spanwire.mjs', 'sentry.mjs'].map(here);
  const { outputFiles } = await build({
    entryPoints, bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, outdir: '/', external: CONTESTANTS,
  });
  const wasm = readFileSync(here('../../bindings-wasm/dist/spanwire_bg.wasm'));
  const scripts = outputFiles.map(({ path, contents }) => [path, ['text/javascript; charset=utf-8', Buffer.from(contents)]]);
  return new Map([['/', ['text/html; charset=utf-8', HTML]], ['/spanwire_bg.wasm', ['application/wasm', wasm]], ...scripts]);
}

async function listen(answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${server.address().port}`;
}

/** The site: what is asked of it, without the benchmark's own files, is what a page loads; in bytes with Brotli. */
async function serveSite() {
  const [answers, loaded] = [await files(), new Set()];
  const host = await listen(({ url }, response) => {
    const [type, body] = answers.get(url) ?? [];
    if (body !== undefined && !OWN.includes(url)) loaded.add(body);
    response.writeHead(body === undefined ? 404 : 200, type && { 'content-type': type }).end(body);
  });
  const loadedBytes = () => [...loaded].reduce((all, body) => all + brotliCompressSync(body).length, 0);
  return { origin: `http://${host}`, loadedBytes };
}

/** Takes what is sent; gives its DSN. */
async function serveSink() {
  const host = await listen((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'access-control-allow-origin': '*' }).end('{}'));
  });
  return `http://key@${host}/1`;
}

async function open(browser, name, { origin, dsn, isSending, slowdown }) {
  const blank = await browser.newPage();
  // A browser without a head is a robot to `@sentry/browser`, which leaves most of its tracing out then.
  const userAgent = (await blank.evaluate(() => navigator.userAgent)).replace('HeadlessChrome', 'Chrome');
  await blank.close();
  const page = await browser.newPage({ userAgent });
  const devtools = await page.context().newCDPSession(page);
  // Processor time: whatever else the machine does meanwhile is not the page's.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(origin);
  await page.waitForFunction(() => window.ready === true);
  await page.evaluate((given) => window.start(...given), [name, dsn, isSending]);
  return { page, devtools };
}

async function costs(browser, name, servers) {
  const { page, devtools } = await open(browser, name, { ...servers, isSending: false, slowdown: 1 });
  const work = (runs) => page.evaluate((runs) => window.work(runs), runs);
  const busy = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  await work(WARM_UP);
  const before = await busy();
  const { waited, sent } = await work(RUNS);
  const thread = (await busy()) - before;
  if (sent === 0) throw new Error('nothing was sent');
  await page.close();
  const spans = RUNS * (REQUESTS + 1);
  return { waited_ns: (waited * 1e6) / (REQUESTS + 1), thread_ns: (thread * 1e9) / spans, bytes: sent / spans };
}

async function longTasks(browser, name, servers) {
  const { page } = await open(browser, name, { ...servers, isSending: true, slowdown: SLOWDOWN });
  const tasks = await page.evaluate((requests) => window.longRun(requests), LONG_REQUESTS);
  await page.close();
  return { long_tasks: tasks.length, longest_ns: Math.max(0, ...tasks) * 1e6 };
}

const [name] = process.argv.slice(2);
const [{ origin, loadedBytes }, dsn] = [await serveSite(), await serveSink()];
const browser = await chromium.launch({ executablePath: executable(), args: FLAGS, headless: true, chromiumSandbox: false });
const figures = { ...(await costs(browser, name, { origin, dsn })), ...(await longTasks(browser, name, { origin, dsn })) };
await browser.close();
console.log(JSON.stringify({ ...figures, loaded_bytes: loadedBytes() }));
process.exit(0);
