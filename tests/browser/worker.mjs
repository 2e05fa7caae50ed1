// A worker with the package in it: no document, no page.

import * as api from 'spanwire-browser';

self.onmessage = async ({ data: { dsn } }) => {
  try {
    await api.init({ dsn });
    api.chat('worker-model', () => {});
    self.postMessage({ flushed: await api.flush(), stats: api.stats() });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
