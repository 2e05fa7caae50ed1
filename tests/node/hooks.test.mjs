// The functions of init: tracesSampler and beforeSendSpan, also when they misbehave and when the process ends.

import assert from 'node:assert/strict';
import test, { after, before, beforeEach } from 'node:test';
import * as s from 'spanwire';
import { run, spansIn, startServers } from './servers.mjs';

let servers;
before(async () => { servers = await startServers(); });
after(() => servers?.stop());
beforeEach(async () => {
  await s.close(0);
  await servers.reset();
});

async function received() {
  return (await servers.envelopes()).flatMap(({ body }) => spansIn(body));
}

test('a sampler sees the span that begins and the decision of the caller', async () => {
  const asked = [];
  s.init({ dsn: servers.dsn, tracesSampler: (context) => { asked.push(context); return context.name !== 'chat quiet'; } });
  s.invokeAgent('Ada', { model: 'm', attributes: { team: 'a' } }, () => s.chat('m', () => {}));
  s.continueTrace({ 'sentry-trace': '0123456789abcdef0123456789abcdef-00f067aa0ba902b7-0' }, () => s.chat('quiet', () => {}));
  assert.equal(await s.flush(), true);
  assert.deepEqual((await received()).map(({ name }) => name), ['chat m', 'invoke_agent Ada']);
  assert.deepEqual(asked.map(({ name, op, parentSampled }) => [name, op, parentSampled]), [
    ['invoke_agent Ada', 'gen_ai.invoke_agent', null],
    ['chat quiet', 'gen_ai.chat', false],
  ]);
  assert.equal(asked[0].attributes.team, 'a');
  assert.deepEqual(s.stats().lost, { sample_rate: 1 });
});

test('a sampler that throws or answers nonsense is as if there were none', async () => {
  for (const tracesSampler of [() => { throw new Error('no'); }, () => 'often', () => 7, () => undefined]) {
    s.init({ dsn: servers.dsn, tracesSampler });
    s.chat('m', () => {});
    await s.flush();
    assert.equal(s.stats().sent, 1);
  }
});

test('a filter changes and drops spans; one that gives nothing back keeps them', async () => {
  s.init({
    dsn: servers.dsn,
    beforeSendSpan(span) {
      if (span.name === 'chat gone') return null;
      span.attributes.seen = span.status;
      return span.name === 'chat silent' ? undefined : { ...span, name: 'renamed' };
    },
  });
  for (const model of ['gone', 'silent', 'other']) s.chat(model, { parent: null }, () => {});
  assert.equal(await s.flush(), true);
  const spans = await received();
  assert.deepEqual(spans.map(({ name }) => name).sort(), ['chat silent', 'renamed']);
  assert.ok(spans.every(({ attributes }) => (attributes.seen.value ?? attributes.seen) === 'ok'));
  assert.deepEqual(s.stats().lost, { before_send: 1 });
});

test('a filter that throws lets nothing through, and it is counted', async () => {
  s.init({ dsn: servers.dsn, beforeSendSpan: () => { throw new Error('no'); } });
  s.chat('m', () => {});
  assert.equal(await s.flush(), true);
  assert.deepEqual([await received(), s.stats().lost], [[], { before_send: 1 }]);
});

test('a filter is asked at process.exit() too', async () => {
  const started = performance.now();
  const { code } = await run(`
    import * as s from 'spanwire';
    s.init({ dsn: process.argv.at(-1), beforeSendSpan: (span) => ({ ...span, name: 'filtered' }) });
    s.chat('m', () => {});
    process.exit(3);
  `, servers.dsn);
  assert.equal(code, 3);
  assert.ok(performance.now() - started < 5000);
  assert.deepEqual((await received()).map(({ name }) => name), ['filtered']);
});

test('what is no function is refused', () => {
  assert.throws(() => s.init({ tracesSampler: 0.5 }), /`traces_sampler` cannot be 0.5; allowed: a function/);
  assert.throws(() => s.init({ beforeSendSpan: 'x' }), /`before_send_span`/);
});
