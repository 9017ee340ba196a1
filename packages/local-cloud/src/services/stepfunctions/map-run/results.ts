import type { ResultWriter } from '../../../asl/definition.ts';
import { isArray, type Json } from '../../../asl/json.ts';
import type { ExecutionRow } from '../records.ts';
import type { Store } from '../store.ts';

/** The form of written results: with metadata, only the outputs, or outputs with arrays flattened. */
export type Transformation = ResultWriter['transformation'];

/** Yields the rows of a map run's ended children in order, page by page, so that memory use is constant. */
export function* endedChildren(store: Store, mapRunArn: string, statuses: readonly string[]): Generator<ExecutionRow> {
  const marks = statuses.map(() => '?').join(', ');
  const sql = `SELECT * FROM executions WHERE map_run = ? AND id > ? AND status IN (${marks}) ORDER BY id LIMIT 200`;
  for (let last = 0; ;) {
    const page = store.all<ExecutionRow>(sql, mapRunArn, last, ...statuses);
    yield* page;
    const end = page.at(-1);
    if (end === undefined) return;
    last = end.id;
  }
}

/** Returns one child's results. A failed child is always included with its metadata, for every transformation. */
export function resultsOf(row: ExecutionRow, transformation: Transformation): readonly Json[] {
  if (transformation === 'NONE' || row.output === null) return [describe(row)];
  const output = JSON.parse(row.output) as Json;
  return transformation === 'FLATTEN' && isArray(output) ? output : [output];
}

/** Describes a child with its metadata, in the format of AWS's result files. */
export function describe(row: ExecutionRow): Json {
  const succeeded = row.status === 'SUCCEEDED';
  return {
    ...(row.cause === null ? {} : { Cause: row.cause }),
    ...(row.error === null ? {} : { Error: row.error }),
    ExecutionArn: row.arn,
    Input: row.input,
    InputDetails: { Included: true },
    Name: row.name,
    ...(row.output === null ? {} : { Output: row.output }),
    OutputDetails: { Included: true },
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    RedriveStatusReason: succeeded ? 'Execution is SUCCEEDED and cannot be redriven' : 'Redrive is not supported here',
    StartDate: new Date(row.started).toISOString(),
    StateMachineArn: row.machine,
    Status: row.status,
    ...(row.stopped === null ? {} : { StopDate: new Date(row.stopped).toISOString() }),
  };
}
