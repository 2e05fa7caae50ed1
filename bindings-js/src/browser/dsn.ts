// DSN -> its parts, by the host's own URL parser (one in the module would triple it).

/** Nothing where there is none; one text, why it cannot be read; or scheme, host, path, project, public key. */
export function dsnParts(dsn: unknown): string[] {
  // What is no text is the core's to refuse.
  if (typeof dsn !== 'string' || dsn === '') return [];
  const text = dsn.trim();
  if (/\s/.test(text)) return ['white space inside'];
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return ['it is no URL'];
  }
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'https') return ['the scheme is neither http nor https'];
  if (url.username === '') return ['the public key is missing'];
  const path = url.pathname.replace(/\/+$/, '');
  const cut = path.lastIndexOf('/');
  const project = path.slice(cut + 1);
  if (project === '') return ['the project is missing'];
  return [scheme, url.host, path.slice(0, Math.max(cut, 0)), project, decodeURIComponent(url.username)];
}
