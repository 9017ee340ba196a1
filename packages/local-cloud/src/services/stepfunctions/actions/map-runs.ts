import { z } from 'zod';
import { read, seconds, type Action, type Context } from '../context.ts';
import { noMapRun } from '../errors.ts';
import type { MapRunSettings } from '../map-run/settings.ts';
import { nextToken, pageSize, paging, readToken } from '../pages.ts';
import type { ExecutionStatus, MapRunRow } from '../records.ts';

const one = z.strictObject({ mapRunArn: z.string() });

export const describeMapRun: Action = (context, request) => {
  const { mapRunArn } = read(one, request);
  const run = context.store.get<MapRunRow>('SELECT * FROM map_runs WHERE arn = ?', mapRunArn);
  if (run === undefined) throw noMapRun(mapRunArn);
  const settings = JSON.parse(run.settings) as MapRunSettings;
  const sums = sumByStatus(context, mapRunArn);
  return {
    mapRunArn,
    executionArn: run.execution,
    status: run.status,
    startDate: seconds(run.started),
    ...(run.stopped === null ? {} : { stopDate: seconds(run.stopped) }),
    maxConcurrency: settings.maxConcurrency,
    toleratedFailureCount: settings.toleratedFailureCount ?? 0,
    toleratedFailurePercentage: settings.toleratedFailurePercentage ?? 0,
    executionCounts: counts(sums, 'children', run.children ?? 0, run.written > 0),
    itemCounts: counts(sums, 'items', run.items ?? 0, run.written > 0),
    redriveCount: 0,
  };
};

interface Sum {
  readonly status: ExecutionStatus;
  readonly children: number;
  readonly items: number;
}

function sumByStatus({ store }: Context, mapRunArn: string): Map<ExecutionStatus, Sum> {
  const sql =
    'SELECT status, count(*) AS children, sum(items) AS items FROM executions WHERE map_run = ? GROUP BY status';
  return new Map(store.all<Sum>(sql, mapRunArn).map((sum) => [sum.status, sum]));
}

function counts(sums: Map<ExecutionStatus, Sum>, of: 'children' | 'items', total: number, areWritten: boolean) {
  const count = (status: ExecutionStatus): number => sums.get(status)?.[of] ?? 0;
  const started = [...sums.values()].reduce((sum, entry) => sum + entry[of], 0);
  return {
    total,
    pending: total - started,
    running: count('RUNNING'),
    succeeded: count('SUCCEEDED'),
    failed: count('FAILED'),
    timedOut: count('TIMED_OUT'),
    aborted: count('ABORTED'),
    resultsWritten: areWritten ? started : 0,
    failuresNotRedrivable: count('FAILED') + count('TIMED_OUT') + count('ABORTED'),
    pendingRedrive: 0,
  };
}

const list = z.strictObject({ executionArn: z.string(), ...paging });

export const listMapRuns: Action = ({ store, executions }, request) => {
  const params = read(list, request);
  executions.get(params.executionArn);
  const size = pageSize(params.maxResults);
  const rows = store.all<MapRunRow & { readonly id: number }>(
    `SELECT *, row_number() OVER (ORDER BY started DESC, arn) AS id FROM map_runs
     WHERE execution = ? ORDER BY id LIMIT ? OFFSET ?`,
    params.executionArn,
    size,
    readToken(params.nextToken, 0),
  );
  const mapRuns = rows.map((run) => ({
    mapRunArn: run.arn,
    executionArn: run.execution,
    stateMachineArn: run.machine,
    startDate: seconds(run.started),
    ...(run.stopped === null ? {} : { stopDate: seconds(run.stopped) }),
  }));
  return { mapRuns, ...nextToken(rows, size) };
};
