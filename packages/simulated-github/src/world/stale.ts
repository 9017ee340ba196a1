import type { Call } from '../http/route.ts';

/** GitHub's reads lag its writes a little. The fault `stale` hides what was written in the last seconds. */
export function hideFresh<T>(call: Call, all: readonly T[], writtenAt: (item: T) => number | null): readonly T[] {
  if (call.fault?.fault !== 'stale') return all;
  const { seconds } = call.fault;
  const before = call.world.now() - seconds * 1_000;
  return all.filter((item) => (writtenAt(item) ?? 0) < before);
}
