// Spans by hand (`../work.mjs`), in headless Chromium.
//
// `node manual.mjs CONTESTANT` prints one JSON object: nanoseconds of the page's main thread per span, as the page
// waits for them and until all is sent; bytes per span; long tasks; and what a page loads for it. What a contestant
// sends goes over HTTP to a server on loopback that throws it away.

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

/** The site: what is asked of it, without the benchmark's own files, is what a page loads. */
async function serveSite() {
  const [answers, loaded] = [await files(), new Map()];
  const host = await listen(({ url }, response) => {
    const [type, body] = answers.get(url) ?? [];
    if (body !== undefined && !OWN.includes(url)) loaded.set(url, brotliCompressSync(body).length);
    response.writeHead(body === undefined ? 404 : 200, type && { 'content-type': type }).end(body);
  });
  return { origin: `http://${host}`, loaded };
}

async function serveSink() {
  const sink = { bytes: 0 };
  const host = await listen((request, response) => {
    request.on('data', (chunk) => { sink.bytes += chunk.length; });
    request.on('end', () => response.writeHead(200, { 'access-control-allow-origin': '*' }).end('{}'));
  });
  return Object.assign(sink, { dsn: `http://key@${host}/1` });
}

async function open(browser, name, site, sink, slowdown) {
  const blank = await browser.newPage();
  // A browser without a head is a robot to `@sentry/browser`, which leaves most of its tracing out then.
  const userAgent = (await blank.evaluate(() => navigator.userAgent)).replace('HeadlessChrome', 'Chrome');
  await blank.close();
  const page = await browser.newPage({ userAgent });
  const devtools = await page.context().newCDPSession(page);
  // Processor time: whatever else the machine does meanwhile is not the page's.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(site.origin);
  await page.waitForFunction(() => window.ready === true);
  await page.evaluate(([name, dsn]) => window.start(name, dsn), [name, sink.dsn]);
  const busy = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  return { page, busy };
}

async function costs(browser, name, site, sink) {
  const { page, busy } = await open(browser, name, site, sink, 1);
  const work = (runs) => page.evaluate((runs) => window.work(runs), runs);
  await work(WARM_UP);
  const before = { bytes: sink.bytes, busy: await busy() };
  const waited = await work(RUNS);
  const spans = RUNS * (REQUESTS + 1);
  const sent = sink.bytes - before.bytes;
  if (sent === 0) throw new Error('nothing was sent');
  const figures = {
    waited_ns: (waited * 1e6) / (REQUESTS + 1),
    thread_ns: (((await busy()) - before.busy) * 1e9) / spans,
    bytes: sent / spans,
  };
  await page.close();
  return figures;
}

async function longTasks(browser, name, site, sink) {
  const { page } = await open(browser, name, site, sink, SLOWDOWN);
  const tasks = await page.evaluate((requests) => window.longRun(requests), LONG_REQUESTS);
  await page.close();
  return { long_tasks: tasks.length, longest_ns: Math.max(0, ...tasks) * 1e6 };
}

const [name] = process.argv.slice(2);
const [site, sink] = [await serveSite(), await serveSink()];
const browser = await chromium.launch({ executablePath: executable(), args: FLAGS, headless: true, chromiumSandbox: false });
const figures = { ...(await costs(browser, name, site, sink)), ...(await longTasks(browser, name, site, sink)) };
await browser.close();
const loaded_bytes = [...site.loaded.values()].reduce((all, bytes) => all + bytes, 0);
console.log(JSON.stringify({ ...figures, loaded_bytes }));
process.exit(0);
