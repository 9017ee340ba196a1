import type { Artifacts } from '../ports/artifacts.ts';

/** Artifacts of which one task's work reads each object once: to name the task by its bytes, and to prepare the prompt. */
export function readOnce(artifacts: Artifacts): Artifacts {
  const read = new Map<string, Promise<Uint8Array>>();
  return {
    ...artifacts,
    get(ref) {
      const place = `${ref.bucket}/${ref.key}`;
      const known = read.get(place) ?? artifacts.get(ref);
      read.set(place, known);
      return known;
    },
  };
}
