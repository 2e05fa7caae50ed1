// The end of the process: what waits is sent, for as long as the core's shutdown time, and never longer.

import { isMainThread } from 'node:worker_threads';
import type { Filter } from '../backend.js';
import { runtime } from '../runtime.js';
import type { NativeSession } from './backend.js';

/** The signals that end a process, and that Node lets a program see. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Hooks into the end of the process, once, when the first span is started. `all` may have something to send, each. */
export function onProcessEnd(
  current: () => NativeSession | null,
  all: () => Iterable<readonly [NativeSession, Filter | null]>,
): () => void {
  let isHooked = false;
  const closeBlocking = () => {
    for (const [session, filter] of all()) {
      // A transport function runs in the event loop, which is gone.
      if (!session.isCallable) session.closeBlocking(patience(session), filter);
    }
  };
  return () => {
    if (isHooked) return;
    isHooked = true;
    process.on('beforeExit', () => flushWhatWaits(current()));
    process.on('exit', closeBlocking);
    // A worker thread sees no signals.
    if (isMainThread) for (const signal of SIGNALS) onSignal(signal, closeBlocking, current);
  };
}

/**
 * Without a listener a signal ends the process at once, and so it does afterwards. Where somebody else listens,
 * that decides what happens: it sees nothing of us, because we are first and leave (libraries count the listeners).
 */
function onSignal(signal: NodeJS.Signals, closeBlocking: () => void, current: () => NativeSession | null): void {
  process.prependOnceListener(signal, () => {
    if (process.listenerCount(signal) > 0) {
      flushWhatWaits(current());
      return;
    }
    try {
      closeBlocking();
    } finally {
      process.kill(process.pid, signal);
    }
  });
}

/** How many spans a session had started at its last flush, and at the last one that came to no end in its time. */
const flushed = new WeakMap<NativeSession, number>();
const inVain = new WeakMap<NativeSession, number>();

/** Once for all that was started since the last time: a flush keeps the loop alive, and `beforeExit` comes again. */
function flushWhatWaits(session: NativeSession | null): void {
  if (session === null || runtime.active === null) return;
  const { started, waiting } = counts(session);
  if (waiting === 0 || started === flushed.get(session)) return;
  flushed.set(session, started);
  const after = (isGone: boolean) => {
    if (!isGone) inVain.set(session, started);
  };
  session.flush().then(after, () => {});
}

/** Where a flush has waited for all of it, nobody waits a second time. */
function patience(session: NativeSession): number | undefined {
  return counts(session).started === inVain.get(session) ? 0 : undefined;
}

function counts(session: NativeSession): { started: number; waiting: number } {
  return JSON.parse(session.stats());
}
