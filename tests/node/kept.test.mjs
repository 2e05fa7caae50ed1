// Spans that JavaScript keeps to itself until they have ended: nobody can tell them from those it does not keep.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { beforeEach } from 'node:test';
import * as s from 'spanwire';
import { find, recorder, run, spansIn } from './servers.mjs';

const out = recorder();
const init = (options = {}) => s.init({ transport: out.transport, sendDefaultPii: true, ...options });
const spans = async () => {
  assert.equal(await s.flush(), true);
  return out.take();
};
beforeEach(async () => {
  await spans();
  init();
});

const MANY = 'long '.repeat(20_000);
const cycle = { name: 'cycle' };
cycle.self = cycle;

/** What may be done to a span. */
const CHANGES = {
  nothing: () => {},
  texts: (span) => span.setAttribute('a"b', 'text \u2028 \ud83d\ude00 \ud800 "\\\n').setAttribute('empty', ''),
  separators: (span) => span.setAttribute('k', 'a\x1eb\x1fc').setOutput('o\x1ep'),
  numbers: (span) => [0, -0, 1, 2 ** 53, -1.5, 1e-7, 1e21, NaN, Infinity, 5n, 2n ** 70n].forEach((value, at) => span.setAttribute(`n${at}`, value)),
  others: (span) => span.setAttributes({ yes: true, list: ['a', 1], none: null, missing: undefined, cycle, date: new Date(0) }),
  attributes: (span) => span.setAttributes({ a: 'x', b: 2, c: 0.5, d: 1e300, e: 2 ** 60, f: NaN, g: 'l'.repeat(5000) }),
  twice: (span) => span.setAttribute('k', 1).setAttribute('k', 'two'),
  long: (span) => span.setAttribute('k', MANY).setOutput(MANY).setAttribute('l', 1),
  name: (span) => span.setAttribute('k', 1).setName('another').setAttribute('l', 2),
  status: (span) => span.setOutput('x').setStatus('error', 'no').setUsage({ inputTokens: 1 }),
  exception: (span) => span.setOutput('x').recordException(new TypeError('broken')),
  content: (span) => span.setInput([{ role: 'user', content: 'hi' }]).setOutput('hello').setUsage({ inputTokens: 3, outputTokens: 4 }),
  result: (span) => span.setResult({ rain: true }),
  wire: (span) =>
    span.recordRequest({ model: 'm', messages: [{ role: 'user', content: 'q' }] }, 'openai_chat')
      .recordResponse({ model: 'm-1', choices: [{ message: { role: 'assistant', content: 'a' } }] }),
  link: (span) => span.addLink(s.continueTrace({ 'sentry-trace': '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1' }), { why: 'x' }),
  end: (span) => span.end(0),
  child: (span) => s.useSpan(span, () => s.executeTool('inner', { arguments: { x: 1 } }, (tool) => tool.setResult('y'))),
  agent: (span) => s.invokeAgent('Inner', { parent: span }, () => s.chat('deep', () => {})),
};

const CALLS = {
  chat: (change) => s.chat('m', { provider: 'p', messages: 'hi', maxTokens: 5, attributes: { a: 1 } }, change),
  bare: (change) => {
    const span = s.chat('m');
    change(span);
    span.end();
  },
  odd: (change) => s.chat('m\x1en', change),
  empty: (change) => s.chat('', { attributes: { a: '' } }, change),
  tool: (change) => s.executeTool('t', { arguments: { city: 'Paris' } }, change),
  any: (change) => s.startSpan({ name: 'n', op: 'task', attributes: { a: [1] } }, change),
  documented: (change) => s.startSpan({ name: 'chat x', op: 'gen_ai.request', attributes: { 'gen_ai.request.model': 'x' } }, change),
  agent: (change) => s.startSpan({ name: 'invoke_agent X', op: 'gen_ai.invoke_agent' }, change),
  scoped: (change) => s.scope({ conversationId: 'c', attributes: { scoped: true } }, () => s.chat('m', change)),
  handoff: () => s.handoff('A', 'B'),
};

/** All of it below one agent. */
function everything() {
  s.invokeAgent('Ada', { model: 'm' }, () => {
    for (const call of Object.values(CALLS)) for (const change of Object.values(CHANGES)) call(change);
  });
}

