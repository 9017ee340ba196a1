import type { z } from 'zod';
import type { Rejected, RejectedQuery } from '#adapters/s3/rejected-records.ts';
import type { Caller } from '#core/api/http/caller.ts';
import { ApiProblem } from '#core/api/http/problem.ts';
import type { rejectedQuerySchema, setAsideOperations } from './operations.ts';
import { reasonsOf, rejectedView } from './view.ts';

export interface RejectedPorts {
  readonly read: (query: Pick<RejectedQuery, 'since' | 'now' | 'maxRecords'>) => Promise<Rejected>;
  readonly clock: { now(): number };
  /** The tenant that the market monitor works for. Others have no records (I8). */
  readonly tenant: string;
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 30;

/** Throws `ApiProblem` if `since` is too long ago. */
export async function listRejected(
  { read, clock, tenant }: RejectedPorts,
  caller: Caller,
  query: z.output<typeof rejectedQuerySchema>,
): Promise<z.input<typeof setAsideOperations.listRejected.answer.schema>> {
  const now = clock.now();
  const since = query.since === undefined ? now - DAY_MS : Date.parse(query.since);
  if (since < now - MAX_DAYS * DAY_MS) {
    const message = `must be at most ${MAX_DAYS} days ago`;
    const remedy = 'Give a later time. The bucket keeps older records.';
    throw new ApiProblem('invalid-request', `since: ${message}.`, [{ field: 'since', message, remedy }]);
  }
  const { records, isComplete } =
    caller.tenant === tenant ? await read({ since, now, maxRecords: query.limit }) : { records: [], isComplete: true };
  const views = records.map((each) => rejectedView(each, query.details === 'true'));
  return { records: views, reasons: reasonsOf(views), isComplete };
}
