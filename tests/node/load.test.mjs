// Many spans and a server that is not well: the ledger adds up, and with a spool everything arrives that may be
// tried again. Short forms; `cargo xtask soak` sets SPANWIRE_SOAK for the long ones.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before, beforeEach } from 'node:test';
import { run, startServers } from './servers.mjs';

const SOAK = Boolean(process.env.SPANWIRE_SOAK);
const CUT = { cut: true };
const LIMITS = [
  { status: 429, headers: { 'x-sentry-rate-limits': '1:span:key' } },
  { status: 429, headers: { 'retry-after': '1' } },
];
/** A limit costs a second, so there are fewer of them. */
const FAILURES = [...Array(3).fill([CUT, { status: 503 }]).flat(), ...LIMITS];

let servers;
before(async () => { servers = await startServers(); });
after(() => servers?.stop());
beforeEach(() => servers.reset());

/** Makes traces of ten spans within so many seconds, then closes; the counts at the end. */
async function load(options, traces, seconds, flushMs) {
  const { code, stdout, stderr } = await run(`
    import * as s from 'spanwire';
    const [options, traces, seconds, flushMs] = process.argv.slice(-4).map((text) => JSON.parse(text));
    s.init(options);
    const start = performance.now();
    for (let number = 0; number < traces; number++) {
      s.invokeAgent('Loaded', () => {
        for (let n = 0; n < 9; n++) s.chat('m', { provider: 'openai' }, (span) => span.setUsage({ inputTokens: 1, outputTokens: 2 }));
      });
      const early = start + seconds * 1000 * number / traces - performance.now();
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    }
    await s.flush(flushMs);
    await s.close(5000);
    console.log(JSON.stringify(s.stats()));
  `, ...[options, traces, seconds, flushMs].map((value) => JSON.stringify(value)));
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

function assertAddsUp({ started, sent, waiting, spooled, lost }) {
  assert.equal(started, Object.values(lost).reduce((sum, count) => sum + count, sent + waiting + spooled));
}

test('a server that fails: the ledger adds up to the span', { timeout: 600_000 }, async () => {
  const [traces, seconds, down_ms] = SOAK ? [10_000, 60, 10_000] : [300, 3, 300];
  // Each of them at least once, then three of ten requests at random.
  await servers.answer([{}, CUT, { status: 503 }, ...LIMITS]);
  await servers.faults({ share: 0.3, seed: 7, answers: FAILURES, down_ms });
  const stats = await load({ dsn: servers.dsn }, traces, seconds, 60_000);
  const received = await servers.summary();
  assertAddsUp(stats);
  assert.deepEqual([stats.started, stats.waiting], [10 * traces, 0]);
  assert.deepEqual([received.spans, received.distinct, received.findings], [stats.sent, stats.sent, 0]);
  for (const status of ['200', '429', '503', 'cut']) assert.ok(received.statuses[status] > 0, status);
});

test('with a spool everything arrives that may be tried again', { timeout: 1_800_000 }, async () => {
  // No faster than a disk that is asked to be sure of every envelope; what a process left behind comes back ten times a second.
  const [traces, seconds, down_ms] = SOAK ? [10_000, 300, 10_000] : [100, 2, 300];
  const folder = mkdtempSync(join(tmpdir(), 'spanwire-load-'));
  const options = { dsn: servers.dsn, spoolDir: join(folder, 'spool') };
  try {
    await servers.faults({ share: 0.3, seed: 7, answers: [CUT], down_ms });
    const first = await load(options, traces, seconds, 1000);
    assert.deepEqual([first.sent + first.spooled, first.lost, first.waiting], [10 * traces, {}, 0]);
    // What it could not send the next one does.
    await servers.faults({});
    const last = await load(options, 1, 0, 1_200_000);
    assert.deepEqual([last.spooled, last.lost, last.waiting], [0, {}, 0]);
    const received = await servers.summary();
    assert.deepEqual([received.spans, received.distinct], [10 * traces + 10, 10 * traces + 10]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
