import { addUsage, NO_USAGE } from '../../models/price.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UsageRow, UsageStore } from '../../ports/usage-store.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import type { UsageAnswer, UsageQueryMessage } from './messages.ts';
import { ApiProblem } from '../http/problem.ts';

/** Longest period of one response: a quarter. */
const MAX_DAYS = 92;
const DAY_MS = 86_400_000;

/** Returns the tenant's usage by agent and day. Throws `ApiProblem` if the period is invalid. */
export async function getUsage(
  { usage, clock }: { readonly usage: UsageStore; readonly clock: Clock },
  caller: Caller,
  query: UsageQueryMessage,
): Promise<UsageAnswer> {
  if (query.agent !== undefined) requireAgent(caller, query.agent);
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const { from = query.to ?? today, to = today, agent } = query;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days < 0 || days > MAX_DAYS) throw invalidPeriod();
  const all = await usage.query({ tenant: caller.tenant, agent, from, to });
  const rows = all.filter((row) => caller.agents === null || caller.agents.includes(row.agent)).map(rowOf);
  return { tenant: caller.tenant, rows, sum: rows.reduce(add, NOTHING) };
}

type Used = UsageAnswer['sum'];

const NOTHING: Used = {
  calls: 0,
  usage: NO_USAGE,
  usd: 0,
  savedUsd: 0,
  lostUsd: 0,
  ended: { succeeded: 0, failed: 0, cancelled: 0, escalated: 0 },
};

function rowOf({
  day,
  agent,
  calls,
  usage,
  usd,
  savedUsd,
  lostUsd,
  ended,
  models,
}: UsageRow): UsageAnswer['rows'][number] {
  return { day, agent, calls, usage, usd, savedUsd, lostUsd, ended, models: { ...models } };
}

function add(sum: Used, row: Used): Used {
  const { succeeded, failed, cancelled, escalated } = row.ended;
  return {
    calls: sum.calls + row.calls,
    usage: addUsage(sum.usage, row.usage),
    usd: sum.usd + row.usd,
    savedUsd: sum.savedUsd + row.savedUsd,
    lostUsd: sum.lostUsd + row.lostUsd,
    ended: {
      succeeded: sum.ended.succeeded + succeeded,
      failed: sum.ended.failed + failed,
      cancelled: sum.ended.cancelled + cancelled,
      escalated: sum.ended.escalated + escalated,
    },
  };
}

const invalidPeriod = (): ApiProblem =>
  new ApiProblem(
    'invalid-request',
    `\`from\` must not be after \`to\`, and the period must be at most ${MAX_DAYS} days.`,
    [
      {
        field: 'from',
        message: `must not be after \`to\`, and at most ${MAX_DAYS} days before it`,
        remedy: 'Request a shorter period.',
      },
    ],
  );
