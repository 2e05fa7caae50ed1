// The types say what is allowed: a sample compiles, and its mistakes do not.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'node:test';

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const here = fileURLToPath(new URL('.', import.meta.url));

test('the sample compiles in strict mode, with every expected error', () => {
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', here], { encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test("the README's quick starts compile as TypeScript", () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/<!-- quickstart: (node|browser) -->\n```js\n([\s\S]*?)```/g)];
  assert.equal(blocks.length, 2);
  // Inside of the folder, where the packages are found.
  const folder = mkdtempSync(join(here, 'readme-'));
  try {
    // A program's own parameters are its own to type.
    for (const [, name, code] of blocks) writeFileSync(join(folder, `${name}.mts`), code.replace('(city)', '(city: string)'));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.json', include: ['.'] }));
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    assert.equal(stdout, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
