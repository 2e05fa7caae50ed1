// Host values -> JSON text whose strings stand as they are: to escape them in JavaScript, and to undo that in the core,
// takes ten times as long as to copy them.

import { hasBulk, MAX_DEPTH, MAX_PIECES, withoutBlob } from './blobs.js';
import { tolerant } from './json.js';
import { label } from './names.js';

/** Stands around a string that is written as it is: `RAW` in `core/src/json/mod.rs`. */
const RAW = '\x1e';

/** Ends a text among others that cross at once. Like the mark, it is in no JSON text but inside of a string. */
export const SEPARATOR = '\x1f';

/** A string as it is, or as JSON where it holds a mark itself. */
export function quote(text: string): string {
  return text.includes(RAW) || text.includes(SEPARATOR) ? JSON.stringify(text) : RAW + text + RAW;
}

/** A value as JSON text with such strings; `null` where there is nothing to say. */
export function rawJson(value: unknown): string {
  try {
    return new Writer().write(value, 0) ?? 'null';
  } catch {
    // Bulk, a cycle, a BigInt, a getter or a `toJSON` that throws.
    return tolerant(value);
  }
}

const BULK = new Error('to be written with a closer look');

/** Writes what `JSON.stringify` would; throws where it would, or where it should not be asked. */
class Writer {
  private pieces = 0;

  write(value: unknown, depth: number): string | undefined {
    switch (typeof value) {
      case 'string':
        return quote(withoutBlob(value));
      case 'number':
        return Number.isFinite(value) ? `${value}` : 'null';
      case 'boolean':
        return value ? 'true' : 'false';
      case 'object':
        if (value === null) return 'null';
        return this.isPlain(value, depth) ? this.structure(value, depth) : other(value);
      default:
        return JSON.stringify(value);
    }
  }

  /** Whether it is nothing but its members; as far as values are looked into. */
  private isPlain(value: object, depth: number): boolean {
    this.pieces += 1;
    if (depth >= MAX_DEPTH || this.pieces > MAX_PIECES) return false;
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
    // Lists of numbers are vectors: nothing in them is raw.
    if (Array.isArray(value)) return typeof value[0] !== 'number';
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  }

  private structure(value: object, depth: number): string {
    return Array.isArray(value) ? this.list(value, depth + 1) : this.members(value as Record<string, unknown>, depth + 1);
  }

  private list(items: unknown[], depth: number): string {
    let written = '';
    // By index: a hole is null, as in JSON.stringify.
    for (let index = 0; index < items.length; index++) {
      written += (index === 0 ? '' : ',') + (this.write(items[index], depth) ?? 'null');
    }
    return `[${written}]`;
  }

  private members(members: Record<string, unknown>, depth: number): string {
    let written = '';
    for (const key of Object.keys(members)) {
      const text = this.write(members[key], depth);
      if (text !== undefined) written += (written === '' ? '' : ',') + label(key) + text;
    }
    return `{${written}}`;
  }
}

function other(value: object): string | undefined {
  if (hasBulk(value)) throw BULK;
  return JSON.stringify(value);
}
