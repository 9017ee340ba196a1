import { z } from 'zod';
import { FailureError } from '#core/failures/failure.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { NightItem } from './item.ts';

/** A document that a scout has kept for the later stages of a night. */
export const keptDocumentSchema = z.object({
  /** Its id within the company, such as `s10`. */
  id: z.string(),
  url: z.string(),
  title: z.string(),
  published: z.string().optional(),
  fetched: z.string(),
  text: z.string(),
  kind: z.string(),
  /** Of title and text, without what no reader sees. The memory has it of what an analyst has read. */
  digest: z.string(),
});
export type KeptDocument = z.infer<typeof keptDocumentSchema>;

/** What scouts have collected: an object for each company and night. */
export interface CollectedStore {
  /** Resolves to its key. Replaces what an earlier attempt wrote. */
  keep(item: NightItem, documents: readonly KeptDocument[]): Promise<string>;
  /** Throws a permanent `FailureError` if there is none, or it cannot be read. */
  read(key: string): Promise<readonly KeptDocument[]>;
}

/** Key prefixes in the bucket of snapshots: what scouts collected, and pages by night. */
export const COLLECTED = 'collected/';
export const PAGES = 'pages/';

export const collectedStore = (artifacts: Artifacts, bucket: string): CollectedStore => ({
  async keep({ space, night, id }, documents) {
    // An id may have slashes.
    const key = `${COLLECTED}${space}/${night}/${encodeURIComponent(id)}.json`;
    await artifacts.put({ bucket, key }, JSON.stringify(documents), 'application/json');
    return key;
  },
  async read(key) {
    const bytes = await artifacts.get({ bucket, key });
    const parsed = z.array(keptDocumentSchema).safeParse(parseJson(new TextDecoder().decode(bytes)));
    if (parsed.success) return parsed.data;
    const reason = `${key} does not have the documents of a company. Start the run again in another group.`;
    throw new FailureError({ kind: 'permanent', reason });
  },
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
