// What a developer sees: the real Spotlight, opened in Chromium, after the demo of each language has run.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../browser/harness.mjs';
import { startServers } from '../node/servers.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const target = process.env.SPANWIRE_TARGET ?? join(root, 'target');
const python = join(target, process.platform === 'win32' ? 'venv/Scripts/python' : 'venv/bin/python');
const PATIENCE_MS = 20_000;
/** What the demo asks, and what it is told in the end. */
const QUESTION = 'What is the weather in Paris, and should I go?';
const ANSWER = 'Go to Paris: walk along the Seine in the morning';

let browser;
let servers;

before(async () => {
  [browser, servers] = await Promise.all([openBrowser(), startServers()]);
});

after(async () => {
  await browser?.close();
  await servers?.stop();
});

/** The server that `npx @spotlightjs/spotlight` starts, on a free port. */
async function startSpotlight() {
  const program = join(root, 'node_modules/@spotlightjs/spotlight/dist/run.js');
  const child = spawn(process.execPath, [program, 'server', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface({ input: child.stderr })) {
    const port = /listening on (\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stderr.resume();
    return {
      ui: `http://localhost:${port}/`,
      stream: `http://localhost:${port}/stream`,
      async stop() {
        const gone = once(child, 'exit');
        // Asked politely it waits ten seconds for pages that listen.
        child.kill('SIGKILL');
        await gone;
      },
    };
  }
  throw new Error('Spotlight did not start');
}

/** Runs a demo as its user would: no DSN, Spotlight by the environment. */
async function runDemo(program, file, spotlight) {
  const { SENTRY_DSN, ...environment } = process.env;
  const child = spawn(program, [join(root, file)], {
    cwd: root,
    env: { ...environment, SENTRY_SPOTLIGHT: spotlight.stream, OPENAI_BASE_URL: `${servers.vendor}/v1`, OPENAI_API_KEY: 'demo' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: PATIENCE_MS,
  });
  const complaints = Buffer.concat(await child.stderr.toArray()).toString();
  const code = child.exitCode ?? (await once(child, 'exit'))[0];
  assert.equal(code, 0, complaints);
}

/** Opens the trace in Spotlight: its spans must be there, and its conversation with the messages' text. */
async function look(spotlight, language, spans, messages) {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewportSize({ width: 2000, height: 1200 });
  await page.goto(spotlight.ui);
  await page.locator('a[href*="/telemetry/traces/"]').first().click();
  for (const name of spans) await shown(page, name).waitFor();
  await screenshot(page, `${language}-trace`);
  await page.getByText('AI Mode').click();
  for (const text of messages) await shown(page, text).waitFor();
  await screenshot(page, `${language}-conversation`);
  await page.close();
}

/** The last place where a text can be seen: the layouts for other widths have it as well. */
const shown = (page, text) => page.getByText(text).filter({ visible: true }).last();

async function screenshot(page, name) {
  const folder = join(target, 'spotlight');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

const DEMOS = [
  ['python', python, 'examples/python/agent.py'],
  ['node', process.execPath, 'examples/node/agent.mjs'],
];
const DEMO_SPANS = [
  'answer a question', 'invoke_agent Weather Agent', 'execute_tool get_weather', 'invoke_agent Travel Agent', 'chat gpt-4o-mini',
];

for (const [language, program, file] of DEMOS) {
  test(`the demo of ${language} shows in Spotlight with its messages`, async () => {
    const spotlight = await startSpotlight();
    try {
      await runDemo(program, file, spotlight);
      await look(spotlight, language, DEMO_SPANS, [QUESTION, ANSWER]);
    } finally {
      await spotlight.stop();
    }
  });
}

test('a page shows in Spotlight beside its DSN', async () => {
  const spotlight = await startSpotlight();
  try {
    await servers.reset();
    const page = await browser.page();
    const sent = await page.evaluate(async ({ dsn, spotlight, base, question }) => {
      const { api, OpenAI } = window;
      await api.init({ dsn, spotlight, tracesSampleRate: 0, recordInputs: false });
      const client = api.instrument(new OpenAI({ apiKey: 'demo', baseURL: base, dangerouslyAllowBrowser: true }));
      await api.invokeAgent('Page Agent', {}, (agent) =>
        api.useSpan(agent, () => client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }] })));
      return api.flush(10_000);
    }, { dsn: servers.dsn, spotlight: spotlight.stream, base: `${servers.vendor}/v1`, question: QUESTION });
    assert.equal(sent, true);
    assert.deepEqual(page.errors, []);
    await page.close();
    // Not sampled and not recorded: Spotlight sees it all the same, the DSN nothing.
    await look(spotlight, 'browser', ['invoke_agent Page Agent', 'chat gpt-4o-mini'], [QUESTION]);
    assert.ok(!JSON.stringify(await servers.envelopes()).includes('Page Agent'));
  } finally {
    await spotlight.stop();
  }
});
