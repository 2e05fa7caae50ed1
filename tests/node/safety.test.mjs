// Nothing that a user hands over, however odd, throws, changes, or changes what comes back.

import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import * as s from 'spanwire';
import { find, recorder } from './servers.mjs';

const out = recorder();
const spans = async () => {
  await s.flush();
  return out.take();
};
beforeEach(async () => {
  await spans();
  s.init({ transport: out.transport, sendDefaultPii: true });
});

const cycle = { name: 'cycle', list: [1] };
cycle.self = cycle;
cycle.list.push(cycle);
const deep = Array.from({ length: 5000 }).reduce((inner) => ({ inner }), {});
const throwing = { get boom() { throw new Error('getter'); }, fine: 1 };
const hostile = new Proxy({}, { get() { throw new Error('get'); }, ownKeys() { throw new Error('keys'); }, getPrototypeOf() { throw new Error('proto'); } });
const revoked = (() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })();

const ODD = {
  undefined, null: null, nan: NaN, infinity: Infinity, minusZero: -0, bigint: 10n ** 30n, small: 5n, symbol: Symbol('s'), fn() {},
  cycle, deep, throwing, hostile, revoked, date: new Date(NaN), map: new Map([['a', 1], [cycle, cycle]]), set: new Set([1, 2n]),
  bytes: new Uint8Array(1000), buffer: new ArrayBuffer(8), view: new DataView(new ArrayBuffer(4)), error: new Error('e'), regexp: /x/,
  toJSON: { toJSON() { throw new Error('toJSON'); } }, bare: Object.create(null), surrogate: 'a\ud800b', nul: 'a\0b', huge: 'x'.repeat(3_000_000),
  sparse: [, 1], nested: { n: NaN, big: 1n, fn() {}, u: undefined, date: new Date(0) }, promise: Promise.resolve(1), weak: new WeakMap(),
  boxed: Object(1n), generator: (function* () { yield 1; })(), global: globalThis,
};

for (const [name, value] of Object.entries(ODD)) {
  test(`${name} everywhere`, async () => {
    const span = s.startSpan({ name, op: 'test', attributes: { value } });
    for (const call of ['setAttribute', 'setData']) span[call]('key', value)[call](value, value);
    for (const call of ['setAttributes', 'setName', 'setStatus', 'setInput', 'setOutput', 'setResult', 'setUsage', 'recordRequest', 'recordResponse', 'recordChunk', 'recordException', 'addLink']) {
      assert.equal(span[call](value), span, call);
    }
    span.setAttributes({ value }).addLink(span, value);
    span.wrapStream(value);
    for (const call of ['invokeAgent', 'chat', 'executeTool', 'embeddings', 'createAgent']) {
      s[call](value, { messages: value, arguments: value, tools: value, parent: value, attributes: { value }, temperature: value }).end(value);
      if (typeof value !== 'function') s[call]('m', value)?.end?.();
    }
    s.handoff(value, value);
    if (typeof value !== 'function') s.startSpan(value ?? {})?.end?.();
    s.continueTrace(value);
    if (typeof value !== 'function') s.scope(value, () => {});
    s.scope({ conversationId: value, user: value, pipeline: value, attributes: { value } }, () => s.chat('in scope', () => {}));
    s.setConversationId(value); s.setUser(value); s.setPipeline(value);
    s.setConversationId(null); s.setUser(null); s.setPipeline(null);
    assert.ok(Object.is(s.tool(() => value)(value, value), value) || name === 'promise');
    if (typeof value !== 'function') s.instrument(value), s.uninstrument(value);
    const thrown = () => s.chat('m', () => { throw value; });
    assert.throws(thrown, (error) => Object.is(error, value) || Number.isNaN(value));
    span.end(value);
    const made = await spans();
    // Megabytes in every span may come faster than they are read: then the oldest go, and are counted.
    const { internal_sdk_error: wrong, queue_overflow: crowded = 0 } = s.stats().lost;
    assert.ok(made.length + (name === 'huge' ? crowded : 0) > 5);
    assert.equal(wrong, undefined);
  });
}

test('what JSON cannot say is told as well as it can be', async () => {
  s.startSpan({ name: 'odd' }, (span) => {
    span.setAttributes({
      cycle, nan: NaN, minus: -Infinity, big: 2n ** 63n, fits: 2n ** 63n - 1n, inside: { big: 12345678901234567890n, nan: NaN, fn() {} },
      map: new Map([['a', 1]]), set: new Set(['x']), bytes: new Uint8Array(3), throwing, unsafe: 2 ** 60, list: [1, 2], date: new Date(0),
    });
    span.setAttribute('alone', 2n ** 63n - 1n).setAttribute('nan', NaN).setAttribute('unsafe2', 2 ** 60).setAttribute('none', undefined);
  });
  const { attributes } = find(await spans(), 'odd');
  assert.equal(attributes.cycle, '{"name":"cycle","list":[1,"[Circular]"],"self":"[Circular]"}');
  assert.deepEqual([attributes.nan, attributes.minus, attributes.big], ['NaN', '-Infinity', '9223372036854775808']);
  assert.equal(attributes.inside, '{"big":12345678901234567890,"nan":null}');
  assert.deepEqual([attributes.map, attributes.set, attributes.bytes], ['{"a":1}', ['x'], '<3 bytes>']);
  assert.equal(attributes.throwing, '{"boom":"[Unreadable]","fine":1}');
  assert.deepEqual([attributes.unsafe, attributes.unsafe2], [2 ** 60, 2 ** 60]);
  assert.deepEqual([attributes.list, attributes.date], [[1, 2], '1970-01-01T00:00:00.000Z']);
  assert.ok(!('none' in attributes));
});

