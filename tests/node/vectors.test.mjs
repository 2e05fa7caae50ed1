// Every vector gives its exact bytes through the npm package `spanwire`.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as immediately } from 'node:timers/promises';
import test from 'node:test';
import * as api from 'spanwire';
import { replay } from './replay.mjs';

const folder = new URL('../vectors/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** A finalizer is a task of its own, some turns after the collection: nothing says which. */
const FINALIZER_TURNS = 20;

async function collect(reference) {
  for (let turn = 0; turn < 100; turn++) {
    // First: what a turn has looked at lives until its end.
    await immediately();
    globalThis.gc();
    await immediately();
    if (reference.deref() === undefined) {
      for (let later = 0; later < FINALIZER_TURNS; later++) await immediately();
      return;
    }
  }
  throw new Error('the span was never freed');
}

test('there are vectors', () => assert.notEqual(files.length, 0));

for (const file of files) {
  test(file, async () => {
    const { envelopes, stats, expected, expectedStats } = await replay(api, readFileSync(new URL(file, folder), 'utf8'), collect);
    assert.deepEqual(envelopes, expected);
    if (expectedStats) assert.deepEqual(stats, expectedStats);
  });
}
