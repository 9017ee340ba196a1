/** `$12.30`, with as many digits as small amounts need: `$0.0042`. */
export function dollars(usd: number): string {
  const size = Math.abs(usd);
  if (size === 0) return '$0';
  const digits =
    size >= 1
      ? { minimumFractionDigits: 2, maximumFractionDigits: 2 }
      : size >= 0.01
        ? { minimumFractionDigits: 2, maximumFractionDigits: 3 }
        : { maximumSignificantDigits: 2 };
  return `${usd < 0 ? '-' : ''}$${size.toLocaleString('en-US', digits)}`;
}

/** `12,345`. */
export const number = (value: number): string => value.toLocaleString('en-US');

/** `12:03:07`, in the reader's time zone. */
export const clock = (ms: number): string => new Date(ms).toLocaleTimeString('en-GB');

/** `29 Nov, 12:03:07`, in the reader's time zone. */
export const moment = (at: number | string): string =>
  new Date(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** `340 ms`, `4.2 s`, `3 min`, `2 h`: one unit. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  const [unit, size] = UNITS.find(([, size]) => ms >= 2 * size) ?? ['min', 60_000];
  return `${Math.round(ms / size)} ${unit}`;
}

/** How long ago, or how long until: `3 min ago`, `in 40 s`. */
export function age(at: number | string, now: number): string {
  const ms = now - new Date(at).getTime();
  if (Math.abs(ms) < 1_000) return 'now';
  return ms > 0 ? `${duration(ms)} ago` : `in ${duration(-ms)}`;
}

/** `1 task`, `12 tasks`. */
export const count = (amount: number, noun: string): string => `${number(amount)} ${noun}${amount === 1 ? '' : 's'}`;

/** `340 B`, `12 kB`, `3.4 MB`. */
export function bytes(size: number): string {
  if (size < 1_000) return `${size} B`;
  if (size < 1_000_000) return `${Math.round(size / 1_000)} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}
