// Every vector gives its exact bytes through the npm package `spanwire-browser`, in a real browser.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { openBrowser } from './harness.mjs';

const folder = new URL('../vectors/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

let browser;
let page;
before(async () => {
  browser = await openBrowser();
  page = await browser.page();
});
after(() => browser?.close());

test('there are vectors', () => assert.notEqual(files.length, 0));

for (const file of files) {
  test(file, async () => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const { envelopes, stats, expected, expectedStats } = await page.evaluate((text) => window.replay(text), text);
    assert.deepEqual(envelopes, expected);
    if (expectedStats) assert.deepEqual(stats, expectedStats);
  });
}
