// What is current in a browser: only the synchronous part of a callback has it, up to its first await.

import type { Context, Current } from '../backend.js';
import { NOTHING } from '../runtime.js';

export class SyncContext implements Context {
  private current: Current = NOTHING;

  get(): Current {
    return this.current;
  }

  run<T>(current: Current, callback: () => T): T {
    const before = this.current;
    this.current = current;
    try {
      return callback();
    } finally {
      this.current = before;
    }
  }

  enter(current: Current): void {
    this.current = current;
  }
}
