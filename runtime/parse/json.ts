/** Parses JSON. Returns undefined for invalid JSON, which a schema then rejects. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
