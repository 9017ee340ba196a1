import { z } from 'zod';
import { read, seconds, type Action } from '../context.ts';
import { nextToken, pageSize, paging, readToken } from '../pages.ts';
import type { EventRow } from '../records.ts';

const input = z.strictObject({
  executionArn: z.string(),
  reverseOrder: z.boolean().default(false),
  includeExecutionData: z.boolean().default(true),
  ...paging,
});

export const getExecutionHistory: Action = ({ executions, store }, request) => {
  const params = read(input, request);
  const { id } = executions.get(params.executionArn);
  const size = pageSize(params.maxResults);
  const reverse = params.reverseOrder;
  const sql = reverse
    ? 'SELECT * FROM events WHERE execution = ? AND id < ? ORDER BY id DESC LIMIT ?'
    : 'SELECT * FROM events WHERE execution = ? AND id > ? ORDER BY id LIMIT ?';
  const from = readToken(params.nextToken, reverse ? Number.MAX_SAFE_INTEGER : 0);
  const rows = store.all<EventRow>(sql, id, from, size);
  return { events: rows.map((row) => event(row, params.includeExecutionData)), ...nextToken(rows, size) };
};

/** Fields that contain a payload. Each has a `…Details` field that says whether it is truncated. */
const PAYLOADS = ['input', 'output'] as const;

function event(row: EventRow, withData: boolean) {
  const details = JSON.parse(row.details) as Record<string, unknown>;
  for (const field of PAYLOADS) {
    if (!(field in details)) continue;
    if (withData) details[`${field}Details`] = { truncated: false };
    else delete details[field];
  }
  if ('assignedVariables' in details) details['assignedVariablesDetails'] = { truncated: false };
  return {
    id: row.id,
    previousEventId: row.previous,
    timestamp: seconds(row.at),
    type: row.type,
    ...(Object.keys(details).length === 0 ? {} : { [detailsField(row.type)]: details }),
  };
}

/** `TaskStateEntered` has `stateEnteredEventDetails`, `TaskScheduled` has `taskScheduledEventDetails`. */
function detailsField(type: string): string {
  const name = type.replace(/^\w+State(Entered|Exited)$/, 'State$1');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}EventDetails`;
}
