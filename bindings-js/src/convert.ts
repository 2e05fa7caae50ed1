// Attributes and arguments of calls -> JSON text with names in snake_case. Never throws, never changes a value.

import { toJson } from './json.js';
import { label, snakeCaseLabel } from './names.js';
import { rawJson } from './raw.js';

const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

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
      return value === null ? undefined : rawJson(value);
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
  return `{${membersText(attributes, label, attributeJson)}}`;
}

/** The options of a call as JSON text: names in snake_case, `parent` left out; null where there is none. */
export function argumentsJson(
  options: object | null | undefined,
  more?: object,
  omit: readonly string[] = NONE,
): string | null {
  const argument = (key: string) => (key === 'parent' || omit.includes(key) ? undefined : snakeCaseLabel(key));
  let members = options == null ? '' : membersText(options, argument, argumentJson);
  if (more !== undefined) {
    const others = membersText(more, argument, argumentJson);
    members += members === '' || others === '' ? others : `,${others}`;
  }
  return members === '' ? null : `{${members}}`;
}

const NONE: readonly string[] = [];

function argumentJson(value: unknown, key: string): string | undefined {
  const isAttributes = key === 'attributes' && value !== null && typeof value === 'object' && !Array.isArray(value);
  return isAttributes ? attributesJson(value) : attributeJson(value);
}

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
  const write = (value: unknown, key: string) => (value === null ? 'null' : argumentJson(value, key));
  return `{${membersText(fields, snakeCaseLabel, write)}}`;
}

/** The members of an object without its braces. */
function membersText(
  object: unknown,
  labelOf: (key: string) => string | undefined,
  write: (value: unknown, key: string) => string | undefined,
): string {
  if (object === null || typeof object !== 'object') return '';
  let written = '';
  try {
    for (const key of Object.keys(object)) {
      const name = labelOf(key);
      if (name === undefined) continue;
      const text = memberText(object as Record<string, unknown>, key, write);
      if (text !== undefined) written += (written === '' ? '' : ',') + name + text;
    }
  } catch {
    // A proxy that refuses to name its keys has none.
  }
  return written;
}

function memberText(
  object: Record<string, unknown>,
  key: string,
  write: (value: unknown, key: string) => string | undefined,
): string | undefined {
  try {
    return write(object[key], key);
  } catch {
    return '"[Unreadable]"';
  }
}
