// Names of members: programs use the same few with every span.

/** What has been made of names. */
class Names {
  private readonly known = new Map<string, string>();

  constructor(private readonly make: (name: string) => string) {}

  of(name: string): string {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const made = this.make(name);
    if (this.known.size < MAX_NAMES && name.length <= MAX_NAME) this.known.set(name, made);
    return made;
  }
}

/** Names that are remembered, and their longest: a program may make names up without end. */
const MAX_NAMES = 1000;
const MAX_NAME = 100;

const snakeCases = new Names((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
const labels = new Names((name) => `${JSON.stringify(name)}:`);
const snakeCaseLabels = new Names((name) => label(snakeCase(name)));

/** `maxTokens` -> `max_tokens`. */
export function snakeCase(name: string): string {
  return snakeCases.of(name);
}

/** A name as the beginning of a member of JSON: `"name":`. */
export function label(name: string): string {
  return labels.of(name);
}

/** The same in snake_case. */
export function snakeCaseLabel(name: string): string {
  return snakeCaseLabels.of(name);
}
