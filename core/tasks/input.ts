import { FailureError } from '../failures/failure.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { Task } from './task.ts';

/** A task's input, from where it lies. Throws `FailureError` (permanent) for an upload that is no JSON. */
export async function readInput(artifacts: Artifacts, { input, inputAt }: Task): Promise<unknown> {
  if (inputAt === undefined) return input;
  const text = new TextDecoder().decode(await artifacts.get(inputAt));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new FailureError({ kind: 'permanent', reason: 'The uploaded input is no JSON: upload one JSON value.' });
  }
}

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
