import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import { homeOfSubmission, idAt, type Homes } from '../../regions/home.ts';
import type { Run } from '../../runs/run.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';
import type { RunSubmission, RunView } from './messages.ts';

export const linksOf = ({ id }: Pick<Run, 'id'>): RunView['links'] => {
  const self = `/runs/${encodeURIComponent(id)}`;
  return { self, tasks: `/tasks?runId=${encodeURIComponent(id)}`, cancel: `${self}/cancel` };
};

export interface NewRunPorts {
  readonly ids: Ids;
  readonly clock: Clock;
  /** The regions of a global fleet. @default the fleet has one */
  readonly homes?: Homes | undefined;
}

/** The run of a submission. An idempotency key of a tenant is always the same run (I10), with the home that the key says. */
export function newRun(
  { ids, clock, homes }: NewRunPorts,
  { tenant }: Caller,
  submission: RunSubmission,
  key: string | undefined,
  size: number,
): Run {
  const unique = key === undefined ? ids.uuid() : ids.digest(JSON.stringify([tenant, 'run', key]));
  const { name } = submission;
  const id = `run-${unique.replaceAll('-', '').slice(0, 32)}`;
  return {
    id: homes ? idAt(homeOfSubmission(homes, { idempotencyKey: key }), id, homes.names) : id,
    tenant,
    ...(name === undefined ? {} : { name }),
    createdAt: clock.now(),
    size,
    digest: ids.digest(JSON.stringify(submission)),
  };
}

const OF_PIPELINES = ['items', 'key', 'group', 'budgetUsd', 'deadline', 'due'] as const;

/** Throws `ApiProblem` unless the submission is one of tasks only. */
export function requireTasks({ tasks, ...rest }: RunSubmission): { readonly tasks: readonly unknown[] } {
  const field = OF_PIPELINES.find((name) => rest[name] !== undefined);
  if (field !== undefined)
    throw wrong(field, 'is for pipelines', 'Name the pipeline in `workflow`, or remove the field.');
  if (tasks === undefined) throw wrong('tasks', 'is required', 'Send `tasks`, or a `workflow` with its `items`.');
  return { tasks };
}

export const wrong = (field: string, message: string, remedy: string): ApiProblem =>
  new ApiProblem('invalid-request', `${field}: ${message}.`, [{ field, message, remedy }]);
