// What a page loads for Spanwire.

import { chat, flush, init, invokeAgent } from 'spanwire-browser';

export async function start(dsn) {
  await init({ dsn, sendDefaultPii: true });
  return { api: { chat, invokeAgent }, flush };
}
