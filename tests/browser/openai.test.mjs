// The real npm package `openai` in a page, against the local vendor: the user sees the same, the spans tell it.

import assert from 'node:assert/strict';
import test, { after, before, beforeEach } from 'node:test';
import { EXPECTED, SCENARIOS } from '../node/openai_scenarios.mjs';
import { spansIn, startServers } from '../node/servers.mjs';
import { openBrowser } from './harness.mjs';

let browser;
let servers;
let page;
before(async () => {
  [browser, servers] = await Promise.all([openBrowser(), startServers()]);
  page = await browser.page();
});
after(async () => {
  await browser?.close();
  await servers?.stop();
});
beforeEach(() => servers.reset());

for (const name of Object.keys(SCENARIOS)) {
  test(`${name}: the user sees the same, and the span tells it`, async () => {
    const play = (watched) => page.evaluate(async ([name, baseURL, watched]) => {
      const s = window.api;
      const kept = [];
      await s.init({ transport: (bytes) => void kept.push(new TextDecoder().decode(bytes)), sendDefaultPii: true });
      const client = new window.OpenAI({ apiKey: 'k', baseURL, dangerouslyAllowBrowser: true, maxRetries: 1 });
      if (watched) s.instrument(client);
      const seen = await window.SCENARIOS[name](client.chat.completions);
      await s.flush();
      return { seen, text: kept.join('') };
    }, [name, `${servers.vendor}/v1`, watched]);
    const unwatched = await play(false);
    await servers.reset();
    const watched = await play(true);
    assert.deepEqual(watched.seen, unwatched.seen);
    assert.equal(unwatched.text, '');
    const [span] = spansIn(watched.text);
    const [spanName, status, attributes] = EXPECTED[name];
    assert.deepEqual([span?.name, span?.status, span?.attributes['sentry.origin']], [spanName, status, 'auto.ai.openai']);
    // Chromium may throw away what came before the connection ended: then there was no chunk.
    for (const [key, value] of name === 'stream_cut' ? [] : Object.entries(attributes)) {
      // A bundler may rename a class: `_APIError`.
      const seen = span.attributes[key];
      assert.deepEqual(key === 'error.type' ? seen.replace(/^_/, '') : seen, value, key);
    }
  });
}
