import type { WatchCalls } from '@agent-fleet/local-cloud';
import { z } from 'zod';
import type { CallLine, HoldLine, RecordedCondition, RecordedLease, RecordLease, ReturnLine } from './lines.ts';

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const number = z.object({ N: z.coerce.number() }).transform(({ N }) => N);
const values = z.record(z.string(), number);

const keySchema = z.looseObject({ pk: text, sk: text });
const inputSchema = z.looseObject({
  Key: keySchema.optional(),
  Item: keySchema.optional(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeValues: values.optional().catch(undefined),
});
const leaseSchema = z
  .looseObject({ epoch: number, beat: number, writeId: text })
  .transform(({ epoch, beat, writeId: id }): RecordedLease => ({ epoch, beat, id }));
const answerSchema = z.looseObject({ Item: leaseSchema.optional() });
const heldSchema = z.looseObject({ epoch: number, until: number });
const failureSchema = z.looseObject({ __type: z.string() }).transform(({ __type: type }) => type);

/** Milliseconds of a stopwatch that all processes of this machine share. */
const stopwatch = (): number => Number(process.hrtime.bigint()) / 1e6;

const DYNAMODB = 'DynamoDB_20120810.';

/**
 * Records what the functions of a region ask of lease items in any region's table of homes, and what its keeper says that it
 * holds, at the wire: so it is told neither by the keeper nor by the tables.
 * @param nameOf the fleet's name of a region of AWS
 */
export function recordCalls(record: RecordLease, here: string, nameOf: (region: string) => string): WatchCalls {
  let calls = 0;
  return ({ target, region, body }) => {
    if (!target.startsWith(DYNAMODB) || !/"(?:HOME|HELD)#/.test(body)) return undefined;
    const input = inputSchema.safeParse(JSON.parse(body));
    const key = input.data?.Key ?? input.data?.Item;
    if (input.data === undefined || key === undefined) return undefined;
    const [kind, home = ''] = key.pk.split('#');
    const at = stopwatch();
    if (kind === 'HELD') return ({ status }) => noteHold(status, record, { at, region: here, home }, input.data.Item);
    if (kind !== 'HOME') return undefined;
    calls += 1;
    const call = `${here}-${process.pid}-${calls}`;
    const operation = target.slice(DYNAMODB.length);
    const request = requestOf(operation, input.data);
    record({ type: 'call', at, call, caller: here, table: nameOf(region), home, request });
    return (answer) => {
      const returned = returnOf(request, answer);
      if (returned !== undefined) record({ type: 'return', at: stopwatch(), call, ...returned });
    };
  };
}

/** A keeper writes until when its region holds a home; 0 if another one does. Its condition rejects what is old. */
function noteHold(
  status: number,
  record: RecordLease,
  of: Pick<HoldLine, 'at' | 'region' | 'home'>,
  item: unknown,
): void {
  const held = heldSchema.safeParse(item);
  if (status !== 200 || held.data === undefined || held.data.until === 0) return;
  const { epoch, until } = held.data;
  record({ type: 'hold', ...of, epoch, until: stopwatch() + until - Date.now() });
}

function requestOf(operation: string, input: z.output<typeof inputSchema>): CallLine['request'] {
  if (operation === 'GetItem') return { kind: 'read' };
  const item = leaseSchema.safeParse(input.Item);
  const condition = conditionOf(input);
  if (operation !== 'PutItem' || item.data === undefined || condition === undefined) return { kind: operation };
  return { kind: 'write', item: item.data, if: condition };
}

function conditionOf({
  ConditionExpression: expression,
  ExpressionAttributeValues: given = {},
}: z.output<typeof inputSchema>): RecordedCondition | undefined {
  const value = (name: string): number => given[name] ?? Number.NaN;
  switch (expression) {
    case 'attribute_not_exists(pk)':
      return { is: 'absent' };
    case 'epoch = :epoch AND beat < :beat':
      return { is: 'earlier', epoch: value(':epoch'), beat: value(':beat') };
    case 'epoch = :seenEpoch AND beat = :seenBeat':
      return { is: 'same', epoch: value(':seenEpoch'), beat: value(':seenBeat') };
    case undefined:
    default:
      return undefined;
  }
}

/** What an answer says. Undefined for a failure, of which nobody knows whether it came before the effect. */
function returnOf(
  request: CallLine['request'],
  { status, body }: { readonly status: number; readonly body: string },
): Pick<ReturnLine, 'granted' | 'stored'> | undefined {
  if (status !== 200) {
    const { data: failure = '' } = failureSchema.safeParse(JSON.parse(body));
    return failure.endsWith('#ConditionalCheckFailedException') ? { granted: false } : undefined;
  }
  if ('item' in request) return { granted: true, stored: request.item };
  return { stored: answerSchema.parse(JSON.parse(body)).Item ?? null };
}
