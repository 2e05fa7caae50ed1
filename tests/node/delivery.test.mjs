// Spans on their way: to the receiver, a file, a function; and what is counted when they do not arrive.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before, beforeEach } from 'node:test';
import * as s from 'spanwire';
import { spansIn, startServers } from './servers.mjs';

let servers;
let folder;
before(async () => {
  servers = await startServers();
  folder = mkdtempSync(join(tmpdir(), 'spanwire-'));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await servers?.stop();
});
beforeEach(async () => {
  await s.close(0);
  await servers.reset();
});

function session() {
  s.invokeAgent('Ada', { messages: 'hi' }, () => {
    s.chat('m', { provider: 'openai', messages: [{ role: 'user', content: 'hi' }] }, (span) => span.setOutput('ho').setUsage({ inputTokens: 1, outputTokens: 2 }));
    s.executeTool('t', { arguments: { a: 1 } }, (span) => span.setResult({ b: 2 }));
  });
}

test('to the receiver: gzip, authenticated, nothing to complain of', async () => {
  s.init({ dsn: servers.dsn, release: 'r@1', environment: 'test' });
  session();
  assert.equal(await s.flush(), true);
  const envelopes = await servers.envelopes();
  assert.equal(envelopes.length, 1);
  const [{ findings, encoding, headers }] = envelopes;
  assert.deepEqual(findings, []);
  assert.equal(encoding, 'gzip');
  assert.match(headers['x-sentry-auth'], /sentry_key=public, sentry_version=7, sentry_client=spanwire\.node\//);
  assert.deepEqual(s.stats(), { started: 3, sent: 3, waiting: 0, spooled: 0, lost: {}, removed: { messages: 0, characters: 0 } });
});

test('a limit is obeyed, and what it cost is reported later', async () => {
  s.init({ dsn: servers.dsn });
  await servers.answer([{ status: 429, headers: { 'x-sentry-rate-limits': '1:span:key' } }]);
  session();
  await s.flush();
  assert.deepEqual(s.stats().lost, { ratelimit_backoff: 3 });
});

test('an error of the server is counted', async () => {
  s.init({ dsn: servers.dsn });
  await servers.answer([{ status: 500 }]);
  session();
  await s.flush();
  assert.deepEqual(s.stats().lost, { send_error: 3 });
});

test('a flush does not block the event loop, and is false when nobody is there', async () => {
  const socket = createServer();
  await new Promise((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise((resolve) => socket.close(resolve));
  s.init({ dsn: `http://public@127.0.0.1:${port}/1` });
  session();
  let turns = 0;
  const timer = setInterval(() => { turns += 1; }, 5);
  assert.equal(await s.flush(200), false);
  clearInterval(timer);
  assert.ok(turns > 5, `${turns} turns`);
  assert.equal(s.stats().waiting, 3);
  assert.equal(await s.close(50), false);
  assert.deepEqual(s.stats().lost, { network_error: 3 });
});

test('into a file, which the command line shows', async () => {
  const file = join(folder, 'envelopes');
  s.init({ transport: `file:${file}` });
  session();
  assert.equal(await s.flush(), true);
  assert.equal(spansIn(readFileSync(file, 'utf8')).length, 3);
  const tree = s.inspect(readFileSync(file));
  assert.match(tree, /└─ invoke_agent Ada.*\n {3}├─ chat m .*1 -> 2 tokens/);
  const cli = new URL(import.meta.resolve('spanwire').replace('index.mjs', 'cli.cjs'));
  assert.equal(execFileSync(process.execPath, [cli.pathname, 'inspect', file], { encoding: 'utf8' }), tree);
  assert.throws(() => s.inspect(Buffer.from('nonsense')), /byte 0/);
});

test('the command line lints', async () => {
  const cli = new URL(import.meta.resolve('spanwire').replace('index.mjs', 'cli.cjs')).pathname;
  const lint = (file) => spawnSync(process.execPath, [cli, 'lint', file], { encoding: 'utf8' });
  const write = async (name, provider) => {
    s.init({ transport: `file:${join(folder, name)}` });
    s.chat('m', { provider }).end();
    assert.equal(await s.flush(), true);
    return join(folder, name);
  };
  const clean = lint(await write('clean', 'openai'));
  assert.deepEqual([clean.status, clean.stdout], [0, 'no findings in 1 envelope, 1 trace, 1 span\n']);
  const found = lint(await write('found'));
  assert.equal(found.status, 1);
  assert.match(found.stdout, /^[0-9a-f]{32} [0-9a-f]{16}: error `gen_ai.provider.name` is missing; .*\n1 finding in 1 envelope, 1 trace, 1 span\n$/);
  assert.equal(lint(join(folder, 'nowhere')).status, 2);
});

test('to a function: a promise is waited for, a throw is a failure that is tried again', async () => {
  const kept = [];
  let tries = 0;
  s.init({
    async transport(bytes) {
      tries += 1;
      assert.ok(bytes instanceof Uint8Array);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (tries === 1) throw new Error('not now');
      kept.push(Buffer.from(bytes).toString());
    },
  });
  session();
  assert.equal(await s.flush(10_000), true);
  assert.equal(tries, 2);
  assert.equal(spansIn(kept.join('')).length, 3);
});

test('after close nothing is taken', async () => {
  s.init({ dsn: servers.dsn });
  session();
  assert.equal(await s.close(), true);
  session();
  assert.deepEqual(s.stats(), { started: 3, sent: 3, waiting: 0, spooled: 0, lost: {}, removed: { messages: 0, characters: 0 } });
});
