import { inflate } from './inflate.ts';

/** What went wrong in the compressed data that pdf.js asked for since the last call of `takeVerdict`. */
export type Verdict = 'sound' | 'damaged' | 'too-large';

let verdict: Verdict = 'sound';

/** Returns the verdict and starts anew. */
export function takeVerdict(): Verdict {
  const taken = verdict;
  verdict = 'sound';
  return taken;
}

/**
 * pdf.js inflates the contents of pages with this class of the platform. If that fails, it silently reads as far as it
 * gets. This one notes the failure, because a contract must not lose a clause that way.
 */
class WatchedInflate extends TransformStream<Uint8Array, Uint8Array> {
  constructor() {
    const parts: Uint8Array[] = [];
    super({
      transform: (part) => void parts.push(part),
      flush(controller) {
        const inflated = inflate(Buffer.concat(parts));
        if (inflated.kind === 'whole') return controller.enqueue(inflated.data);
        verdict = verdict === 'too-large' ? verdict : inflated.kind;
        return controller.error(new Error(`The data are ${inflated.kind}.`));
      },
    });
  }
}

/** Watches what pdf.js inflates in this thread, which must do nothing else. */
export function watchInflating(): void {
  const Native = globalThis.DecompressionStream;
  globalThis.DecompressionStream = new Proxy(Native, {
    construct: (target, [format]: ConstructorParameters<typeof DecompressionStream>) =>
      format === 'deflate' ? new WatchedInflate() : new target(format),
  });
}
