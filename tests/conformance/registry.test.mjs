// The table that the core was compiled with is the table of the installed @sentry/conventions, both ways.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";

import { ATTRIBUTE_METADATA } from "@sentry/conventions/attributes";
import * as ops from "@sentry/conventions/op";

/** The families that have to be whole; of others, only what is used is in the table. */
const WHOLE = /^(gen_ai|mcp|sentry)\./;

const require = createRequire(import.meta.url);
const cli = require.resolve("spanwire/package.json").replace("package.json", "dist/cli.cjs");
const printed = execFileSync(process.execPath, [cli, "conventions"], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
const { attributes, operations } = JSON.parse(printed);
const ours = new Map(attributes.map(({ key, content, ...rest }) => [key, rest]));

test("the table is there, and no key is in it twice", () => {
  assert.equal(ours.size, attributes.length);
  assert.equal([...ours.keys()].filter((key) => key.startsWith("gen_ai.")).length, 76);
});

test("every entry is one of the conventions, with its type, deprecation and replacement", () => {
  for (const [key, entry] of ours) {
    const theirs = ATTRIBUTE_METADATA[key];
    assert.ok(theirs, `${key} is not in the conventions`);
    const { type, deprecation } = theirs;
    assert.deepEqual(entry, { type, deprecated: deprecation !== undefined, replacement: deprecation?.replacement ?? null }, key);
  }
});

test("every key of gen_ai, mcp and sentry is in the table", () => {
  const wanted = Object.keys(ATTRIBUTE_METADATA).filter((key) => WHOLE.test(key));
  assert.deepEqual(wanted.filter((key) => !ours.has(key)), []);
});

test("every key that spans carry has an entry that says whether it is content", () => {
  assert.ok(attributes.every(({ content }) => typeof content === "boolean"));
  const content = attributes.filter(({ content }) => content).map(({ key }) => key);
  // What Relay scrubs on its own account, the conventions mark "auto": of gen_ai and mcp that is content.
  const scrubbed = (key) => ATTRIBUTE_METADATA[key].applyScrubbing.key === "auto" && /^(gen_ai|mcp)\./.test(key);
  const about = /\.(role|content_type|mime_type|resource_mime_type)$/;
  const missed = [...ours.keys()].filter((key) => scrubbed(key) && !about.test(key) && !content.includes(key));
  assert.deepEqual(missed, []);
});

test("the operations are those of the ops", () => {
  const theirs = Object.values(ops).filter((op) => op.startsWith("gen_ai.")).map((op) => op.slice("gen_ai.".length));
  assert.deepEqual(operations.toSorted(), theirs.toSorted());
});
