// The test servers (a model vendor and a Sentry receiver), and questions to them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How long a process may take. */
const PATIENCE_MS = process.env.SPANWIRE_SOAK ? 1_800_000 : 60_000;

const built = (profile) => fileURLToPath(new URL(`../../target/${profile}/spanwire-test-servers`, import.meta.url));

/** Starts both; `stop` them in the end. They end with this process in any case. */
export async function startServers() {
  const program = process.env.SPANWIRE_TEST_SERVERS ?? [built('debug'), built('release')].find(existsSync);
  if (program === undefined) throw new Error('the test servers are missing: cargo build -p spanwire-tests');
  const child = spawn(program, ['--until-stdin-closes'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { vendor, receiver } = JSON.parse(line);
  const ask = async (url, init) => (await fetch(url, init)).json();
  return {
    vendor,
    receiver,
    dsn: receiver.replace('http://', 'http://public@').concat('/42'),
    envelopes: () => ask(`${receiver}/__envelopes`),
    preflights: () => ask(`${receiver}/__preflights`),
    requests: () => ask(`${vendor}/__requests`),
    /** The receiver's next answers. */
    answer: (answers) => ask(`${receiver}/__answer`, { method: 'POST', body: JSON.stringify(answers) }),
    /** What goes wrong after those, at random. */
    faults: (faults) => ask(`${receiver}/__faults`, { method: 'POST', body: JSON.stringify(faults) }),
    /** What the receiver got, as counts. */
    summary: () => ask(`${receiver}/__summary`),
    async reset() {
      await ask(`${receiver}/__reset`, { method: 'POST' });
      await ask(`${vendor}/__reset`, { method: 'POST' });
    },
    async stop() {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

/** The spans of envelopes as text, by their lines; attributes as plain values. */
export function spansIn(text) {
  return text.split('\n').filter((line) => line.startsWith('{"version":2')).flatMap((line) => JSON.parse(line).items).map(plain);
}

function plain(span) {
  const attributes = Object.fromEntries(Object.entries(span.attributes).map(([key, { value }]) => [key, value]));
  return { ...span, attributes };
}

/** Keeps what a transport is given. */
export function recorder() {
  const kept = [];
  const transport = (bytes) => void kept.push(Buffer.from(bytes).toString());
  return { transport, text: () => kept.join(''), spans: () => spansIn(kept.join('')), take: () => spansIn(kept.splice(0).join('')) };
}

/** The first span of that name. */
export function find(spans, name) {
  const span = spans.find((span) => span.name === name);
  if (span === undefined) throw new Error(`there is no span ${name}, only ${spans.map((span) => span.name)}`);
  return span;
}

/** Runs a module in a process of its own, in this folder; `process.argv.at(-1)` is the last argument. */
export async function run(script, ...args) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, '--', ...args], {
    cwd: fileURLToPath(new URL('.', import.meta.url)), stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS,
  });
  const [stdout, stderr, [code, signal]] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, 'exit')]);
  return { code, signal, stdout, stderr };
}

async function textOf(stream) {
  return Buffer.concat(await stream.toArray()).toString();
}
