// `agent`, `tool` and `trace` around functions of every sort: they stay what they were.

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

test('bare, with options, curried: this, arguments, name and results stay', async () => {
  function getWeather(city, unit = 'C') { return { self: this, city, unit }; }
  getWeather.extra = 1;
  for (const wrapped of [s.tool(getWeather), s.tool({ description: 'd' }, getWeather), s.tool({ description: 'd' })(getWeather), s.tool()(getWeather)]) {
    const holder = { wrapped };
    const result = holder.wrapped('Paris');
    assert.equal(result.self, holder);
    assert.deepEqual([result.city, wrapped.name, wrapped.length, wrapped.extra], ['Paris', 'getWeather', 1, 1]);
  }
  assert.equal(await s.tool(async (x) => x * 2)(21), 42);
  const made = await spans();
  assert.equal(made[0].name, 'execute_tool getWeather');
  assert.equal(made[0].attributes['gen_ai.tool.call.arguments'], 'Paris');
  assert.equal(made[1].attributes['gen_ai.tool.description'], 'd');
  assert.equal(made.at(-1).name, 'execute_tool anonymous');
  assert.equal(made.at(-1).attributes['gen_ai.tool.call.result'], '42');
});

test('an agent with messages, a tool inside, and an error', async () => {
  const boom = s.tool({ name: 'boom' }, async () => { throw new TypeError('x'); });
  const ada = s.agent({ name: 'Ada' }, async (question) => { await boom().catch(() => {}); return `re: ${question}`; });
  assert.equal(await ada('why?'), 're: why?');
  const made = await spans();
  const agent = find(made, 'invoke_agent Ada');
  assert.match(agent.attributes['gen_ai.input.messages'], /why\?/);
  assert.match(agent.attributes['gen_ai.output.messages'], /re: why/);
  const tool = find(made, 'execute_tool boom');
  assert.deepEqual([tool.parent_span_id, tool.status, tool.attributes['error.type']], [agent.span_id, 'error', 'TypeError']);
  assert.equal(tool.attributes['gen_ai.agent.name'], 'Ada');
});

test('generators stay generators; the span is current in their bodies', async () => {
  const numbers = s.trace({ name: 'numbers', op: 'function' }, function* () { yield s.currentSpan().spanId; return 'end'; });
  const stream = s.trace(async function* stream() { yield 1; await null; yield s.currentSpan() !== undefined; });
  const generator = numbers();
  const first = generator.next();
  assert.deepEqual([generator.next(), generator[Symbol.toStringTag]], [{ value: 'end', done: true }, 'Generator']);
  const items = [];
  for await (const item of stream()) items.push(item);
  assert.deepEqual(items, [1, true]);
  for (const _ of numbers()) break;
  const made = await spans();
  assert.equal(made[0].span_id, first.value);
  assert.deepEqual(made.map((span) => span.name), ['numbers', 'stream', 'numbers']);
});

test('trace knows the templates', async () => {
  s.trace({ template: s.SPANTEMPLATE.AI_AGENT, name: 'A' }, () => 'x')('in');
  s.trace({ template: s.SPANTEMPLATE.AI_TOOL })(function t(x) { return x; })({ a: 1 });
  s.trace({ template: s.SPANTEMPLATE.AI_CHAT })(({ model }) => ({ model, choices: [{ message: { role: 'assistant', content: 'hey' } }] }))({
    model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], temperature: 0.5,
  });
  s.trace(() => {})();
  s.trace({ op: 'my.op', name: 'mine', attributes: { k: 'v' } }, () => {})();
  const made = await spans();
  assert.deepEqual(made.map((span) => span.attributes['sentry.op']), ['gen_ai.invoke_agent', 'gen_ai.execute_tool', 'gen_ai.chat', 'function', 'my.op']);
  const chat = made[2].attributes;
  assert.deepEqual([chat['gen_ai.request.model'], chat['gen_ai.request.temperature']], ['gpt-4o', 0.5]);
  assert.match(chat['gen_ai.output.messages'], /hey/);
  assert.equal(made[1].attributes['gen_ai.tool.call.arguments'], '{"a":1}');
  assert.deepEqual([made[4].name, made[4].attributes.k], ['mine', 'v']);
});

test('what was gathered leaves only if the policy says so', async () => {
  s.init({ transport: out.transport });
  s.tool(function t(secret) { return secret; })('hush');
  s.agent(function a() { return 'hush'; })('hush');
  s.executeTool('by hand', { arguments: { x: 1 } }, (span) => span.setResult('kept'));
  const made = await spans();
  assert.ok(!JSON.stringify(made).includes('hush'));
  assert.equal(find(made, 'execute_tool by hand').attributes['gen_ai.tool.call.result'], 'kept');
});

test('a missing function is an error, and without init a wrapper does nothing', async () => {
  assert.throws(() => s.tool({}, 7), TypeError);
  assert.throws(() => s.tool()('x'), TypeError);
  class Held { constructor() { this.run = s.tool(this.run); } run() { return this; } }
  const held = new Held();
  assert.equal(held.run(), held);
});
