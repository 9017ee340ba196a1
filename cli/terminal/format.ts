/** `1m 05s`, `12s`, `2h 03m`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3_600)}h ${two(Math.floor((seconds % 3_600) / 60))}m`;
}

/**
 * Formats dollars: two decimals from one dollar, four below. A negative amount is possible where writing a cache cost
 * more than it saved.
 */
export function dollars(usd: number): string {
  const amount = Math.abs(usd);
  return `${usd < 0 ? '-' : ''}$${amount.toFixed(amount >= 1 || amount === 0 ? 2 : 4)}`;
}

/** `1 document`, `2 documents`. */
export const count = (n: number, noun: string): string => `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;

const WIDTH = 28;

/** A bar of fixed width, full at `share` 1. @public commands of systems use it */
export function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
  return '█'.repeat(full) + '░'.repeat(WIDTH - full);
}

/** `12s ago`. @param at milliseconds since 1970, or an ISO time */
export const age = (at: number | string): string => `${duration(Math.max(0, Date.now() - new Date(at).getTime()))} ago`;

/** The time of day: `08:15:00`. */
export const clock = (): string => new Date().toTimeString().slice(0, 8);
