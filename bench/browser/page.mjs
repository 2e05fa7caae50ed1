// The work in a page: loads a contestant, does the work through it, sees tasks that are long.

import { run, throughSentry, throughSpanwire } from '../work.mjs';

const PATIENCE_MS = 20_000;
/** Runs between two flushes, so that no contestant's queue overflows; the main path does not pay for them. */
const RUNS_PER_FLUSH = 20;

const longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: 'longtask', buffered: true });

let way;
let flushed;

let thrownAway = 0;

/** In the place of `fetch`: takes a request, in bytes, as a blob or as a text of ASCII, and throws it away. */
async function toNowhere(_url, { body }) {
  thrownAway += body.length ?? body.size;
  return new Response('{}');
}

async function start(name, dsn, isSending) {
  const [, lifecycle] = name.split(', ');
  const isOwn = name === 'spanwire';
  const { start } = await import(isOwn ? '/spanwire.js' : '/sentry.js');
  const { api, flush } = await start(dsn, lifecycle === 'transactions' ? 'static' : 'stream');
  if (!isSending) window.fetch = toNowhere;
  way = isOwn ? throughSpanwire(api) : throughSentry(api);
  flushed = async () => {
    if (!(await flush(PATIENCE_MS))) throw new Error('not everything was sent');
  };
}

/** Does so many runs; gives the milliseconds that the page waited for one (the median), and the bytes of all. */
async function work(runs) {
  const waits = [];
  const before = thrownAway;
  for (let done = 0; done < runs; done += RUNS_PER_FLUSH) {
    const begin = performance.now();
    for (let step = 0; step < RUNS_PER_FLUSH; step++) run(way);
    waits.push((performance.now() - begin) / RUNS_PER_FLUSH);
    await flushed();
  }
  return { waited: waits.sort((one, other) => one - other)[waits.length >> 1], sent: thrownAway - before };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** One run with so many requests, each a task of its own; gives the milliseconds of every long task so far. */
async function longRun(requests) {
  await way.agent(async (agent) => {
    for (let count = 0; count < requests; count++) {
      await turn();
      way.request(agent);
    }
  });
  await flushed();
  // Entries come some time after their task.
  for (let turns = 0; turns < 20; turns++) await turn();
  return longTasks;
}

Object.assign(window, { start, work, longRun, ready: true });
