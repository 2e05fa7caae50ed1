// The real npm package `openai` against the local vendor, watched: what the user sees is what it was unwatched.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test, { after, before, beforeEach } from 'node:test';
import OpenAI from 'openai';
import { APIPromise } from 'openai/core/api-promise';
import { Stream } from 'openai/core/streaming';
import * as s from 'spanwire';
import { EXPECTED, SCENARIOS } from './openai_scenarios.mjs';
import { recorder, run, startServers } from './servers.mjs';

const out = recorder();
const spans = async () => {
  await s.flush();
  return out.take();
};
let servers;
let bare;
before(async () => { servers = await startServers(); });
after(() => servers?.stop());
beforeEach(async () => {
  await spans();
  await servers.reset();
  s.init({ transport: out.transport, sendDefaultPii: true });
  bare = new OpenAI({ apiKey: 'k', baseURL: `${servers.vendor}/v1`, maxRetries: 1 });
});

const watched = () => s.instrument(new OpenAI({ apiKey: 'k', baseURL: `${servers.vendor}/v1`, maxRetries: 1 }));
const messages = [{ role: 'user', content: 'hi' }];

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  test(`${name}: the user sees the same, and the span tells it`, async () => {
    const seen = await scenario(bare.chat.completions);
    await servers.reset();
    assert.deepEqual(await scenario(watched().chat.completions), seen);
    const made = await spans();
    const [span] = made;
    const [spanName, status, attributes] = EXPECTED[name];
    assert.deepEqual([span?.name, span?.status], [spanName, status]);
    assert.equal(made.length, name === 'run_tools' ? 2 : 1);
    for (const [key, value] of Object.entries(attributes)) assert.deepEqual(span.attributes[key], value, key);
    const { hostname, port } = new URL(servers.vendor);
    assert.deepEqual(
      ['sentry.origin', 'server.address', 'server.port', 'gen_ai.operation.name'].map((key) => span.attributes[key]),
      ['auto.ai.openai', hostname, Number(port), 'chat'],
    );
  });
}

test('promise, result and stream are the objects of the library', async () => {
  const { completions } = watched().chat;
  const promise = completions.create({ model: 'm', messages });
  assert.ok(promise instanceof APIPromise);
  assert.equal(await promise, await promise);
  const { data, request_id } = await promise.withResponse();
  assert.equal(data, await promise);
  assert.equal(data._request_id, request_id);
  const stream = await completions.create({ model: 'm', messages, stream: true });
  assert.ok(stream instanceof Stream && stream.controller instanceof AbortController);
  for await (const _ of stream);
  await assert.rejects(async () => { for await (const _ of stream); }, /consumed/);
});

test('the request is sent at once and once, the answer read only when asked for', async () => {
  const promise = watched().chat.completions.create({ model: 'lazy', messages });
  await promise.asResponse();
  assert.equal((await servers.requests()).length, 1);
  assert.equal((await promise).object, 'chat.completion');
  assert.equal((await servers.requests()).length, 1);
});

test('a rejection that nobody handles stays one, and a handled one stays handled', async () => {
  const result = await run(`
    import OpenAI from 'openai';
    import * as s from 'spanwire';
    s.init({ transport: () => {} });
    const client = s.instrument(new OpenAI({ apiKey: 'k', baseURL: process.argv.at(-1) + '/v1' }));
    const request = { model: 'fault-400', messages: [{ role: 'user', content: 'x' }] };
    await client.chat.completions.create(request).catch(() => console.log('handled'));
    process.on('unhandledRejection', (error) => console.log('unhandled', error.status));
    client.chat.completions.create(request);
  `, servers.vendor);
  assert.deepEqual(result, { code: 0, signal: null, stdout: 'handled\nunhandled 400\n', stderr: '' });
});

test('requests hang below what is current, and children of the host below them', async () => {
  const client = watched();
  await s.invokeAgent('Ada', async () => { await client.chat.completions.create({ model: 'm', messages }); });
  const made = await spans();
  assert.equal(made.find((span) => span.name === 'chat m').parent_span_id, made.find((span) => span.name === 'invoke_agent Ada').span_id);
  assert.equal(made.find((span) => span.name === 'chat m').attributes['gen_ai.agent.name'], 'Ada');
});

test('twice is once, and off is off', async () => {
  const client = bare;
  const { create } = client.chat.completions;
  assert.equal(s.instrument(s.instrument(client)), client);
  await client.chat.completions.create({ model: 'm', messages });
  assert.equal((await spans()).length, 1);
  s.uninstrument(client);
  assert.equal(client.chat.completions.create, create);
  assert.ok(!Object.hasOwn(client.chat.completions, 'create'));
  await client.chat.completions.create({ model: 'm', messages });
  assert.equal((await spans()).length, 0);
});

test('a class covers its clients, and a client of it is not counted twice', async () => {
  const { create } = OpenAI.Chat.Completions.prototype;
  s.instrument(OpenAI);
  try {
    await bare.chat.completions.create({ model: 'm', messages });
    assert.equal((await spans()).length, 1);
    s.instrument(bare);
    await bare.chat.completions.create({ model: 'm', messages });
    assert.equal((await spans()).length, 1);
  } finally {
    s.uninstrument(OpenAI);
  }
  assert.equal(OpenAI.Chat.Completions.prototype.create, create);
});

test('instrument() finds what CommonJS has loaded, and what init allows', async () => {
  const { OpenAI: Required } = createRequire(import.meta.url)('openai');
  const client = new Required({ apiKey: 'k', baseURL: `${servers.vendor}/v1` });
  s.init({ transport: out.transport, disabledIntegrations: ['openai'] });
  s.instrument();
  await client.chat.completions.create({ model: 'm', messages });
  assert.equal((await spans()).length, 0);
  s.init({ transport: out.transport });
  s.instrument();
  await client.chat.completions.create({ model: 'm', messages });
  s.uninstrument();
  await client.chat.completions.create({ model: 'm', messages });
  assert.equal((await spans()).length, 1);
});

test('without the policy no content leaves, with it the messages do', async () => {
  await watched().chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'secret' }] });
  assert.match(JSON.stringify(await spans()), /secret/);
  s.init({ transport: out.transport });
  await watched().chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'secret' }] });
  const made = await spans();
  assert.equal(made.length, 1);
  assert.doesNotMatch(JSON.stringify(made), /secret/);
});

test('what is no client is left alone', () => {
  for (const odd of [{}, { chat: {} }, { chat: { completions: { create: 7 } } }, null, 'text', () => {}]) {
    assert.equal(s.instrument(odd), odd);
    s.uninstrument(odd);
  }
});

test('another shape of result is given on as it is', async () => {
  const result = { id: 'x' };
  const client = s.instrument({ chat: { completions: { create: () => result } } });
  assert.equal(client.chat.completions.create({ model: 'm' }), result);
  const throwing = s.instrument({ chat: { completions: { create() { throw new RangeError('mine'); } } } });
  assert.throws(() => throwing.chat.completions.create(), RangeError);
  assert.deepEqual((await spans()).map((span) => span.status), ['ok', 'error']);
});
