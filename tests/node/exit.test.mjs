// The end of a process: what waits still leaves, whatever the end, and nothing keeps the process alive.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before, beforeEach } from 'node:test';
import { run, spansIn, startServers } from './servers.mjs';

let servers;
before(async () => { servers = await startServers(); });
after(() => servers?.stop());
beforeEach(() => servers.reset());

const START = `
  import * as s from 'spanwire';
  s.init({ dsn: process.argv.at(-1) });
  s.invokeAgent('Ada', () => s.chat('m', () => {}));
`;

async function received() {
  const envelopes = await servers.envelopes();
  assert.deepEqual(envelopes.flatMap(({ findings }) => findings), []);
  return envelopes.flatMap(({ body }) => spansIn(body)).map((span) => span.name);
}

const ENDS = {
  'a normal end': ['', 0],
  'process.exit()': ['process.exit(3);', 3],
  'an uncaught exception': ['setTimeout(() => { throw new Error("boom"); }, 1);', 1],
  'process.exit() in a callback': ['s.chat("open", () => process.exit(4));', 4],
};

for (const [name, [end, code]] of Object.entries(ENDS)) {
  test(name, async () => {
    const started = performance.now();
    const result = await run(`${START}${end}`, servers.dsn);
    assert.equal(result.code, code, result.stderr);
    assert.ok(performance.now() - started < 5000);
    assert.deepEqual(await received(), ['chat m', 'invoke_agent Ada']);
  });
}

test('a receiver that never answers holds the end up for the shutdown time at most', async () => {
  await servers.answer([{ delay_ms: 20_000, times: 10 }]);
  const started = performance.now();
  assert.equal((await run(START, servers.dsn)).code, 0);
  // The shutdown time is 2 s; `beforeExit` and `exit` share it.
  assert.ok(performance.now() - started < 3900);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  test(`${signal} ends the process as ever, and what waits leaves`, async () => {
    const waits = `globalThis.open = s.invokeAgent('open'); s.chat('waits', { parent: globalThis.open }, () => {});`;
    const result = await run(`${START}${waits} process.kill(process.pid, '${signal}'); setTimeout(() => {}, 20_000);`, servers.dsn);
    assert.deepEqual([result.code, result.signal], [null, signal], result.stderr);
    assert.deepEqual((await received()).toSorted(), ['chat m', 'chat waits', 'invoke_agent Ada']);
  });
}

test('where a program handles a signal itself, nothing else happens', async () => {
  const { code, stdout } = await run(`
    let signals = 0;
    process.on('SIGTERM', () => {
      console.log(process.listenerCount('SIGTERM'));
      if (++signals === 2) process.exit(7);
      else process.kill(process.pid, 'SIGTERM');
    });
    ${START}
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => {}, 20_000);
  `, servers.dsn);
  assert.deepEqual([code, stdout], [7, '1\n1\n']);
  assert.deepEqual(await received(), ['chat m', 'invoke_agent Ada']);
});

test('a library that ends the process when it is the only listener still does', async () => {
  // What the package signal-exit does.
  const { signal } = await run(`
    const listener = () => {
      if (process.listeners('SIGTERM').length !== 1) return;
      process.removeListener('SIGTERM', listener);
      process.kill(process.pid, 'SIGTERM');
    };
    process.on('SIGTERM', listener);
    ${START}
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => {}, 20_000);
  `, servers.dsn);
  assert.equal(signal, 'SIGTERM');
});

test('a server that never answers holds a signal up for the shutdown time at most', async () => {
  await servers.answer([{ delay_ms: 20_000, times: 10 }]);
  const started = performance.now();
  const { signal } = await run(`${START} process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 20_000);`, servers.dsn);
  assert.equal(signal, 'SIGTERM');
  assert.ok(performance.now() - started < 8000);
});

test('a cluster: each process sends its own once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spanwire-cluster-'));
  const script = join(folder, 'cluster.mjs');
  writeFileSync(script, `
    import cluster from 'node:cluster';
    import { createRequire } from 'node:module';
    const s = createRequire(${JSON.stringify(import.meta.url)})('spanwire');
    s.init({ dsn: process.argv.at(-1) });
    const name = cluster.isPrimary ? 'primary' : process.env.NAME;
    s.chat(name, () => {});
    globalThis.open = s.invokeAgent('open');
    s.chat('waits in ' + name, { parent: globalThis.open }, () => {});
    if (cluster.isPrimary) {
      const workers = ['a', 'b', 'c'].map((NAME) => cluster.fork({ NAME }));
      await Promise.all(workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))));
    } else {
      cluster.worker.disconnect();
    }
  `);
  try {
    const { code, stderr } = await run(`
      const { spawnSync } = await import('node:child_process');
      process.exitCode = spawnSync(process.execPath, [${JSON.stringify(script)}, process.argv.at(-1)], { stdio: 'inherit' }).status;
    `, servers.dsn);
    assert.equal(code, 0, stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const names = ['primary', 'a', 'b', 'c'].flatMap((name) => [`chat ${name}`, `chat waits in ${name}`]);
  assert.deepEqual((await received()).toSorted(), names.toSorted());
});

