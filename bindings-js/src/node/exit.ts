// The end of the process: what waits is sent, for as long as the core's shutdown time, and never longer.

import type { Filter } from '../backend.js';
import { runtime } from '../runtime.js';
import type { NativeSession } from './backend.js';

/** Hooks into the end of the process, once, when the first span is started. */
export function onProcessEnd(current: () => NativeSession | null, filter: () => Filter | null): () => void {
  let isHooked = false;
  return () => {
    if (isHooked) return;
    isHooked = true;
    process.on('beforeExit', () => flushWhatWaits(current()));
    process.on('exit', () => {
      const session = current();
      // A transport function runs in the event loop, which is gone.
      if (session !== null && !session.isCallable) session.closeBlocking(filter());
    });
  };
}

let startedBefore = -1;

/** Once for all that was started since the last time: a flush keeps the loop alive, and `beforeExit` comes again. */
function flushWhatWaits(session: NativeSession | null): void {
  if (session === null || runtime.active === null) return;
  const { started, waiting } = JSON.parse(session.stats()) as { started: number; waiting: number };
  if (waiting === 0 || started === startedBefore) return;
  startedBefore = started;
  session.flush().catch(() => {});
}
