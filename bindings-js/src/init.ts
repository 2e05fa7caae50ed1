// What every host's `init` shares: options to JSON text, and the calls on the current session.

import { toJson } from './json.js';
import { snakeCase } from './names.js';
import { ConfigError, describe } from './errors.js';
import { FUNCTIONS } from './hooks.js';
import type { InitOptions, Stats } from './options.js';
import { runtime, safely } from './runtime.js';

/** The options as the core reads them: names in snake_case, functions as `callable`. */
export function optionsJson(options: InitOptions): string {
  if (options === null || typeof options !== 'object') return toJson(options);
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'function' && FUNCTIONS.includes(name)) members[snakeCase(name)] = 'callable';
    else if (name === 'testing') members[name] = testingOptions(value as object);
    else if (name === 'integrationOptions') members.integration_options = integrationOptions(value);
    else members[snakeCase(name)] = value;
  }
  return toJson(members);
}

const renamed = (object: object) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [snakeCase(name), value]));

/** Options by integration, each with its names in snake_case; what is none of that, the core refuses. */
function integrationOptions(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  const isObject = (options: unknown): options is object => options !== null && typeof options === 'object';
  return Object.fromEntries(
    Object.entries(value).map(([name, options]) => [name, isObject(options) ? renamed(options) : options]),
  );
}

function testingOptions(options: object): object {
  const { platform, ...rest } = options as { platform?: object };
  return platform ? { ...rest, platform: renamed(platform) } : rest;
}

/** Throws what the core says of a wrong option. */
export function configured<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new ConfigError(describe(error).message);
  }
}

/** Sends what waits; true when all of it is gone in time. */
export async function flush(timeoutMs?: number): Promise<boolean> {
  return leave((session) => session.flush(timeoutMs));
}

/** Sends what waits, then takes nothing more; what could not go is counted as lost. */
export async function close(timeoutMs?: number): Promise<boolean> {
  const result = leave((session) => session.close(timeoutMs));
  runtime.active = null;
  return result;
}

async function leave(call: (session: NonNullable<typeof runtime.session>) => Promise<boolean>): Promise<boolean> {
  if (runtime.session === null) return true;
  try {
    return await call(runtime.session);
  } catch {
    return false;
  }
}

/** The counts at this moment, in spans. */
export function stats(): Stats {
  const text = safely('stats', () => runtime.session?.stats());
  if (text) return JSON.parse(text) as Stats;
  return { started: 0, sent: 0, waiting: 0, spooled: 0, lost: {}, removed: { messages: 0, characters: 0 } };
}

/**
 * Envelopes as trees a person can read.
 * @throws where the bytes are no envelope
 */
export function inspect(envelopes: Uint8Array): string {
  if (runtime.backend === null) throw new Error('call and await init first');
  return runtime.backend.inspect(envelopes);
}

/** For tests alone. */
export const testing = Object.freeze({
  /** Sets the clock of the `testing` option, in seconds. */
  setClock(seconds: number): void {
    runtime.session?.setTestClock(seconds);
  },
});
