// Chromium with an empty profile, a page with the package in it, and a server for both on loopback.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

export const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--js-flags=--expose-gc',
];

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser to test in: `CHROMIUM_PATH`, else one of the usual places. */
export function executable() {
  const path = process.env.CHROMIUM_PATH ?? PLACES.find(existsSync);
  if (path === undefined) throw new Error('no Chromium was found; say where one is with CHROMIUM_PATH');
  return path;
}

const wasm = fileURLToPath(new URL('../../bindings-wasm/dist/spanwire_bg.wasm', import.meta.url));

async function bundle() {
  const entryPoints = [fileURLToPath(new URL('page.mjs', import.meta.url)), fileURLToPath(new URL('worker.mjs', import.meta.url))];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', target: 'es2022', write: false, outdir: '/' });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

function serve(files) {
  const answers = new Map([
    ['/', ['text/html; charset=utf-8', '<!doctype html><title>test</title><link rel=icon href="data:,"><script type=module src=/page.js></script>']],
    ['/away', ['text/html; charset=utf-8', '<!doctype html><title>away</title>']],
    ['/spanwire_bg.wasm', ['application/wasm', readFileSync(wasm)]],
  ]);
  for (const [path, contents] of files) answers.set(path, ['text/javascript; charset=utf-8', Buffer.from(contents)]);
  const server = createServer((request, response) => {
    const [type, body] = answers.get(new URL(request.url, 'http://localhost').pathname) ?? [];
    response.writeHead(body === undefined ? 404 : 200, type && { 'content-type': type }).end(body);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Opens a page; `close` it in the end. */
export async function openBrowser() {
  const server = await serve(await bundle());
  const profile = mkdtempSync(join(tmpdir(), 'spanwire-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable(), args: FLAGS, headless: true, chromiumSandbox: false,
  });
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    context,
    async page() {
      const page = await context.newPage();
      const errors = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(`${origin}/`);
      await page.waitForFunction(() => window.ready === true);
      return Object.assign(page, { errors });
    },
    async close() {
      await context.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
