import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { read, seconds, type Action } from '../context.ts';
import { nextToken, pageSize, paging, readToken } from '../pages.ts';
import type { ExecutionRow } from '../records.ts';

/** The fields shared by describing and listing. */
function summary(row: ExecutionRow) {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machine,
    name: row.name,
    status: row.status,
    startDate: seconds(row.started),
    ...(row.stopped === null ? {} : { stopDate: seconds(row.stopped) }),
    ...(row.map_run === null ? {} : { mapRunArn: row.map_run }),
    redriveCount: 0,
  };
}

const one = z.strictObject({
  executionArn: z.string(),
  includedData: z.enum(['ALL_DATA', 'METADATA_ONLY']).optional(),
});

export const describeExecution: Action = ({ executions }, request) => {
  const row = executions.get(read(one, request).executionArn);
  return {
    ...summary(row),
    input: row.input,
    inputDetails: { included: true },
    ...(row.output === null ? {} : { output: row.output, outputDetails: { included: true } }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.cause === null ? {} : { cause: row.cause }),
    redriveStatus: 'NOT_REDRIVABLE',
  };
};

const list = z.strictObject({
  stateMachineArn: z.string().optional(),
  mapRunArn: z.string().optional(),
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
  ...paging,
});

/** Lists executions, newest first, as on AWS. */
export const listExecutions: Action = ({ store, machines }, request) => {
  const params = read(list, request);
  if ((params.stateMachineArn === undefined) === (params.mapRunArn === undefined)) {
    throw new ServiceError('ValidationException', 'Specify exactly one of stateMachineArn and mapRunArn.');
  }
  if (params.stateMachineArn !== undefined) machines.get(params.stateMachineArn);
  const of = params.mapRunArn === undefined ? 'map_run IS NULL AND machine = ?' : 'map_run = ?';
  const size = pageSize(params.maxResults);
  const rows = store.all<ExecutionRow>(
    `SELECT * FROM executions WHERE ${of} AND id < ? AND (? IS NULL OR status = ?) ORDER BY id DESC LIMIT ?`,
    params.mapRunArn ?? params.stateMachineArn ?? '',
    readToken(params.nextToken, Number.MAX_SAFE_INTEGER),
    params.statusFilter ?? null,
    params.statusFilter ?? null,
    size,
  );
  const withItems = (row: ExecutionRow) => ({
    ...summary(row),
    ...(row.map_run === null ? {} : { itemCount: row.items }),
  });
  return { executions: rows.map(withItems), ...nextToken(rows, size) };
};

const stop = z.strictObject({
  executionArn: z.string(),
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});

/** Stops an execution and everything below it. An execution that has ended stays unchanged. */
export const stopExecution: Action = async ({ executions, store, clock }, request) => {
  const { executionArn, error, cause } = read(stop, request);
  executions.open(executionArn)?.end({ status: 'ABORTED', error, cause });
  await store.commit();
  return { stopDate: seconds(executions.get(executionArn).stopped ?? clock.now()) };
};
