import { createHash } from 'node:crypto';
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

/**
 * What a tenant's scouts have collected.
 * 1. The key ends with the digest of the content: what a key names never changes, whoever else collects for that night (I2).
 * 2. A tenant reads and writes below its own prefix alone (I8).
 */
export interface CollectedStore {
  /** Resolves to its key: the same for the same documents. */
  keep(item: NightItem, documents: readonly KeptDocument[]): Promise<string>;
  /** Throws a permanent `FailureError` if the key is not of this tenant, there is none, or it cannot be read. */
  read(key: string): Promise<readonly KeptDocument[]>;
}

/** Key prefixes in the bucket of snapshots: what scouts collected, and pages by night. The tenant follows. */
export const COLLECTED = 'collected/';
export const PAGES = 'pages/';

/** A prefix of one tenant. */
export const ofTenant = (prefix: string, tenant: string): string => `${prefix}${encodeURIComponent(tenant)}/`;

export function collectedStore(artifacts: Artifacts, bucket: string, tenant: string): CollectedStore {
  const own = ofTenant(COLLECTED, tenant);
  return {
    async keep({ space, night, id }, documents) {
      const content = JSON.stringify(documents);
      const digest = createHash('sha256').update(content).digest('hex');
      // An id may have slashes.
      const key = `${own}${space}/${night}/${encodeURIComponent(id)}/${digest}.json`;
      await artifacts.put({ bucket, key }, content, 'application/json');
      return key;
    },
    async read(key) {
      // An input may name any key.
      if (!key.startsWith(own) || key.split('/').includes('..')) throw unreadable('The key is not one of this tenant.');
      const bytes = await artifacts.get({ bucket, key });
      const parsed = z.array(keptDocumentSchema).safeParse(parseJson(new TextDecoder().decode(bytes)));
      if (parsed.success) return parsed.data;
      throw unreadable(`${key} does not have the documents of a company.`);
    },
  };
}

const unreadable = (problem: string): FailureError =>
  new FailureError({ kind: 'permanent', reason: `${problem} Start the run again in another group.` });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
