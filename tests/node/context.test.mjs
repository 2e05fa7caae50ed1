// What is current follows awaits, timers and parallel work, and never leaks into a neighbour.

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { setTimeout as later } from 'node:timers/promises';
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
  s.init({ transport: out.transport });
});

test('nesting goes through awaits, timers, events and nextTick', async () => {
  const events = new EventEmitter();
  await s.invokeAgent('A', async (agent) => {
    await null;
    await later(1);
    assert.equal(s.currentSpan(), agent);
    await new Promise((resolve) => setTimeout(() => { s.chat('timer', () => {}); resolve(); }, 1));
    await new Promise((resolve) => process.nextTick(() => { s.chat('tick', () => {}); resolve(); }));
    setImmediate(() => events.emit('go'));
    await once(events, 'go');
    s.chat('event', () => {});
    await s.executeTool('deep', async () => { await later(1); await s.chat('deepest', async () => { await null; }); });
    assert.equal(s.currentSpan(), agent);
  });
  assert.equal(s.currentSpan(), undefined);
  const made = await spans();
  const agent = find(made, 'invoke_agent A');
  for (const name of ['chat timer', 'chat tick', 'chat event']) assert.equal(find(made, name).parent_span_id, agent.span_id);
  assert.equal(find(made, 'chat deepest').parent_span_id, find(made, 'execute_tool deep').span_id);
  assert.ok(made.every((span) => span.attributes['sentry.segment.id'] === agent.span_id));
});

test('a wrapped function carries its place and scope to whoever calls it', async () => {
  const counter = { step: 2, add: s.wrap(function add(number) { s.chat('nowhere', () => {}); return this.step + number; }) };
  const carried = await s.invokeAgent('A', () => s.scope({ conversationId: 'c1' }, () => s.wrap(async (name) => {
    await later(1);
    return s.chat(name, () => name);
  })));
  assert.deepEqual(await Promise.all([carried('m1'), carried('m2')]), ['m1', 'm2']);
  assert.equal(counter.add(3), 5);
  const made = await spans();
  for (const name of ['chat m1', 'chat m2']) {
    assert.equal(find(made, name).parent_span_id, find(made, 'invoke_agent A').span_id);
    assert.equal(find(made, name).attributes['gen_ai.conversation.id'], 'c1');
  }
  assert.equal(find(made, 'chat nowhere').parent_span_id, undefined);
});

test('parallel work keeps apart', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, n) => s.invokeAgent(`A${n}`, async () => {
    await later(n % 3);
    await Promise.all([s.chat(`x${n}`, async () => later(1)), s.chat(`y${n}`, async () => null)]);
  })));
  const made = await spans();
  for (let n = 0; n < 20; n++) {
    const agent = find(made, `invoke_agent A${n}`);
    assert.equal(find(made, `chat x${n}`).parent_span_id, agent.span_id);
    assert.equal(find(made, `chat y${n}`).parent_span_id, agent.span_id);
    assert.equal(find(made, `chat y${n}`).attributes['gen_ai.agent.name'], `A${n}`);
  }
});

test('a scope ends with its block; the setters change the current one', async () => {
  await s.scope({ conversationId: 'c1', user: { id: 'u' }, pipeline: 'p', attributes: { team: 'x' } }, async () => {
    await later(1);
    s.chat('inside', () => {});
    await s.scope({ conversationId: null }, async () => s.chat('cleared', () => {}));
  });
  s.chat('outside', () => {});
  await Promise.all(['a', 'b'].map(async (id) => {
    s.setConversationId(id);
    await later(1);
    s.chat(`set ${id}`, () => {});
  }));
  const made = await spans();
  const conversation = (name) => find(made, name).attributes['gen_ai.conversation.id'];
  assert.deepEqual(['chat inside', 'chat cleared', 'chat outside', 'chat set a', 'chat set b'].map(conversation), ['c1', undefined, undefined, 'a', 'b']);
  assert.equal(find(made, 'chat cleared').attributes['user.id'], 'u');
  assert.equal(find(made, 'chat inside').attributes.team, 'x');
});

test('useSpan makes a span current again, without ending it', async () => {
  const agent = s.invokeAgent('A');
  s.useSpan(agent, () => {
    assert.equal(s.currentSpan(), agent);
    s.chat('below', () => {});
  });
  assert.equal(agent.isRecording, true);
  agent.end();
  const made = await spans();
  assert.equal(find(made, 'chat below').parent_span_id, find(made, 'invoke_agent A').span_id);
});

test('traces come in and go out', async () => {
  assert.deepEqual(s.traceHeaders(), {});
  const headers = { 'Sentry-Trace': '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1', baggage: 'other=1,sentry-release=r' };
  for (const given of [headers, new Headers(headers), Object.entries(headers), new Map(Object.entries(headers)), { ...headers, baggage: [headers.baggage] }]) {
    await s.continueTrace(given, async () => {
      await null;
      assert.deepEqual(s.traceHeaders(), { 'sentry-trace': headers['Sentry-Trace'], baggage: 'sentry-trace_id=4bf92f3577b34da6a3ce929d0e0e4736,sentry-release=r,other=1' });
      s.chat('m', (span) => assert.match(s.traceHeaders()['sentry-trace'], new RegExp(`^4bf9.*-${span.spanId}-1$`)));
    });
  }
  for (const nonsense of [{}, { 'sentry-trace': 'x' }, null, undefined, 'text', 7, { 'sentry-trace': 7 }]) {
    s.continueTrace(nonsense, () => assert.deepEqual(s.traceHeaders(), {}));
  }
  assert.ok((await spans()).every((span) => span.trace_id === '4bf92f3577b34da6a3ce929d0e0e4736'));
});
