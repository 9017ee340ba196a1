import type { z } from 'zod';
import type { Request } from '#cli/api/client.ts';
import { UserError } from '#cli/user-error.ts';
import type { Operation } from '#core/api/http/operation.ts';
import type { RunView } from '#core/api/runs/messages.ts';

const NONE = { queued: 0, running: 0, parked: 0, succeeded: 0, failed: 0, cancelled: 0, escalated: 0 };

export const runView = (id: string, change: Partial<RunView> = {}): RunView => ({
  id,
  createdAt: '2026-11-29T03:00:00.000Z',
  size: 1,
  refused: 0,
  status: 'running',
  tasks: NONE,
  agents: [],
  spent: { tokens: 0, usd: 0 },
  links: { self: `/runs/${id}`, tasks: `/tasks?runId=${id}`, cancel: `/runs/${id}/cancel` },
  ...change,
});

export const agentView = (agent: string, tasks: Partial<typeof NONE>, usd = 0) => ({
  agent,
  tasks: { ...NONE, ...tasks },
  spent: { tokens: 0, usd },
});

/** The API's runs, newest first, and what was asked of it. */
export function fakeApi(runs: RunView[] = []) {
  const asked: { readonly route: string; readonly request: Request }[] = [];
  const keys = new Map<string, { readonly id: string; readonly body: string }>();
  const find = (id = ''): RunView => runs.find((run) => run.id === id) ?? runView('missing');
  const submit = ({ idempotencyKey = '', body }: Request): unknown => {
    const { name, budgetUsd } = body as { name: string; budgetUsd?: number };
    const known = keys.get(idempotencyKey);
    if (known !== undefined && known.body !== JSON.stringify(body))
      throw new UserError('This idempotency key was already used with a different body.', 'Use a new key.');
    const id = known?.id ?? `run-${runs.length + 1}`;
    if (known === undefined) runs.unshift(runView(id, { name, ...(budgetUsd !== undefined && { budgetUsd }) }));
    keys.set(idempotencyKey, { id, body: JSON.stringify(body) });
    return { id, links: find(id).links, items: [] };
  };
  const answers: Readonly<Record<string, (request: Request) => unknown>> = {
    'GET /runs': () => ({ runs }),
    'GET /runs/{id}': ({ params }) => find(params?.['id']),
    'POST /runs': submit,
    'POST /runs/{id}/cancel': ({ params }) => {
      const run = find(params?.['id']);
      const cancelled: RunView = { ...run, cancelled: true, status: 'ended' };
      runs.splice(runs.indexOf(run), 1, cancelled);
      return cancelled;
    },
  };
  const call = async <Schema extends z.ZodType>(operation: Operation, schema: Schema, request: Request = {}) => {
    request.signal?.throwIfAborted();
    const route = `${operation.method} ${operation.path}`;
    asked.push({ route, request });
    return schema.parse(answers[route]?.(request));
  };
  return {
    api: { call },
    asked,
    runs,
    /** The bodies of the runs that were submitted. */
    submitted: () => asked.filter(({ route }) => route === 'POST /runs').map(({ request }) => request.body),
    /** Replaces the state of a run. */
    set: (id: string, change: Partial<RunView>) => {
      const run = find(id);
      runs.splice(runs.indexOf(run), 1, { ...run, ...change });
    },
  };
}
