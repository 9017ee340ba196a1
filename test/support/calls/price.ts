import type { Call } from './call-log.ts';
import { writeUnits } from './items.ts';

/**
 * List prices in us-east-1, in US dollars per million: https://aws.amazon.com/dynamodb/pricing/on-demand/,
 * https://aws.amazon.com/sqs/pricing/ and https://aws.amazon.com/s3/pricing/ (November 2026).
 */
const PRICES = { writeUnit: 0.625, readUnit: 0.125, sqsRequest: 0.4, s3Put: 5 };

/** What a wait for a call takes on AWS, in milliseconds. An assumption: DynamoDB answers in a few milliseconds. */
const CALL_MS = 5;

const isRead = ({ operation }: Call): boolean => /^(Get|Query|BatchGet)/.test(operation);

/** What a task's calls come to. */
interface Sum {
  readonly calls: number;
  /** The most rounds of a worker's turn that contain a write: writes that are waited for, one after the other. */
  readonly writesWaitedFor: number;
  /** Milliseconds that its workers wait for calls. */
  readonly waitMs: number;
  readonly writeUnits: number;
  /** US dollars for a million such tasks, with one receive for each message. */
  readonly usdPerMillion: number;
}

export function sumOf(calls: readonly Call[]): Sum {
  const turns = Map.groupBy(
    calls.filter(({ by }) => by.startsWith('turn')),
    ({ by }) => by,
  );
  const roundsOf = (made: readonly Call[]): number => new Set(made.map(({ round }) => round)).size;
  const writes = [...turns.values()].map((made) => roundsOf(made.filter((call) => !isRead(call))));
  const waits = [...turns.values()].reduce((sum, made) => sum + roundsOf(made), 0);
  const units = calls.reduce((sum, call) => sum + unitsOf(call), 0);
  const reads = calls.filter((call) => call.service === 'DynamoDB' && isRead(call)).length;
  const requests = calls.filter(({ service }) => service === 'SQS').length + turns.size;
  const puts = calls.filter(({ service }) => service === 'S3').length;
  const { writeUnit, readUnit, sqsRequest, s3Put } = PRICES;
  const usd = units * writeUnit + reads * readUnit + requests * sqsRequest + puts * s3Put;
  return {
    calls: calls.length,
    writesWaitedFor: Math.max(...writes),
    waitMs: waits * CALL_MS,
    writeUnits: units,
    usdPerMillion: Math.round(usd * 10) / 10,
  };
}

const unitsOf = (call: Call): number =>
  call.service === 'DynamoDB' && !isRead(call) ? writeUnits(call.operation, call.input as object) : 0;
