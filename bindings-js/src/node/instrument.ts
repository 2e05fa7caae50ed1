// `instrument` and `uninstrument` in Node.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { instrumentOpenAI, uninstrumentOpenAI } from '../integrations/openai.js';
import { runtime } from '../runtime.js';

/**
 * Watches one client object, or every client of a class. Without an argument: every library that CommonJS has
 * loaded and that `init` allows (what only `import` loaded cannot be found: hand over its class).
 */
export function instrument<T>(client: T): T;
export function instrument(): undefined;
export function instrument<T>(client?: T): T | undefined {
  if (client !== undefined) {
    instrumentOpenAI(client);
    return client;
  }
  if (runtime.session?.allows('openai')) instrumentOpenAI(loaded('openai'));
  return undefined;
}

/** Takes it off again. */
export function uninstrument(client?: unknown): void {
  uninstrumentOpenAI(client === undefined ? loaded('openai') : client);
}

/** The module as CommonJS has it, if it has it already. */
function loaded(name: string): unknown {
  try {
    const { cache, resolve } = createRequire(join(process.cwd(), 'index.js'));
    return cache[resolve(name)]?.exports;
  } catch {
    return undefined;
  }
}
