// The package in a real browser: delivery without a preflight, what is current, odd values, the end of a page.

import assert from 'node:assert/strict';
import test, { after, before, beforeEach } from 'node:test';
import { find, spansIn, startServers } from '../node/servers.mjs';
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
beforeEach(async () => {
  await page.evaluate(() => window.api.close(0));
  await servers.reset();
});

async function received() {
  const envelopes = await servers.envelopes();
  assert.deepEqual(envelopes.flatMap(({ findings }) => findings), []);
  assert.equal(await servers.preflights(), 0);
  return envelopes.flatMap(({ body }) => spansIn(body));
}

/** Waits until the receiver has that many spans. */
const arrived = (count) => until(received, count);

/** Waits until there is that much of something. */
async function until(look, count) {
  for (let turn = 0; turn < 400; turn++) {
    const found = await look();
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${count} did not arrive`);
}

test('to the receiver, without a preflight, and nothing to complain of', async () => {
  const stats = await page.evaluate(async (dsn) => {
    const s = window.api;
    await s.init({ dsn, release: 'r@1' });
    s.invokeAgent('Ada', () => s.chat('m', (span) => span.setUsage({ inputTokens: 1, outputTokens: 2 })));
    return { flushed: await s.flush(), stats: s.stats() };
  }, servers.dsn);
  assert.deepEqual(stats, { flushed: true, stats: { started: 2, sent: 2, waiting: 0, spooled: 0, lost: {}, removed: { messages: 0, characters: 0 } } });
  const spans = await received();
  assert.equal(find(spans, 'chat m').parent_span_id, find(spans, 'invoke_agent Ada').span_id);
  assert.equal(find(spans, 'chat m').attributes['sentry.sdk.name'], 'spanwire.browser');
  const { start_timestamp } = find(spans, 'chat m');
  assert.ok(Math.abs(start_timestamp - Date.now() / 1000) < 60);
});

test('a finished trace leaves by itself when the page is idle', async () => {
  await page.evaluate(async (dsn) => {
    await window.api.init({ dsn });
    window.api.chat('by itself', () => {});
  }, servers.dsn);
  assert.equal((await arrived(1))[0].name, 'chat by itself');
});

test('limits and errors of the server are counted', async () => {
  await servers.answer([{ status: 500 }, { status: 429, headers: { 'x-sentry-rate-limits': '60:span:key' } }]);
  const lost = await page.evaluate(async (dsn) => {
    const s = window.api;
    await s.init({ dsn });
    for (let n = 0; n < 3; n++) {
      s.chat('m', () => {});
      await s.flush();
    }
    return s.stats().lost;
  }, servers.dsn);
  assert.deepEqual(lost, { send_error: 1, ratelimit_backoff: 2 });
});

test('a burst waits for a slow way out', async () => {
  // More than the client holds of these (a third of what may wait), less than waits before it.
  const count = 1_500;
  const [before, after] = await page.evaluate(async (count) => {
    const s = window.api;
    let open;
    const gate = new Promise((resolve) => { open = resolve; });
    await s.init({ dsn: 'https://public@sentry.example.com/42', transport: () => gate, maxWaitingBytes: 4 * 1024 * 1024 });
    for (let number = 0; number < count; number++) s.chat('m', () => {});
    // Time to take over what it can, and more.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = s.stats();
    open();
    await s.flush(20_000);
    return [before, s.stats()];
  }, count);
  assert.deepEqual([before.waiting, before.lost], [count, {}]);
  assert.deepEqual([after.sent, after.waiting, after.lost], [count, 0, {}]);
});

test('a flush is false when nobody is there, and a close counts what is left', async () => {
  const result = await page.evaluate(async () => {
    const s = window.api;
    await s.init({ dsn: 'http://public@127.0.0.1:9/1' });
    s.chat('m', () => {});
    const flushed = await s.flush(300);
    const { waiting } = s.stats();
    return { flushed, waiting, closed: await s.close(50), lost: s.stats().lost };
  });
  assert.deepEqual(result, { flushed: false, waiting: 1, closed: false, lost: { network_error: 1 } });
});

test('what is current: the synchronous part of a callback, useSpan, explicit parents', async () => {
  const result = await page.evaluate(async () => {
    const s = window.api;
    const kept = [];
    await s.init({ transport: (bytes) => void kept.push(new TextDecoder().decode(bytes)) });
    const seen = [];
    await s.invokeAgent('Ada', async (agent) => {
      seen.push(s.currentSpan() === agent);
      s.chat('sync', () => {});
      await null;
      seen.push(s.currentSpan() === undefined);
      s.chat('explicit', { parent: agent }, () => {});
      s.useSpan(agent, () => s.chat('used', () => {}));
      s.chat('alone', () => {});
    });
    s.scope({ conversationId: 'c' }, () => s.chat('scoped', () => {}));
    seen.push(s.currentSpan() === undefined);
    await s.flush();
    return { seen, text: kept.join('') };
  });
  assert.deepEqual(result.seen, [true, true, true]);
  const spans = spansIn(result.text);
  const agent = find(spans, 'invoke_agent Ada');
  assert.deepEqual(['chat sync', 'chat explicit', 'chat used', 'chat alone'].map((name) => find(spans, name).parent_span_id === agent.span_id), [true, true, true, false]);
  assert.equal(find(spans, 'chat scoped').attributes['gen_ai.conversation.id'], 'c');
});

test('odd values do not throw, and what is thrown goes on', async () => {
  const result = await page.evaluate(async () => {
    const s = window.api;
    let count = 0;
    await s.init({ transport: () => {} });
    const cycle = {};
    cycle.self = cycle;
    const hostile = new Proxy({}, { get() { throw new Error('get'); }, ownKeys() { throw new Error('keys'); } });
    for (const value of [undefined, null, NaN, 10n ** 30n, Symbol('s'), cycle, hostile, 'x'.repeat(2e6), document, window, new Map(), '\ud800', Object.create(null)]) {
      const span = s.startSpan({ name: value, op: value, attributes: { value } });
      for (const call of ['setAttributes', 'setName', 'setStatus', 'setInput', 'setOutput', 'setResult', 'setUsage', 'recordRequest', 'recordChunk', 'recordException', 'addLink']) span[call](value);
      span.setAttribute(value, value).end(value);
      span.end();
      s.setUser(value); s.setConversationId(value); s.continueTrace(value); s.instrument(value);
      try { s.chat(value, () => { throw value; }); } catch (error) { count += Object.is(error, value) ? 1 : 0; }
    }
    s.setUser(null); s.setConversationId(null);
    let failed;
    try { await s.init({ transport: 'file:x' }); } catch (error) { failed = error instanceof s.ConfigError && error.message; }
    let unknown;
    try { await s.init({ dsn: 'https://nothing' }); } catch (error) { unknown = error.message; }
    return { count, failed, unknown, flushed: await s.flush() };
  });
  assert.equal(result.count, 13);
  assert.match(result.failed, /`transport` cannot be a file/);
  assert.match(result.unknown, /`dsn` cannot be read \(the public key is missing\)/);
  assert.equal(result.flushed, true);
  assert.deepEqual(page.errors, []);
});

test('before init everything is a no-op', async () => {
  const fresh = await browser.page();
  const result = await fresh.evaluate(() => {
    const s = window.api;
    return [s.chat('m', (span) => span.isRecording), s.chat('m').setUsage({}).traceId, s.tool((x) => x)(7), s.stats().started, JSON.stringify(s.traceHeaders())];
  });
  assert.deepEqual(result, [false, '0'.repeat(32), 7, 0, '{}']);
  await fresh.close();
});

test('what waits leaves with the page', async () => {
  const leaving = await browser.page();
  await leaving.evaluate(async (dsn) => {
    await window.api.init({ dsn });
    const agent = window.api.invokeAgent('stays open');
    window.api.chat('waits for its agent', { parent: agent }, () => {});
    window.kept = agent;
  }, servers.dsn);
  await leaving.goto(`${browser.origin}/away`);
  assert.equal((await arrived(1))[0].name, 'chat waits for its agent');
  await leaving.close();
});

test('what waits leaves when the page is hidden, and only once', async () => {
  const hidden = await browser.page();
  await hidden.evaluate(async (dsn) => {
    await window.api.init({ dsn });
    window.kept = window.api.invokeAgent('stays open');
    window.api.chat('waits', { parent: window.kept }, () => {});
    // Headless, a page is never hidden by itself.
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, servers.dsn);
  await arrived(1);
  await hidden.goto(`${browser.origin}/away`);
  await hidden.close();
  assert.deepEqual((await received()).map((span) => span.name), ['chat waits']);
});

test('a page that is gone sends transactions whose segment never ended', async () => {
  const left = await browser.page();
  await left.evaluate(async (dsn) => {
    await window.api.init({ dsn, traceLifecycle: 'static' });
    window.kept = window.api.invokeAgent('stays open');
    window.api.chat('has ended', { parent: window.kept }, () => {});
  }, servers.dsn);
  await left.goto(`${browser.origin}/away`);
  const [{ findings, body }] = await until(() => servers.envelopes(), 1);
  await left.close();
  assert.deepEqual(findings, []);
  assert.match(body, /"type":"transaction".*"gen_ai.operation.name":"chat"/s);
});

test('more than the browser sends for a page that is gone still leaves while it is there', async () => {
  const stats = await page.evaluate(async (dsn) => {
    const s = window.api;
    await s.init({ dsn });
    // Together more than 64 KiB, each alone less.
    for (let n = 0; n < 8; n++) s.chat('m', { attributes: { text: 'x'.repeat(20_000) } }, () => {});
    return { flushed: await s.flush(), stats: s.stats() };
  }, servers.dsn);
  assert.deepEqual([stats.flushed, stats.stats.sent, stats.stats.lost], [true, 8, {}]);
});

test('an envelope that alone is more than that arrives whole', async () => {
  const text = 'é'.repeat(20_000);
  await page.evaluate(async ([dsn, text]) => {
    const s = window.api;
    await s.init({ dsn });
    s.invokeAgent('Ada', () => {
      for (let n = 0; n < 8; n++) s.chat('m', { attributes: { text } }, () => {});
    });
    await s.flush();
  }, [servers.dsn, text]);
  const spans = await received();
  assert.equal((await servers.envelopes()).length, 1);
  assert.equal(spans.filter(({ attributes }) => attributes.text === text).length, 8);
});

test('a worker has it too', async () => {
  const result = await page.evaluate((dsn) => new Promise((resolve) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
    worker.postMessage({ dsn });
  }), servers.dsn);
  assert.deepEqual(result, { flushed: true, stats: { started: 1, sent: 1, waiting: 0, spooled: 0, lost: {}, removed: { messages: 0, characters: 0 } } });
  assert.equal((await received())[0].name, 'chat worker-model');
});
