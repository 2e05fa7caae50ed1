// Prints what @sentry/conventions says, as JSON: its version, the operations of its gen_ai ops, every attribute.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { ATTRIBUTE_METADATA } from "@sentry/conventions/attributes";
import * as ops from "@sentry/conventions/op";

// The package exports no manifest of its own; it stands one folder above what it does export.
const entry = createRequire(import.meta.url).resolve("@sentry/conventions/attributes");
const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));

const operations = Object.values(ops)
  .filter((op) => op.startsWith("gen_ai."))
  .map((op) => op.slice("gen_ai.".length));
const attributes = Object.entries(ATTRIBUTE_METADATA).map(([key, { type, deprecation }]) => ({
  key,
  type,
  is_deprecated: deprecation !== undefined,
  replacement: deprecation?.replacement ?? null,
}));
console.log(JSON.stringify({ version, operations, attributes }));