test('what there is no room for is marked and counted', async () => {
  const list = Array.from({ length: 150_000 }, (_, at) => at);
  s.executeTool('t', (span) => span.setResult({ cycle, list }));
  const result = find(await spans(), 'execute_tool t').attributes['gen_ai.tool.call.result'];
  const { list: kept } = JSON.parse(result);
  assert.equal(kept.at(-1), '[Too large]');
  assert.deepEqual(kept.slice(0, 3), [0, 1, 2]);
  // 100,000 pieces of a value are written; the core shortens the text of those, and counts characters.
  const { messages } = s.stats().removed;
  assert.ok(messages > 49_900 && messages < 50_100, `${messages}`);
});

test('nothing is changed: frozen values, and the same keys after', async () => {
  const options = Object.freeze({ messages: Object.freeze([Object.freeze({ role: 'user', content: 'x' })]), attributes: Object.freeze({ a: Object.freeze([1]) }) });
  s.chat('m', options, () => {});
  assert.deepEqual(Object.keys(options), ['messages', 'attributes']);
});

test('an ended span takes nothing more, and ends once', async () => {
  const span = s.chat('m');
  span.end();
  span.end();
  span.setAttribute('late', 1).setOutput('late').recordException(new Error('late'));
  assert.equal(span.isRecording, false);
  s.useSpan(span, () => s.chat('child', () => {}));
  const made = await spans();
  assert.equal(made.length, 2);
  assert.equal(find(made, 'chat child').parent_span_id, span.spanId);
  assert.ok(!JSON.stringify(find(made, 'chat m')).includes('late'));
  assert.equal(s.stats().started, 2);
});

test('calls without arguments', () => {
  for (const call of ['invokeAgent', 'createAgent', 'chat', 'embeddings', 'executeTool', 'handoff', 'startSpan']) s[call]().end();
});

test('without a destination everything is a no-op, and works', async () => {
  s.init({});
  assert.equal(s.chat('m', (span) => span.isRecording), false);
  const span = s.invokeAgent('A');
  span.setAttribute('a', 1).setUsage({}).recordRequest({}).end();
  assert.match(span.traceId, /^0{32}$/);
  assert.equal(s.currentSpan().isRecording, false);
  assert.deepEqual(s.traceHeaders(), {});
  assert.equal(await s.chat('m', async () => 5), 5);
  assert.throws(() => s.chat('m', () => { throw new RangeError('mine'); }), RangeError);
  assert.equal(s.tool((x) => x)(7), 7);
  assert.deepEqual(s.stats(), { started: 0, sent: 0, waiting: 0, spooled: 0, lost: {}, removed: { messages: 0, characters: 0 } });
  assert.equal(await s.flush(), true);
  assert.equal(await s.close(), true);
});

test('a wrong option is a ConfigError that names it, the value and what is allowed', () => {
  const wrong = (options, message) => assert.throws(() => s.init(options), (error) => error instanceof s.ConfigError && error.name === 'ConfigError' && message.test(error.message));
  wrong({ tracesSampleRate: 2 }, /`traces_sample_rate` cannot be 2; allowed: a number from 0 to 1/);
  wrong({ dns: 'x' }, /unknown option `dns`/);
  wrong({ dsn: 'nonsense' }, /`dsn` cannot be read/);
  wrong({ dsn: 7 }, /`dsn` cannot be 7/);
  wrong({ transport: 'pigeon' }, /`transport`/);
  wrong('text', /one object/);
});

test('binary data is replaced before it is copied', async () => {
  const image = `data:image/png;base64,${'A'.repeat(1_000_000)}`;
  const { stringify } = JSON;
  let longest = 0;
  JSON.stringify = (...args) => {
    const text = stringify(...args);
    longest = Math.max(longest, text?.length ?? 0);
    return text;
  };
  try {
    const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: image } }] }];
    s.chat('pictured', { messages, attributes: { raw: image, nested: { file: Buffer.alloc(1_000_000) } } }, (span) => {
      span.setOutput('A'.repeat(1_000_000));
    });
  } finally {
    JSON.stringify = stringify;
  }
  assert.ok(longest < 10_000, `${longest} characters were written at once`);
  const { attributes } = find(await spans(), 'chat pictured');
  assert.equal(attributes.raw, 'data:image/png;base64,[Blob substitute: 1000000 characters]');
  assert.equal(attributes.nested, '{"file":"<1000000 bytes>"}');
  const [message] = JSON.parse(attributes['gen_ai.input.messages']);
  assert.deepEqual(message.parts, [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: '[Blob substitute]', size: 750_000 }]);
  assert.match(attributes['gen_ai.output.messages'], /Blob substitute: 1000000 characters/);
});