test('a function as transport is called before the loop ends', async () => {
  const { code, stdout } = await run(`
    import * as s from 'spanwire';
    s.init({ transport: async (bytes) => { await null; console.log(Buffer.from(bytes).toString().includes('chat m')); } });
    s.chat('m', () => {});
  `);
  assert.deepEqual([code, stdout], [0, 'true\n']);
});

test('nothing is hooked before the first span', async () => {
  const { stdout } = await run(`
    import * as s from 'spanwire';
    const count = () => process.listenerCount('exit') + process.listenerCount('beforeExit');
    const before = count();
    s.init({ dsn: process.argv.at(-1) });
    console.log(count() - before);
    s.chat('m', () => {});
    console.log(count() - before);
  `, servers.dsn);
  assert.equal(stdout, '0\n2\n');
});

test('a span that is open at the end is not waited for', async () => {
  const { code } = await run(`import * as s from 'spanwire'; s.init({ dsn: process.argv.at(-1) }); globalThis.open = s.chat('open');`, servers.dsn);
  assert.equal(code, 0);
  assert.deepEqual(await received(), []);
});

test('worker threads: each has an init of its own, and its spans leave when it ends', async () => {
  const { code, stderr } = await run(`
    import { Worker } from 'node:worker_threads';
    const script = 'const s = require("spanwire"); s.init({ dsn: ' + JSON.stringify(process.argv.at(-1)) + ' }); s.chat("w" + require("worker_threads").workerData, () => {});';
    const workers = [1, 2, 3].map((workerData) => new Worker(script, { eval: true, execArgv: [], workerData }));
    await Promise.all(workers.map((worker) => new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))));
    const ended = new Worker('setInterval(() => {}, 1000); require("spanwire").init({ transport() {} }); require("spanwire").chat("x", () => {}); require("worker_threads").parentPort.postMessage(1)', { eval: true, execArgv: [] });
    await new Promise((resolve) => ended.once('message', resolve));
    await ended.terminate();
  `, servers.dsn);
  assert.equal(code, 0, stderr);
  assert.deepEqual((await received()).toSorted(), ['chat w1', 'chat w2', 'chat w3']);
});

test('import and require share one state', async () => {
  const { stdout } = await run(`
    import * as s from 'spanwire';
    import { createRequire } from 'node:module';
    const r = createRequire(process.cwd() + '/x.js')('spanwire');
    s.init({ transport() {} });
    console.log(r.chat('m', (span) => s.currentSpan() === span && span instanceof s.Span), r.chat === s.chat);
  `);
  assert.equal(stdout, 'true true\n');
});
