// The user's functions of `init`, over JSON text: they are asked, and never throw into anything.

import type { Ask, Filter } from './backend.js';
import { toJson } from './json.js';
import { describe } from './errors.js';
import type { InitOptions, SamplingContext, SpanMapping } from './options.js';
import { notice } from './runtime.js';

/** The options that may be functions; the core is only told that they are there. */
export const FUNCTIONS: readonly string[] = ['transport', 'tracesSampler', 'beforeSendSpan'];

/** `tracesSampler`; null where there is none. */
export function askOf(options: InitOptions): Ask | null {
  const sampler: unknown = options?.tracesSampler;
  if (typeof sampler !== 'function') return null;
  return (question) => {
    try {
      const { parent_sampled: parentSampled, ...rest } = JSON.parse(question) as SamplingContext & { parent_sampled: boolean | null };
      const answer: unknown = sampler({ ...rest, parentSampled });
      return typeof answer === 'boolean' ? Number(answer) : typeof answer === 'number' ? answer : null;
    } catch (error) {
      notice(`tracesSampler failed: ${describe(error).message}`);
      return null;
    }
  };
}

/** `beforeSendSpan`; null where there is none. */
export function filterOf(options: InitOptions): Filter | null {
  const filter: unknown = options?.beforeSendSpan;
  if (typeof filter !== 'function') return null;
  return (text) => {
    try {
      const span = JSON.parse(text) as SpanMapping;
      const answer: unknown = filter(span);
      if (answer !== undefined) return answer === null ? null : toJson(answer);
      notice('beforeSendSpan gave nothing back; what it did to the span was kept, null would drop it');
      return toJson(span);
    } catch (error) {
      notice(`beforeSendSpan failed: ${describe(error).message}; the span was dropped`);
      return null;
    }
  };
}
