// Spans by hand (`../work.mjs`), in Node.
//
// `node manual.mjs CONTESTANT` prints one JSON object: nanoseconds of the caller's thread and of the whole process
// per span, and bytes per span. What a contestant sends goes to a sink that throws it away; that of Spanwire runs no
// JavaScript, as its own sending does not.

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ANSWER, ATTRIBUTES, QUESTION, REQUESTS, run, throughSentry, throughSpanwire } from '../work.mjs';

const require = createRequire(import.meta.url);
const ROUNDS = 2000;
const WARM_UP = 300;
// Rounds between two flushes, so that no contestant's queue overflows; the caller does not pay for them.
const ROUNDS_PER_FLUSH = 20;

async function spanwire(options = {}) {
  const spanwire = await import('../../bindings-node/dist/index.mjs');
  const begin = (file) => {
    spanwire.init({ dsn: 'https://key@example.com/1', transport: `file:${file}`, sendDefaultPii: true, ...options });
  };
  const way = throughSpanwire(spanwire);
  const one = () => run(way);
  const flush = () => spanwire.flush(20_000);
  // What a span takes is the same each time: it is read off a file, and then thrown away.
  const folder = mkdtempSync(join(tmpdir(), 'spanwire-bench-'));
  const file = join(folder, 'envelopes');
  writeFileSync(file, '');
  begin(file);
  for (let round = 0; round < ROUNDS_PER_FLUSH; round++) one();
  await flush();
  const size = statSync(file).size / (ROUNDS_PER_FLUSH * (REQUESTS + 1));
  rmSync(folder, { recursive: true });
  begin(devNull);
  return { one, flush, sent: () => Math.round(spanwire.stats().sent * size) };
}

async function sentry() {
  const Sentry = require('@sentry/node');
  const { serializeEnvelope } = require('@sentry/core');
  let sent = 0;
  const transport = () => ({
    send: async (envelope) => {
      sent += Buffer.byteLength(serializeEnvelope(envelope));
      return { statusCode: 200 };
    },
    flush: async () => true,
  });
  Sentry.init({ dsn: 'https://key@example.com/1', tracesSampleRate: 1, transport, defaultIntegrations: false });
  const way = throughSentry(Sentry);
  const one = () => run(way);
  return { one, flush: () => Sentry.flush(20_000), sent: () => sent };
}

async function opentelemetry() {
  const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
  const { ProtobufTraceSerializer } = require('@opentelemetry/otlp-transformer');
  let sent = 0;
  const exporter = {
    export(spans, done) {
      sent += ProtobufTraceSerializer.serializeRequest(spans).length;
      done({ code: 0 });
    },
    shutdown: async () => {},
    forceFlush: async () => {},
  };
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  const tracer = provider.getTracer('bench');
  const message = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
  const one = () => tracer.startActiveSpan('invoke_agent Weather Agent', (agent) => {
    agent.setAttributes({ 'gen_ai.agent.name': 'Weather Agent', 'gen_ai.operation.name': 'invoke_agent' });
    for (let request = 0; request < REQUESTS; request++) {
      tracer.startActiveSpan('chat gpt-4o-mini', (span) => {
        span.setAttributes({
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o-mini',
          'gen_ai.provider.name': 'openai',
          'gen_ai.input.messages': message('user', QUESTION),
          ...ATTRIBUTES,
        });
        span.setAttribute('gen_ai.output.messages', message('assistant', ANSWER));
        span.end();
      });
    }
    agent.end();
  });
  return { one, flush: () => provider.forceFlush(), sent: () => sent };
}

const NOT_SAMPLED = 'spanwire, not sampled';
const CONTESTANTS = {
  'spanwire': spanwire,
  [NOT_SAMPLED]: () => spanwire({ tracesSampleRate: 0 }),
  '@sentry/node': sentry,
  '@opentelemetry/sdk-trace-node': opentelemetry,
};

const contestant = process.argv[2];
const { one, flush, sent } = await CONTESTANTS[contestant]();
for (let round = 0; round < WARM_UP; round += ROUNDS_PER_FLUSH) {
  for (let step = 0; step < ROUNDS_PER_FLUSH; step++) one();
  await flush();
}
const before = sent();
const cpu = process.cpuUsage();
let caller = 0;
for (let round = 0; round < ROUNDS; round += ROUNDS_PER_FLUSH) {
  const begin = performance.now();
  for (let step = 0; step < ROUNDS_PER_FLUSH; step++) one();
  caller += performance.now() - begin;
  await flush();
}
const { user, system } = process.cpuUsage(cpu);
const spans = ROUNDS * (REQUESTS + 1);
if (sent() === before && contestant !== NOT_SAMPLED) throw new Error('nothing was sent');
console.log(JSON.stringify({
  caller_ns: (caller * 1e6) / spans,
  process_ns: ((user + system) * 1e3) / spans,
  bytes: (sent() - before) / spans,
}));
process.exit(0);
