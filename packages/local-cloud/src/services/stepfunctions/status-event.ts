import type { EmittedEvent } from '../events/event-rules.ts';
import type { Outcome } from './open-execution.ts';
import type { ExecutionRow } from './records.ts';

/** Larger inputs and outputs are left out of an event. */
const MAX_BYTES = 248 * 1024;

/**
 * The event that Step Functions emits when an execution has ended.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function statusEvent(row: ExecutionRow, outcome: Outcome, at: number): EmittedEvent {
  const { status, output, error, cause } = outcome;
  return {
    source: 'aws.states',
    type: 'Step Functions Execution Status Change',
    resources: [row.arn],
    at,
    detail: {
      executionArn: row.arn,
      stateMachineArn: row.machine,
      name: row.name,
      status,
      startDate: row.started,
      stopDate: at,
      input: fitting(row.input),
      inputDetails: { included: fitting(row.input) !== null },
      output: fitting(output),
      outputDetails: output === undefined ? null : { included: fitting(output) !== null },
      error: error ?? null,
      cause: cause ?? null,
    },
  };
}

const fitting = (text: string | undefined): string | null =>
  text === undefined || Buffer.byteLength(text) > MAX_BYTES ? null : text;
