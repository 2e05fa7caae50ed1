// Binary data inside values, which is replaced before anything copies it: an image of many megabytes costs nothing.

import { runtime } from './runtime.js';

/** Levels of nesting of a value that are read, and its pieces. */
export const MAX_DEPTH = 64;
export const MAX_PIECES = 100_000;

/** What the core has for a long text that is binary data; the text itself otherwise. */
export function withoutBlob(text: string): string {
  const { backend } = runtime;
  if (backend === null || text.length <= backend.longText) return text;
  return backend.substituteBlob(text.slice(0, backend.longText), text.length) ?? text;
}

/** Whether there is something in a value that `JSON.stringify` would copy at length, number by number, or not at all. */
export function hasBulk(value: unknown): boolean {
  return new Search(runtime.backend?.longText ?? Infinity).finds(value, 0);
}

class Search {
  private pieces = 0;

  constructor(private readonly longText: number) {}

  finds(value: unknown, depth: number): boolean {
    if (typeof value === 'string') return value.length > this.longText;
    if (typeof value !== 'object' || value === null) return false;
    if (isBulk(value)) return true;
    if (depth >= MAX_DEPTH) return false;
    if (Array.isArray(value)) return value.some((item) => this.mayLook() && this.finds(item, depth + 1));
    for (const key of Object.keys(value)) {
      if (this.mayLook() && this.finds((value as Record<string, unknown>)[key], depth + 1)) return true;
    }
    return false;
  }

  private mayLook(): boolean {
    this.pieces += 1;
    return this.pieces <= MAX_PIECES;
  }
}

/** What `JSON.stringify` writes as `{}`, or number by number. */
function isBulk(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Map || value instanceof Set;
}
