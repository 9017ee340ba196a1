import { FailureError } from '../failures/failure.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { Task } from './task.ts';

/** Reads a task's input from the task or its upload. Throws `FailureError` (permanent) if the upload is not valid JSON. */
export async function readInput(artifacts: Artifacts, { input, inputAt }: Task): Promise<unknown> {
  if (inputAt === undefined) return input;
  const text = new TextDecoder().decode(await artifacts.get(inputAt));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new FailureError({
      kind: 'permanent',
      reason: 'The uploaded input is not valid JSON. Upload one JSON value.',
    });
  }
}

/** Artifacts that read each object once per task: its bytes name the task and make the prompt. */
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
