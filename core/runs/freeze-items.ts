import type { ArtifactRef, Artifacts } from '../ports/artifacts.ts';
import { FailureError } from '../failures/failure.ts';
import { parseItems, type ParsedItems } from './item.ts';

export interface FreezeItemsPorts {
  readonly artifacts: Pick<Artifacts, 'get' | 'create'>;
}

/** The key of a run's items in one part of its stages: 0 before the barrier, 1 after it. JSON lines. */
export const runItemsKey = (runId: string, part: number): string =>
  `runs/${runId}/items${part === 0 ? '' : `-${part}`}.jsonl`;

/**
 * Copies the items of a run once. The budget, the map and the rows are about this copy, whatever becomes of the source. A
 * repeated call returns the first copy. A list that is not valid is not copied.
 * @param each fields that every item gets, except its id @default none
 */
export async function freezeItems(
  { artifacts }: FreezeItemsPorts,
  source: ArtifactRef,
  copy: ArtifactRef,
  each: Readonly<Record<string, unknown>> = {},
): Promise<ParsedItems> {
  const earlier = await read(artifacts, copy);
  if (earlier instanceof Uint8Array) return parse(earlier);
  const bytes = await read(artifacts, source);
  if (typeof bytes === 'string') return { ok: false, problem: `The list of items cannot be read: ${bytes}` };
  const parsed = parse(bytes);
  if (!parsed.ok) return parsed;
  const lines = parsed.items.map((item) => JSON.stringify({ ...item, ...each, id: item.id })).join('\n');
  const full = parseItems(lines);
  if (!full.ok) return full;
  if (await artifacts.create(copy, lines, 'application/jsonl')) return full;
  // Another call was faster.
  return parse(await artifacts.get(copy));
}

const MAX_BYTES = 128 * 1024 * 1024;

function parse(bytes: Uint8Array): ParsedItems {
  if (bytes.byteLength > MAX_BYTES)
    return { ok: false, problem: `The list has ${bytes.byteLength} bytes. Use at most ${MAX_BYTES}.` };
  return parseItems(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
}

/** The bytes, or why they cannot be read. */
async function read(artifacts: Pick<Artifacts, 'get'>, at: ArtifactRef): Promise<Uint8Array | string> {
  try {
    return await artifacts.get(at);
  } catch (error) {
    if (error instanceof FailureError && error.failure.kind === 'permanent') return error.failure.reason;
    throw error;
  }
}
