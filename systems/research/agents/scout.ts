import { z } from 'zod';
import { defineAgent, type AnsweredByCode, type PrepareIo } from '#core/agents/define-agent.ts';
import { FailureError } from '#core/failures/failure.ts';
import { startOf } from '#core/text/text.ts';
import { isNowhere, nightItemSchema, type NightItem } from '../night/item.ts';
import type { KeptDocument } from '../night/collected.ts';
import { SCOUT } from './names.ts';

const failureSchema = z.object({
  url: z.string(),
  reason: z.string(),
  /** Whether the source may have news that nobody saw. */
  unread: z.literal(true).optional(),
});

/** What a scout answers. The documents lie in the bucket of snapshots. */
export const scoutOutputSchema = z.object({
  /** The key of the documents; null if there are none. */
  collected: z.string().nullable(),
  documents: z.int().nonnegative(),
  /** What could not be fetched. */
  failures: z.array(failureSchema).max(20),
});
export type ScoutOutput = z.infer<typeof scoutOutputSchema>;

export interface Found {
  readonly documents: readonly KeptDocument[];
  readonly failures: readonly z.infer<typeof failureSchema>[];
}

/** What a scout uses. */
export interface ScoutServices {
  /**
   * Fetches what the company published and `pages` that a search found, and ends before `deadline`. `later`: there is more to fetch from `at` on, both in
   * milliseconds since the epoch; what was fetched is kept. Throws a permanent `FailureError` if the web of the item cannot be fetched here.
   */
  fetch(
    tenant: string,
    item: NightItem,
    deadline: number,
    pages?: readonly string[],
  ): Promise<({ readonly kind: 'collected' } | { readonly kind: 'later'; readonly at: number }) & Found>;
  /** Resolves to the key. */
  keep(tenant: string, item: NightItem, documents: readonly KeptDocument[]): Promise<string>;
  now(): number;
}

/** A site that asks to wait longer has no more pages for this night. */
const MAX_WAIT_MS = 30 * 60_000;
/** The worker stretches a wait by up to a quarter (core/worker/end.ts). */
const STRETCH = 1.25;
/** What a turn after the wait needs. With less before its deadline a scout ends with what it has. */
const RESERVE_MS = 60_000;
const MAX_FAILURES = 20;

/** What scouts and readers have in common. They are code: nothing is spent. */
export const FETCHING = {
  model: 'none',
  system: 'Code answers. No model is called.',
  // The share of a run's budget follows from it, so it is as small as it can be.
  budget: { tokens: 1, usd: 0.000_001 },
  // A turn ends after 60 s. The message of a worker that dies before it has a task is away for six times this limit.
  timeLimit: 120,
  // Sites may ask to wait. The stage of the run ends it.
  deadline: 86_400,
} as const;

/**
 * Fetches what a company published. It is code: no model is called. A site that asks to wait stalls no worker, since the
 * task is parked; when it comes back it finds the night's pages in the snapshots.
 */
export const scout = defineAgent<NightItem, ScoutOutput, undefined, ScoutServices>({
  ...SCOUT,
  ...FETCHING,
  description: 'Fetches what a company published: its site, feeds and filings',
  input: nightItemSchema,
  output: scoutOutputSchema,
  prepare: (item, io, services) => scoutedBy(services, io, item),
});

/** What a scout answers, or the failure that parks it. @param pages that a search found @default none */
export async function scoutedBy(
  services: ScoutServices,
  { tenant, deadline = Infinity }: Pick<PrepareIo, 'tenant' | 'deadline'>,
  item: NightItem,
  pages: readonly string[] = [],
): Promise<AnsweredByCode<ScoutOutput>> {
  if (isNowhere(item) && pages.length === 0) return { output: { collected: null, documents: 0, failures: [] } };
  const found = await services.fetch(tenant, item, deadline, pages);
  const now = services.now();
  const waitMs = found.kind === 'later' ? Math.max(0, Math.ceil(found.at - now)) : Infinity;
  if (waitMs < MAX_WAIT_MS && now + STRETCH * waitMs + RESERVE_MS < deadline)
    throw new FailureError({ kind: 'throttled', reason: 'A site asks to wait.', retryAfterMs: waitMs });
  const { documents, failures } = found;
  const output = {
    collected: documents.length === 0 ? null : await services.keep(tenant, item, documents),
    documents: documents.length,
    failures: failures.slice(0, MAX_FAILURES).map(({ url, reason, unread }) => ({
      url: startOf(url, 500),
      reason: startOf(reason, 300),
      ...(unread && { unread }),
    })),
  };
  const more = failures.length - MAX_FAILURES;
  return { output, ...(more > 0 && { warnings: [`${more} more failures are left out.`] }) };
}
