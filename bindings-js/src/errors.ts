// Errors: the one that `init` throws, and what a thrown thing is called.

/** A wrong option of `init`: the message names it, the value and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** `error.type` and message of anything that was thrown. Never throws itself. */
export function describe(thrown: unknown): { type: string; message: string } {
  try {
    if (thrown instanceof Error || isErrorLike(thrown)) {
      return { type: typeOf(thrown), message: text(thrown.message) };
    }
  } catch {
    // A getter that throws: told by its type alone.
  }
  return { type: typeof thrown, message: text(thrown) };
}

interface ErrorLike {
  name: unknown;
  message: unknown;
}

/** An error of another realm (a frame, a `vm`). */
function isErrorLike(thrown: unknown): thrown is ErrorLike {
  return Object.prototype.toString.call(thrown) === '[object Error]';
}

function typeOf(error: ErrorLike): string {
  const name = error.name;
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  const constructor = (error as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof constructor === 'string' && constructor !== '' ? constructor : 'Error';
}

function text(value: unknown): string {
  try {
    return value === undefined ? '' : String(value);
  } catch {
    return '';
  }
}
