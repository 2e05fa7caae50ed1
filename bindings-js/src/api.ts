// The public surface that every host shares; each entry adds its own `init` and `instrument`.

export {
  aiRequest,
  type Callback,
  chat,
  createAgent,
  embeddings,
  executeTool,
  generateContent,
  handoff,
  invokeAgent,
  rerank,
  responses,
  startSpan,
  textCompletion,
} from './calls.js';
export { ConfigError } from './errors.js';
export { close, flush, inspect, stats, testing } from './init.js';
export type * from './options.js';
export { continueTrace, type IncomingHeaders, scope, setConversationId, setPipeline, setUser, traceHeaders, wrap } from './scope.js';
export { currentSpan, Span, TraceContext, useSpan } from './span.js';
export { agent, SPANTEMPLATE, type SpanTemplate, tool, trace, type TraceOptions, type WrapOptions } from './wrappers.js';
