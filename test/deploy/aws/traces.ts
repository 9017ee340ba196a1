import { traceViewSchema, type TraceView } from '#core/api/traces/messages.ts';
import type { TaskView } from '#client/types.ts';
import type { ApiAccess } from '../api-access.ts';
import type { Findings } from '../findings.ts';
import { until } from '../until.ts';

/** What the one trace of a task has at least: the request, the wait in the queue, and a turn of a worker. */
const SPANS = ['POST /tasks', 'queued', 'invoke_agent'] as const;
/** X-Ray shows spans within a minute or so. */
const PATIENCE_SECONDS = 180;

interface Options {
  readonly access: ApiAccess;
  readonly tasks: readonly TaskView[];
  readonly findings: Findings;
  readonly signal: AbortSignal;
}

/**
 * The API finds the one trace of a task in X-Ray, with its spans: from the request by the queue to the worker. The check
 * deploys with `traceSampling: 1`, so every trace is kept.
 */
export async function checkTraces({ access, tasks, findings, signal }: Options): Promise<void> {
  const task = tasks.find(({ traceId, worker }) => traceId !== undefined && worker !== undefined);
  if (task === undefined) {
    findings.expect('trace of a task', false, 'no task that a worker has taken names its trace');
    return;
  }
  let seen: readonly string[] = [];
  const failure = await until('the spans of the trace', PATIENCE_SECONDS, signal, async () => {
    seen = namesOf(await readTrace(access, task.id, signal));
    return missingFrom(seen).length === 0 ? null : undefined;
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return error as Error;
  });
  const missing = failure && `. ${failure.message} Missing: ${missingFrom(seen).join(', ')}`;
  findings.expect(
    'trace of a task',
    failure === null,
    `${task.traceId}: ${seen.join(', ') || 'no spans'}${missing ?? ''}`,
  );
}

/** Which spans a trace lacks, by the beginnings of their names. */
export const missingFrom = (names: readonly string[]): readonly string[] =>
  SPANS.filter((name) => !names.some((each) => each.startsWith(name)));

const namesOf = ({ spans }: TraceView): readonly string[] => spans.map(({ name }) => name);

async function readTrace({ url, key, headers }: ApiAccess, id: string, signal: AbortSignal): Promise<TraceView> {
  const answer = await fetch(`${url.replace(/\/+$/, '')}/tasks/${encodeURIComponent(id)}/trace`, {
    headers: { authorization: `Bearer ${key}`, ...headers },
    signal,
  });
  if (!answer.ok) throw new Error(`GET /tasks/${id}/trace: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  return traceViewSchema.parse(await answer.json());
}
