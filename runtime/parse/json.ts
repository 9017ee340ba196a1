/** The value a text stands for, or undefined when it is no JSON: for a schema to refuse. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
