/** Parses a `Retry-After` header (RFC 9110: seconds, or a date) to milliseconds. Undefined if absent or invalid. */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, Math.ceil(ms));
}