/** Spans by what does not differ from run to run, ids as their order of appearance. */
function told(made) {
  const names = new Map();
  const number = (id) => id && (names.has(id) ? names : names.set(id, names.size)).get(id);
  return made.map(({ trace_id, span_id, parent_span_id, start_timestamp, end_timestamp, ...rest }) => {
    assert.ok(end_timestamp >= start_timestamp);
    const { 'sentry.segment.id': segment, ...attributes } = rest.attributes;
    // What a clock that stands still and a test's platform do not have.
    const others = ['gen_ai.response.tokens_per_second', 'server.address'];
    for (const key of Object.keys(attributes)) if (/^(process|sentry\.sdk)\./.test(key) || others.includes(key)) delete attributes[key];
    return { ...rest, attributes, trace: number(trace_id), id: number(span_id), parent: number(parent_span_id), segment: number(segment) };
  });
}

test('they are the same as spans that are not kept', async () => {
  everything();
  const kept = await spans();
  init({ testing: { clock: 1_700_000_000, random: randomBytes(32 * 1000).toString('hex') } });
  everything();
  const plain = await spans();
  assert.equal(kept.length, plain.length);
  const [left, right] = [told(kept), told(plain)];
  left.forEach((span, at) => assert.deepEqual(span, right[at]));
});

test('they are inside of their parents, in the order of their ends', async () => {
  s.invokeAgent('Ada', () => {
    for (let count = 0; count < 300; count++) s.chat(`m${count}`, () => {});
  });
  const made = await spans();
  const agent = find(made, 'invoke_agent Ada');
  assert.deepEqual(made.map((span) => span.name), [...Array(300).keys()].map((count) => `chat m${count}`).concat('invoke_agent Ada'));
  for (const span of made.slice(0, -1)) {
    assert.equal(span.parent_span_id, agent.span_id);
    assert.ok(span.start_timestamp >= agent.start_timestamp && span.end_timestamp <= agent.end_timestamp);
  }
});

test('an open one and an ended one can be asked, linked to and hung below', async () => {
  const agent = s.invokeAgent('Ada');
  const open = s.chat('open', { parent: agent });
  const ended = s.useSpan(agent, () => {
    let span;
    s.chat('ended', (chat) => void (span = chat));
    return span;
  });
  for (const span of [open, ended]) {
    assert.equal(span.traceId, agent.traceId);
    const { spanId } = span;
    assert.match(spanId, /^[0-9a-f]{16}$/);
    s.useSpan(span, () => assert.match(s.traceHeaders()['sentry-trace'], new RegExp(`${agent.traceId}-${spanId}-1`)));
    s.executeTool('below', { parent: span }, (tool) => tool.addLink(span));
    assert.equal(span.spanId, spanId);
  }
  assert.deepEqual([open.isRecording, ended.isRecording], [true, false]);
  open.end();
  agent.end();
  const made = await spans();
  assert.deepEqual(made.map((span) => span.name), ['chat ended', 'execute_tool below', 'execute_tool below', 'chat open', 'invoke_agent Ada']);
  const below = made.filter((span) => span.name === 'execute_tool below');
  for (const [at, span] of [open, ended].entries()) {
    assert.equal(below[at].parent_span_id, span.spanId);
    assert.equal(below[at].links[0].span_id, span.spanId);
    assert.equal(made.find(({ span_id }) => span_id === span.spanId).parent_span_id, agent.spanId);
  }
});

test('the ledger has them at once, open and ended', () => {
  s.invokeAgent('Ada', () => {
    const span = s.chat('m');
    s.chat('n', () => {});
    const { started, waiting } = s.stats();
    assert.deepEqual([started, waiting], [3, 3]);
    span.end();
    assert.equal(s.stats().started, 3);
  });
});

test('below what is not sampled nothing is made, and all of it counted', async () => {
  init({ tracesSampleRate: 0 });
  const [first, second] = s.invokeAgent('Ada', (agent) => {
    const tool = s.executeTool('t', (span) => s.chat('m', (inner) => [span, inner]));
    assert.equal(agent.isRecording, false);
    return tool;
  });
  assert.equal(first.isRecording, false);
  assert.equal(first.traceId, second.traceId);
  assert.notEqual(first.spanId, second.spanId);
  s.useSpan(second, () => assert.equal(s.traceHeaders()['sentry-trace'], `${second.traceId}-${second.spanId}-0`));
  assert.deepEqual([s.stats().started, s.stats().lost], [3, { sample_rate: 3 }]);
  assert.deepEqual(await spans(), []);
});

