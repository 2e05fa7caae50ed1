// The calls that make spans: with a callback, without, with `using`; what the callback gives and throws stays.

import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import * as s from 'spanwire';
import { find, recorder } from './servers.mjs';

const out = recorder();
const spans = async () => {
  assert.equal(await s.flush(), true);
  return out.take();
};
beforeEach(async () => {
  await spans();
  s.init({ transport: out.transport });
});

const CALLS = {
  invokeAgent: ['Ada', 'invoke_agent Ada', 'gen_ai.invoke_agent'],
  createAgent: ['Ada', 'create_agent Ada', 'gen_ai.create_agent'],
  chat: ['m', 'chat m', 'gen_ai.chat'],
  generateContent: ['m', 'generate_content m', 'gen_ai.generate_content'],
  textCompletion: ['m', 'text_completion m', 'gen_ai.text_completion'],
  responses: ['m', 'responses m', 'gen_ai.responses'],
  embeddings: ['m', 'embeddings m', 'gen_ai.embeddings'],
  rerank: ['m', 'rerank m', 'gen_ai.rerank'],
  executeTool: ['t', 'execute_tool t', 'gen_ai.execute_tool'],
};

for (const [call, [subject, name, op]] of Object.entries(CALLS)) {
  test(`${call}: callback as second and third argument, and none`, async () => {
    assert.equal(s[call](subject, (span) => span.isRecording), true);
    assert.equal(s[call](subject, { attributes: { n: 3 } }, (span) => span === s.currentSpan()), true);
    const open = s[call](subject, { attributes: { n: 4 } });
    assert.notEqual(open, s.currentSpan());
    open.end();
    const made = await spans();
    assert.deepEqual(made.map((span) => [span.name, span.attributes['sentry.op']]), Array(3).fill([name, op]));
    assert.deepEqual(made.map((span) => span.attributes.n), [undefined, 3, 4]);
  });
}

test('aiRequest names its operation, and refuses one that does not exist', async () => {
  s.aiRequest('rerank', 'm', () => {});
  s.aiRequest('chat', 'm', { maxTokens: 5 }).end();
  assert.throws(() => s.aiRequest('dance', 'm'), /unknown operation `dance`.*text_completion/);
  assert.throws(() => s.chat('m').recordRequest({}, 'morse'), /unknown format `morse`/);
  const made = await spans();
  assert.deepEqual(made.slice(0, 2).map((span) => span.name), ['rerank m', 'chat m']);
  assert.equal(made[1].attributes['gen_ai.request.max_tokens'], 5);
});

test('option names are converted, data is not', async () => {
  const tools = [{ toolName: 'x', camelCase: { innerKey: 1 } }];
  s.chat('m', {
    provider: 'p', agentName: 'A', systemInstructions: 'be brief', topP: 0.5, topK: 3, frequencyPenalty: 0.1, presencePenalty: 0.2,
    stopSequences: ['END'], reasoningLevel: 'high', seed: 7, conversationId: 'c', pipeline: 'pipe', tools, attributes: { camelKey: 1 },
  }, () => {});
  const { attributes } = find(await spans(), 'chat m');
  assert.equal(attributes['gen_ai.agent.name'], 'A');
  assert.match(attributes['gen_ai.system_instructions'], /be brief/);
  assert.deepEqual(attributes['gen_ai.request.stop_sequences'], ['END']);
  assert.equal(attributes['gen_ai.request.reasoning.level'], 'high');
  assert.equal(attributes['gen_ai.tool.definitions'], JSON.stringify(tools));
  assert.equal(attributes['gen_ai.conversation.id'], 'c');
  assert.equal(attributes.camelKey, 1);
});

test('handoff is a mark without a callback, and a block with one', async () => {
  s.handoff('A', 'B');
  s.handoff('A', 'C', { pipeline: 'p' });
  await s.handoff('A', 'D', async () => new Promise((resolve) => setTimeout(resolve, 5)));
  const [b, c, d] = await spans();
  assert.deepEqual([b.name, c.name, d.name], ['handoff from A to B', 'handoff from A to C', 'handoff from A to D']);
  assert.equal(b.end_timestamp, b.start_timestamp);
  assert.equal(c.attributes['gen_ai.pipeline.name'], 'p');
  assert.ok(d.end_timestamp > d.start_timestamp);
});

test('what a callback gives comes back: a value at once, a promise as a promise', async () => {
  const value = { any: 'thing' };
  assert.equal(s.chat('m', () => value), value);
  const promise = s.chat('m', async () => value);
  assert.ok(promise instanceof Promise);
  assert.equal(await promise, value);
});

test('what a callback throws goes on unchanged, and marks the span', async () => {
  class ToolFailure extends Error {}
  const failure = new ToolFailure('no');
  const named = Object.assign(new Error('late'), { name: 'TimeoutError' });
  assert.throws(() => s.executeTool('a', () => { throw failure; }), (error) => error === failure);
  await assert.rejects(s.executeTool('b', async () => { throw named; }), (error) => error === named);
  assert.throws(() => s.executeTool('c', () => { throw 'text'; }), (error) => error === 'text');
  assert.throws(() => s.executeTool('d', () => { throw undefined; }), (error) => error === undefined);
  const made = await spans();
  assert.deepEqual(made.map((span) => span.status), Array(4).fill('error'));
  assert.deepEqual(made.map((span) => span.attributes['error.type']), ['ToolFailure', 'TimeoutError', 'string', 'undefined']);
  assert.deepEqual(made.map((span) => span.attributes['exception.message']), ['no', 'late', 'text', undefined]);
});

