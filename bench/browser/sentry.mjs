// What a page loads for `@sentry/browser` with tracing.

import { browserTracingIntegration, flush, init, makeFetchTransport, startSpan } from '@sentry/browser';

export function start(dsn, traceLifecycle) {
  // A span of the page's load would take the agents for its children.
  const tracing = browserTracingIntegration({ instrumentPageLoad: false, instrumentNavigation: false });
  // Its own transport looks for the browser's own `fetch` whatever stands in its place.
  const transport = (options) => makeFetchTransport(options, (...request) => fetch(...request));
  init({ dsn, transport, tracesSampleRate: 1, traceLifecycle, integrations: [tracing] });
  return { api: { startSpan }, flush };
}
