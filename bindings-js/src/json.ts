// Host values -> JSON text. Never throws, never changes a value.

import { hasBulk, MAX_DEPTH, MAX_PIECES, withoutBlob } from './blobs.js';
import { runtime, safely } from './runtime.js';

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

/** What `JSON.stringify` refuses, or should not copy, as well as it can be told. */
export function tolerant(value: unknown): string {
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