test('one that is let go ends, and so does its parent, whoever holds the other', async () => {
  const turn = async (isDone) => {
    for (let count = 0; count < 100 && !isDone(); count++) {
      await new Promise(setImmediate);
      globalThis.gc();
      await new Promise(setImmediate);
      await s.flush();
    }
  };
  const child = (() => {
    const agent = s.invokeAgent('gone');
    (() => void s.chat('freed', { parent: agent }).setAttribute('k', 'v'))();
    return s.chat('held', { parent: agent });
  })();
  await turn(() => s.stats().sent === 2);
  const made = out.take();
  assert.deepEqual(made.map((span) => span.name).sort(), ['chat freed', 'invoke_agent gone']);
  assert.equal(find(made, 'chat freed').attributes.k, 'v');
  s.chat('later', { parent: child }, () => {});
  child.end();
  const rest = await spans();
  assert.deepEqual(rest.map((span) => [span.name, span.parent_span_id]), [
    ['chat later', child.spanId],
    ['chat held', find(made, 'invoke_agent gone').span_id],
  ]);
});

test('a span whose callback gives a promise that never ends is let go too', async () => {
  (() => {
    s.invokeAgent('Ada', () => void s.chat('never', () => new Promise(() => {})));
  })();
  for (let count = 0; count < 100 && s.stats().sent < 2; count++) {
    await new Promise(setImmediate);
    globalThis.gc();
    await new Promise(setImmediate);
    await s.flush();
  }
  assert.deepEqual(out.take().map((span) => span.name).sort(), ['chat never', 'invoke_agent Ada']);
});

test('a new init sends what the one before has kept', async () => {
  const agent = s.invokeAgent('Ada');
  s.chat('first', { parent: agent }, () => {});
  const open = s.chat('open', { parent: agent });
  open.end();
  agent.end();
  init();
  s.chat('second', { parent: agent }, () => {});
  const names = [];
  for (let count = 0; count < 100 && names.length < 4; count++) {
    names.push(...(await spans()).map((span) => span.name));
    await new Promise(setImmediate);
  }
  assert.deepEqual(names.sort(), ['chat first', 'chat open', 'chat second', 'invoke_agent Ada']);
});

const FILE = `
import * as s from 'spanwire';
const [file, how] = process.argv.slice(-2);
s.init({ transport: 'file:' + file, sendDefaultPii: true });
const agent = s.invokeAgent('Ada');
s.chat('m', { parent: agent }, (span) => span.setOutput('hello'));
if (how === 'exit') process.exit(0);
if (how === 'throw') throw new Error('no');
if (how === 'signal') process.kill(process.pid, 'SIGTERM');
`;
test('the end of a process sends what earlier calls of init have', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spanwire-kept-'));
  const script = `
    import * as s from 'spanwire';
    const folder = process.argv.at(-1);
    for (const name of ['a', 'b', 'c']) {
      s.init({ transport: 'file:' + folder + '/' + name });
      s.chat(name, () => {});
    }
    process.exit(0);
  `;
  await run(script, folder);
  const names = ['a', 'b', 'c'].map((name) => spansIn(readFileSync(join(folder, name), 'utf8')).map((span) => span.name));
  assert.deepEqual(names, [['chat a'], ['chat b'], ['chat c']]);
});

for (const how of ['end', 'exit', 'throw', 'signal']) {
  test(`the end of a process (${how}) sends what is kept`, async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'spanwire-kept-')), 'out');
    await run(FILE, file, how);
    assert.deepEqual(spansIn(readFileSync(file, 'utf8')).map((span) => span.name), ['chat m']);
  });
}

test('with a spool nothing waits for the next turn of the loop', async () => {
  const spoolDir = join(mkdtempSync(join(tmpdir(), 'spanwire-kept-')), 'spool');
  init({ dsn: 'http://key@127.0.0.1:9/1', transport: undefined, spoolDir });
  const agent = s.invokeAgent('Ada');
  s.chat('m', { parent: agent }, () => {});
  const until = Date.now() + 20_000;
  // The event loop gets no turn: what the worker writes it has had before.
  let spooled = 0;
  while (spooled === 0 && Date.now() < until) ({ spooled } = s.stats());
  assert.equal(spooled, 1);
  agent.end();
  await s.close(1);
});
