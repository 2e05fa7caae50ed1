// What runs in the page: the package, the real `openai`, and the replayer, for the tests to call.

import OpenAI from 'openai';
import * as api from 'spanwire-browser';
import { SCENARIOS } from '../node/openai_scenarios.mjs';
import { replay } from '../node/replay.mjs';

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A finalizer is a task of its own, some turns after the collection: nothing says which. */
const FINALIZER_TURNS = 20;

async function collect(reference) {
  for (let turns = 0; turns < 100; turns++) {
    // First: what a turn has looked at lives until its end.
    await turn();
    globalThis.gc();
    await turn();
    if (reference.deref() === undefined) {
      for (let later = 0; later < FINALIZER_TURNS; later++) await turn();
      return;
    }
  }
  throw new Error('the span was never freed');
}

Object.assign(window, { api, OpenAI, SCENARIOS, replay: (text) => replay(api, text, collect), ready: true });
