import type { Latency } from './options.ts';
import { draw } from './seeded.ts';

export interface Timing {
  /** Milliseconds from the arrival of the call to the first token. */
  readonly firstTokenMs: number;
  /** Milliseconds from the arrival of the call to the last token. */
  readonly lastTokenMs: number;
}

/** Returns how long an answer takes. `content` is the request's hash: the same request always takes the same time. */
export function timingOf(latency: Latency, outputTokens: number, content: string, slowMs: number): Timing {
  switch (latency.kind) {
    case 'fixed':
      return { firstTokenMs: latency.ms + slowMs, lastTokenMs: latency.ms + slowMs };
    case 'by-tokens': {
      const factor = 1 + latency.spread * (2 * draw(latency.seed, content) - 1);
      const firstTokenMs = latency.msFirstToken * factor + slowMs;
      return { firstTokenMs, lastTokenMs: firstTokenMs + latency.msPerOutputToken * outputTokens * factor };
    }
  }
}
