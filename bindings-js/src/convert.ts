// Host values -> JSON text and snake_case names. Never throws, never changes a value.

import { hasBulk, MAX_DEPTH, MAX_PIECES, withoutBlob } from './blobs.js';
import { runtime, safely } from './runtime.js';

const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

/** What has been made of names: programs use the same few with every span. */
class Names {
  private readonly known = new Map<string, string>();

  constructor(private readonly make: (name: string) => string) {}

  of(name: string): string {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const made = this.make(name);
    if (this.known.size < MAX_NAMES && name.length <= MAX_NAME) this.known.set(name, made);
    return made;
  }
}

/** Names that are remembered, and their longest: a program may make names up without end. */
const MAX_NAMES = 1000;
const MAX_NAME = 100;

const snakeCases = new Names((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
/** A name as the beginning of a member: `"name":`. */
const labels = new Names((name) => `${JSON.stringify(name)}:`);

/** `maxTokens` -> `max_tokens`. */
export function snakeCase(name: string): string {
  return snakeCases.of(name);
}

/** A value as JSON text; `null` where there is nothing to say. */
export function toJson(value: unknown): string {
  try {
    if (typeof value === 'string') return JSON.stringify(withoutBlob(value));
    // Fast, and right for nearly everything.
    return hasBulk(value) ? tolerant(value) : (JSON.stringify(value) ?? 'null');
  } catch {
    return tolerant(value);
  }
}

/** What stands where there was no room for more. */
const TOO_LARGE = '"[Too large]"';

function tolerant(value: unknown): string {
  try {
    const walk = new Walk();
    const json = walk.write(value, 0) ?? 'null';
    if (walk.leftOut > 0) safely('counting', () => runtime.session?.countLeftOut(walk.leftOut));
    return json;
  } catch {
    return '"[Unreadable]"';
  }
}

/**
 * Writes what JSON.stringify refuses: cycles, BigInt, getters and `toJSON` that throw; and what it should not write.
 * Levels and pieces beyond what is read become a mark.
 */
class Walk {
  /** Structures and items that there was no room for. */
  leftOut = 0;
  private readonly open = new Set<object>();
  private pieces = 0;

  write(value: unknown, depth: number): string | undefined {
    switch (typeof value) {
      case 'bigint':
        return value.toString();
      case 'string':
        return JSON.stringify(withoutBlob(value));
      case 'object':
        return value === null ? 'null' : this.structure(value, depth);
      default:
        return JSON.stringify(value);
    }
  }

  private structure(value: object, depth: number): string | undefined {
    if (this.open.has(value)) return '"[Circular]"';
    if (depth >= MAX_DEPTH) return '"[Too deep]"';
    this.pieces += 1;
    if (this.pieces > MAX_PIECES) {
      this.leftOut += 1;
      return TOO_LARGE;
    }
    this.open.add(value);
    try {
      return this.open_structure(value, depth);
    } catch {
      return '"[Unreadable]"';
    } finally {
      this.open.delete(value);
    }
  }

  private open_structure(value: object, depth: number): string | undefined {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `"<${value.byteLength} bytes>"`;
    if (Array.isArray(value)) return this.list(value, depth);
    if (value instanceof Set) return this.list([...value], depth);
    if (value instanceof Map) return this.members([...value].map(([key, item]) => [String(key), () => item]), depth);
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return JSON.stringify(value.valueOf());
    }
    const own = plain(value);
    if (own !== value) return this.write(own, depth + 1);
    const read = (key: string) => (value as Record<string, unknown>)[key];
    return this.members(Object.keys(value).map((key) => [key, () => read(key)]), depth);
  }

  private list(items: unknown[], depth: number): string {
    const written: string[] = [];
    // By index: a hole is null, as in JSON.stringify.
    let index = 0;
    for (; index < items.length && this.pieces <= MAX_PIECES; index++) {
      written.push(this.write(items[index], depth + 1) ?? 'null');
      this.pieces += 1;
    }
    if (index < items.length) {
      this.leftOut += items.length - index;
      written.push(TOO_LARGE);
    }
    return `[${written.join(',')}]`;
  }

  private members(members: [string, () => unknown][], depth: number): string {
    const written: string[] = [];
    for (const [key, read] of members) {
      let text: string | undefined;
      try {
        text = this.write(read(), depth + 1);
      } catch {
        text = '"[Unreadable]"';
      }
      if (text !== undefined) written.push(`${JSON.stringify(key)}:${text}`);
    }
    return `{${written.join(',')}}`;
  }
}

/** What `toJSON` gives; the value itself where there is none, or it throws. */
function plain(value: object): unknown {
  try {
    const convert = (value as { toJSON?: unknown }).toJSON;
    return typeof convert === 'function' ? convert.call(value) : value;
  } catch {
    return value;
  }
}

/** One attribute value as JSON text; nothing for what is left out. */
export function attributeJson(value: unknown): string | undefined {
  switch (typeof value) {
    case 'undefined':
    case 'function':
    case 'symbol':
      return undefined;
    case 'bigint':
      return fits(value) ? value.toString() : `"${value}"`;
    case 'number':
      return numberJson(value);
    default:
      return value === null ? undefined : toJson(value);
  }
}

/** Whether 64 bits with a sign hold it. */
export function fits(value: bigint): boolean {
  return value >= SMALLEST && value <= LARGEST;
}

function numberJson(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  const text = String(value);
  // A number that is no longer exact stays a double.
  return Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

/** An object of attributes as JSON text; their names are data and stay. */
export function attributesJson(attributes: unknown): string {
  try {
    if (isSimple(attributes)) return JSON.stringify(attributes);
  } catch {
    // A proxy, or a getter that throws.
  }
  return membersJson(attributes, (key) => key);
}

/** Whether `JSON.stringify` writes an object of attributes as it should be: nothing in it needs a closer look. */
function isSimple(attributes: unknown): attributes is object {
  if (attributes === null || typeof attributes !== 'object' || Object.getPrototypeOf(attributes) !== Object.prototype) {
    return false;
  }
  const longText = runtime.backend?.longText ?? 0;
  for (const key of Object.keys(attributes)) {
    const value = (attributes as Record<string, unknown>)[key];
    switch (typeof value) {
      case 'string':
        if (value.length > longText) return false;
        break;
      case 'number':
        if (!Number.isSafeInteger(value) && !(Number.isFinite(value) && value % 1 !== 0)) return false;
        break;
      case 'boolean':
        break;
      default:
        return false;
    }
  }
  return true;
}

/** The options of a call as JSON text: names in snake_case, `parent` left out; null where there is none. */
export function argumentsJson(
  options: object | null | undefined,
  more?: object,
  omit: readonly string[] = NONE,
): string | null {
  const argument = (key: string) => (key === 'parent' || omit.includes(key) ? undefined : snakeCase(key));
  let members = options == null ? '' : membersText(options, argument);
  if (more !== undefined) {
    const others = membersText(more, argument);
    members += members === '' || others === '' ? others : `,${others}`;
  }
  return members === '' ? null : `{${members}}`;
}

const NONE: readonly string[] = [];

/** A text as it is; anything else as text, as well as it can be told. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return toJson(value);
  }
}

/** The fields of a scope as JSON text; null is a value here: it takes away. */
export function scopeJson(fields: object): string {
  return membersJson(fields, snakeCase, (value) => (value === null ? 'null' : attributeJson(value)));
}

function membersJson(
  object: unknown,
  rename: (key: string) => string | undefined,
  write: (value: unknown) => string | undefined = attributeJson,
): string {
  return `{${membersText(object, rename, write)}}`;
}

/** The members of an object without its braces. */
function membersText(
  object: unknown,
  rename: (key: string) => string | undefined,
  write: (value: unknown) => string | undefined = attributeJson,
): string {
  if (object === null || typeof object !== 'object') return '';
  let written = '';
  try {
    for (const key of Object.keys(object)) {
      const name = rename(key);
      if (name === undefined) continue;
      const text = memberJson(object as Record<string, unknown>, key, name, write);
      if (text !== undefined) written += (written === '' ? '' : ',') + labels.of(name) + text;
    }
  } catch {
    // A proxy that refuses to name its keys has none.
  }
  return written;
}

function memberJson(
  object: Record<string, unknown>,
  key: string,
  name: string,
  write: (value: unknown) => string | undefined,
): string | undefined {
  try {
    const value = object[key];
    return name === 'attributes' && value !== null && typeof value === 'object' && !Array.isArray(value)
      ? attributesJson(value)
      : write(value);
  } catch {
    return '"[Unreadable]"';
  }
}
