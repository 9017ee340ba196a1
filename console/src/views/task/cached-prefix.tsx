import { number } from '../../parts/format.ts';

interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** A prompt by tokens: what the cache had, what it keeps from now on, and the rest. */
export function CachedPrefix({ usage: { input, cacheRead, cacheWrite } }: { readonly usage: Usage }) {
  const whole = input + cacheRead + cacheWrite;
  if (whole === 0) return null;
  const share = Math.round((cacheRead / whole) * 100);
  return (
    <div className="prompt-tokens">
      <svg viewBox={`0 0 ${whole} 1`} preserveAspectRatio="none" aria-hidden="true">
        <rect className="cache-read" x={0} width={cacheRead} height={1} />
        <rect className="cache-write" x={cacheRead} width={cacheWrite} height={1} />
        <rect className="plain-input" x={cacheRead + cacheWrite} width={input} height={1} />
      </svg>
      <span>
        Prompt: {number(cacheRead)} tokens from the cache ({share}%), {number(cacheWrite)} written to it,{' '}
        {number(input)} uncached
      </span>
    </div>
  );
}
