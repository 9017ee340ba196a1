/** The events of a world, one line each. Kept only on request. */
export class Trace {
  readonly #lines: string[] | null;
  readonly #now: () => number;

  constructor(now: () => number, kept: boolean) {
    this.#now = now;
    this.#lines = kept ? [] : null;
  }

  /** @param what called only if the trace is kept */
  add(who: string, op: string, what: () => string): void {
    this.#lines?.push(`${clockTime(this.#now())}  ${who.padEnd(11)} ${op.padEnd(18)} ${what()}`.trimEnd());
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }
}

/** `+h:mm:ss.mmm` since the world began. */
export function clockTime(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const whole = Math.floor(ms);
  const [hours, minutes, seconds] = [
    Math.floor(whole / 3_600_000),
    Math.floor(whole / 60_000) % 60,
    Math.floor(whole / 1_000) % 60,
  ];
  return `+${hours}:${two(minutes)}:${two(seconds)}.${String(whole % 1_000).padStart(3, '0')}`;
}
