// What went over the wire -> JSON text: bytes are the text that they hold, also where a piece ends inside of a character.

import { quote, rawJson } from './raw.js';

/** What reads the bytes of a stream, by its span. */
const decoders = new WeakMap<object, TextDecoder>();

/** A payload as JSON text; of a piece of a stream, `stream` is what it belongs to. */
export function wireJson(value: unknown, stream?: object): string {
  if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) return rawJson(value);
  const decoder = (stream && decoders.get(stream)) ?? new TextDecoder();
  if (stream) decoders.set(stream, decoder);
  return quote(decoder.decode(value, { stream: stream !== undefined }));
}
