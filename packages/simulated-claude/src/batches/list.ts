import { z } from 'zod';
import { invalidRequest } from '../api-error.ts';
import type { Call } from '../claude.ts';
import { check } from '../request-body.ts';
import { shown } from './batch.ts';
import type { BatchStore } from './store.ts';

const listSchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(20),
  after_id: z.string().optional(),
  before_id: z.string().optional(),
});

/** GET /v1/messages/batches: one page, newest first. */
export function listBatches(batches: BatchStore, { query, origin }: Call): Record<string, unknown> {
  const { limit, after_id, before_id } = check(listSchema, Object.fromEntries(query));
  const all = batches.newestFirst();
  const indexOf = (field: string, id: string): number => {
    const index = all.findIndex(({ batch }) => batch.id === id);
    if (index < 0) throw invalidRequest(field, `Batch ${id} not found.`);
    return index;
  };
  const from = after_id === undefined ? 0 : indexOf('after_id', after_id) + 1;
  const to = before_id === undefined ? all.length : indexOf('before_id', before_id);
  const range = all.slice(from, to);
  const page = before_id === undefined ? range.slice(0, limit) : range.slice(-limit);
  const data = page.map((job) => shown(job, origin));
  return {
    data,
    has_more: page.length < range.length,
    first_id: page[0]?.batch.id ?? null,
    last_id: page.at(-1)?.batch.id ?? null,
  };
}
