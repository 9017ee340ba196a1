import type { WaitState } from '../definition.ts';
import { ERRORS, EvaluationError } from '../errors.ts';
import { evaluateAs } from '../evaluate.ts';
import type { Frame } from '../frame.ts';
import type { Json } from '../json.ts';
import { isNumber } from '../numbers.ts';
import { waitUntil } from '../wait-until.ts';

/** Waits for Seconds or until Timestamp. The instant is stored, so that a restart waits only for the remaining time. */
export async function runWait(state: WaitState, frame: Frame): Promise<void> {
  const { state: frameState } = frame;
  if (frameState.progress?.kind !== 'wait') {
    frameState.progress = { kind: 'wait', until: await end(state, frame) };
    frame.save();
  }
  await waitUntil(frameState.progress.until, frame);
}

async function end(state: WaitState, frame: Frame): Promise<number> {
  const bindings = frame.bindings({ input: frame.state.input });
  if (state.seconds !== undefined) {
    const seconds = await evaluateAs(state.seconds, 'number', isNumber, bindings);
    return frame.execution.host.clock.now() + seconds * 1000;
  }
  if (state.timestamp === undefined) return 0;
  const timestamp = await evaluateAs(state.timestamp, 'string', isString, bindings);
  if (ISO_INSTANT.test(timestamp) && !Number.isNaN(Date.parse(timestamp))) return Date.parse(timestamp);
  throw new EvaluationError(
    `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${timestamp}`,
    ERRORS.queryEvaluationError,
  );
}

const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function isString(value: Json): value is string {
  return typeof value === 'string';
}
