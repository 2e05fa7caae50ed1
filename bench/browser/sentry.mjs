// What a page loads for `@sentry/browser` with tracing.

import { browserTracingIntegration, flush, init, startSpan } from '@sentry/browser';

export function start(dsn, traceLifecycle) {
  // A span of the page's load would take the agents for its children.
  const tracing = browserTracingIntegration({ instrumentPageLoad: false, instrumentNavigation: false });
  init({ dsn, tracesSampleRate: 1, traceLifecycle, integrations: [tracing] });
  return { api: { startSpan }, flush };
}
