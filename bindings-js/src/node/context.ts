// What is current in Node: it follows awaits, timers and events.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Current } from '../backend.js';
import { NOTHING } from '../runtime.js';

/** The storage is made with the first value, because it costs every promise of the process a little. */
export class AsyncContext implements Context {
  private storage: AsyncLocalStorage<Current> | null = null;

  get(): Current {
    return this.storage?.getStore() ?? NOTHING;
  }

  run<T>(current: Current, callback: () => T): T {
    return (this.storage ??= new AsyncLocalStorage()).run(current, callback);
  }

  enter(current: Current): void {
    (this.storage ??= new AsyncLocalStorage()).enterWith(current);
  }
}