test('using ends a span, and a span without end ends when it is freed', async () => {
  (() => s.chat('used')[Symbol.dispose]())();
  (() => void s.chat('freed').setAttribute('k', 'v'))();
  for (let turn = 0; turn < 100 && s.stats().sent < 2; turn++) {
    await new Promise(setImmediate);
    globalThis.gc();
    await new Promise(setImmediate);
    await s.flush();
  }
  const made = out.take();
  assert.deepEqual(made.map((span) => span.name), ['chat used', 'chat freed']);
});

test('parents: what is current, a span, a context, null for a new trace', async () => {
  const incoming = s.continueTrace({ 'sentry-trace': '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1' });
  s.invokeAgent('outer', (outer) => {
    s.chat('current', () => {});
    s.chat('fresh', { parent: null }, () => {});
    s.chat('remote', { parent: incoming }, () => {});
    s.startSpan({ name: 'middle', parent: null }, () => s.chat('explicit', { parent: outer }, () => {}));
  });
  const made = await spans();
  const outer = find(made, 'invoke_agent outer');
  assert.equal(find(made, 'chat current').parent_span_id, outer.span_id);
  assert.equal(find(made, 'chat explicit').parent_span_id, outer.span_id);
  assert.equal(find(made, 'chat fresh').parent_span_id, undefined);
  assert.notEqual(find(made, 'chat fresh').trace_id, outer.trace_id);
  assert.equal(find(made, 'chat remote').parent_span_id, '00f067aa0ba902b7');
  assert.equal(incoming.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
});

test('every method of a span can be chained and arrives', async () => {
  const other = s.chat('other');
  s.chat('m', (span) => {
    const chained = span
      .setAttribute('a', 1.5).setAttributes({ b: true, c: [1, 2], d: undefined, e: null }).setData('f', 'g')
      .setInput('question').setOutput('answer').setUsage({ inputTokens: 3, cacheReadInputTokens: 1, outputTokens: 2 })
      .addLink(other, { why: 'test' }).setName('renamed').setStatus('cancelled');
    assert.equal(chained, span);
    assert.match(span.traceId, /^[0-9a-f]{32}$/);
    assert.match(span.spanId, /^[0-9a-f]{16}$/);
  });
  other.end(new Date(Date.now() + 5000));
  const made = await spans();
  const { attributes, links, status } = find(made, 'renamed');
  assert.deepEqual([attributes.a, attributes.b, attributes.c, attributes.f], [1.5, true, [1, 2], 'g']);
  assert.ok(!('d' in attributes) && !('e' in attributes));
  assert.match(attributes['gen_ai.input.messages'], /question/);
  assert.match(attributes['gen_ai.output.messages'], /answer/);
  assert.equal(attributes['gen_ai.usage.total_tokens'], 5);
  assert.equal(links[0].span_id, other.spanId);
  assert.equal(status, 'error');
  const far = find(made, 'chat other');
  assert.ok(far.end_timestamp - far.start_timestamp > 4);
});

test('wrapStream gives the same items and ends the span with them', async () => {
  const chunk = (text) => ({ choices: [{ index: 0, delta: { content: text } }] });
  async function* source() { yield chunk('a'); yield chunk('b'); }
  const seen = [];
  const stream = s.chat('streamed', (span) => span.wrapStream(source()));
  assert.equal(s.stats().waiting > 0, true);
  for await (const item of stream) seen.push(item);
  assert.deepEqual(seen, [chunk('a'), chunk('b')]);
  const list = s.chat('list').wrapStream([chunk('x')]);
  assert.deepEqual([...list], [chunk('x')]);
  for await (const _ of s.chat('left').wrapStream(source())) break;
  const broken = s.chat('broken').wrapStream((async function* () { yield chunk('x'); throw new RangeError('cut'); })());
  await assert.rejects(async () => { for await (const _ of broken); }, RangeError);
  const made = await spans();
  assert.match(find(made, 'chat streamed').attributes['gen_ai.output.messages'], /"ab"/);
  assert.equal(find(made, 'chat broken').attributes['error.type'], 'RangeError');
  assert.deepEqual(made.map((span) => span.name), ['chat streamed', 'chat list', 'chat left', 'chat broken']);
});

test('stats add up, and a second init sends what the first one has', async () => {
  s.chat('before', () => {});
  s.init({ transport: out.transport });
  s.chat('after', () => {});
  await s.flush();
  for (let turn = 0; turn < 200 && out.spans().length < 2; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(out.take().map((span) => span.name).toSorted(), ['chat after', 'chat before']);
  assert.deepEqual(s.stats(), { started: 1, sent: 1, waiting: 0, spooled: 0, lost: {}, removed: { messages: 0, characters: 0 } });
});

test('bytes of a stream are read however they are cut, and so are those of a request and an answer', async () => {
  const bytes = (text) => new TextEncoder().encode(text);
  const events = bytes(
    'data: {"model":"g","choices":[{"delta":{"content":"Grüße 42"}}]}\n\ndata: {"choices":[],"usage":{"prompt_tokens":7}}\n\n',
  );
  for (const size of [1, 3, 1000]) {
    s.chat('streamed', (span) => {
      span.recordRequest(bytes('{"model":"asked"}').buffer, 'openai_chat');
      for (let at = 0; at < events.length; at += size) span.recordChunk(events.subarray(at, at + size));
    });
  }
  s.chat('whole', (span) => span.recordResponse(bytes('{"choices":[],"model":"é"}')));
  const made = await spans();
  for (const { attributes } of made.slice(0, 3)) {
    assert.equal(JSON.parse(attributes['gen_ai.output.messages'])[0].parts[0].content, 'Grüße 42');
    assert.equal(attributes['gen_ai.usage.input_tokens'], 7);
  }
  assert.equal(made[3].attributes['gen_ai.response.model'], 'é');
});
