import type { Catcher, Exit, State } from './definition.ts';
import { EvaluationError, matches, StateError } from './errors.ts';
import type { Bindings } from './evaluate.ts';
import type { Frame, States } from './frame.ts';
import type { Json } from './json.ts';
import { serialize } from './limits.ts';
import { nextRetry } from './retry.ts';
import { runChoice } from './states/choice.ts';
import { runFail } from './states/fail.ts';
import { runMap, type RunFlow } from './states/map.ts';
import { runParallel } from './states/parallel.ts';
import { runTask } from './states/task.ts';
import { runWait } from './states/wait.ts';
import { waitUntil } from './wait-until.ts';

/** How a state ended: the next state, the output and the assigned variables. */
export interface StateExit {
  readonly next: string | undefined;
  readonly output: Json;
  readonly assigned: Readonly<Record<string, Json>>;
}

/** Runs the frame's current state until it ends, with its Retry and Catch. Fails with `StateError` when neither matches. */
export async function runState(state: State, frame: Frame, runFlow: RunFlow): Promise<StateExit> {
  for (;;) {
    try {
      if (frame.state.progress?.kind === 'retry') await endPause(frame, frame.state.progress.until);
      return await attempt(state, frame, runFlow);
    } catch (error) {
      const failure = error instanceof EvaluationError ? evaluationFailed(error, state, frame) : error;
      if (!(failure instanceof StateError) || !('retry' in state)) throw failure;
      const { host } = frame.execution;
      const delay = nextRetry(state.retry, failure, frame.state.attempts, () => host.random());
      if (delay === undefined) return caught(state.catch, failure, frame);
      if (state.type !== 'Task') frame.execution.forget(frame.path);
      frame.state.progress = { kind: 'retry', until: host.clock.now() + delay };
      frame.save();
    }
  }
}

/** Records which expression failed in the history, and adds the state to the error. */
function evaluationFailed(error: EvaluationError, state: State, frame: Frame): StateError {
  const failure = error.in(state.name, frame.state.enteredEvent);
  const { location } = error;
  if (location === undefined || frame.cancellation.cancelled) return failure;
  frame.record('EvaluationFailed', { error: failure.error, cause: failure.cause, location, state: state.name });
  // When the items of a Map cannot be evaluated, AWS reports that the Map failed, although it never started.
  if (state.type === 'Map' && location === 'Items') frame.record('MapStateFailed');
  return failure;
}

async function endPause(frame: Frame, until: number): Promise<void> {
  await waitUntil(until, frame);
  frame.state.retryCount += 1;
  frame.state.progress = undefined;
}

async function attempt(state: State, frame: Frame, runFlow: RunFlow): Promise<StateExit> {
  const { input } = frame.state;
  switch (state.type) {
    case 'Task':
      return leaveWith(state, frame, { input, result: await runTask(state, frame) });
    case 'Map':
      return leaveWith(state, frame, { input, result: await runMap(state, frame, runFlow) });
    case 'Parallel':
      return leaveWith(state, frame, { input, result: await runParallel(state, frame, runFlow) });
    case 'Choice':
      return leave(await runChoice(state, frame), frame, { input }, input);
    case 'Wait':
      await runWait(state, frame);
      return leave(state, frame, { input }, input);
    case 'Pass':
    case 'Succeed':
      return leave(state, frame, { input }, input);
    case 'Fail':
      return runFail(state, frame);
  }
}

async function leaveWith(
  exit: Exit,
  frame: Frame,
  states: Required<Pick<States, 'input' | 'result'>>,
): Promise<StateExit> {
  return leave(exit, frame, states, states.result);
}

/** Evaluates Output and Assign, both with the previous values of the variables. Without Output, the output is `value`. */
async function leave(exit: Exit, frame: Frame, states: States, value: Json): Promise<StateExit> {
  if (exit.output === undefined && exit.assign.length === 0) return { next: exit.next, output: value, assigned: {} };
  const bindings = frame.bindings(states);
  const output = exit.output === undefined ? value : await exit.output.evaluate(bindings);
  return { next: exit.next, output, assigned: await assignments(exit, bindings, frame) };
}

async function assignments(exit: Exit, bindings: Bindings, frame: Frame): Promise<Record<string, Json>> {
  const values: Record<string, Json> = {};
  for (const { name, value } of exit.assign) values[name] = await value.evaluate(bindings);
  if (exit.assign.length > 0) serialize(values, frame.state.state);
  return values;
}

async function caught(catchers: readonly Catcher[], failure: StateError, frame: Frame): Promise<StateExit> {
  const catcher = catchers.find((catcher) => matches(catcher.errorEquals, failure));
  if (catcher === undefined) throw failure;
  const errorOutput = { Error: failure.error, ...(failure.cause === undefined ? {} : { Cause: failure.cause }) };
  return leave(catcher, frame, { input: frame.state.input, errorOutput }, errorOutput);
}
