import type { State } from './definition.ts';
import { ERRORS, StateError } from './errors.ts';
import type { Frame } from './frame.ts';
import type { Json } from './json.ts';
import { serialize } from './limits.ts';
import { runState, type StateExit } from './run-state.ts';

/**
 * Runs a frame from its current state to the end of its flow and returns its output. A frame that a crash interrupted
 * continues in the middle of its state. A frame that had ended returns immediately.
 */
export async function runFlow(frame: Frame): Promise<Json> {
  const { state: frameState } = frame;
  let text: string | undefined;
  while (frameState.done === undefined) {
    const state = frame.flow.states.get(frameState.state);
    if (state === undefined) throw new StateError(ERRORS.runtime, `the state '${frameState.state}' does not exist`);
    if (frameState.enteredEvent === 0) enter(state, frame, text ?? serialize(frameState.input, state.name));
    text = leaveState(state, frame, await runState(state, frame, runFlow));
  }
  return frameState.done.output;
}

function enter(state: State, frame: Frame, input: string): void {
  const { state: frameState } = frame;
  frameState.enteredAt = frame.execution.host.clock.now();
  frameState.enteredEvent = frame.record(`${state.type}StateEntered`, { name: state.name, input });
  frame.save();
}

/** Leaves the state and returns its output as text. The same commit deletes what the state no longer needs. */
function leaveState(state: State, frame: Frame, exit: StateExit): string {
  const { state: frameState } = frame;
  const output = serialize(exit.output, state.name);
  if (state.type !== 'Fail') recordExit(state.type, frame, output, exit.assigned);
  if (state.type === 'Map' || state.type === 'Parallel') frame.execution.forget(frame.path);
  if (Object.keys(exit.assigned).length > 0) frame.assign(exit.assigned);
  if (exit.next === undefined) {
    frameState.done = { output: exit.output };
  } else {
    frameState.state = exit.next;
    frameState.input = exit.output;
    frameState.enteredEvent = 0;
  }
  frameState.attempts = [];
  frameState.retryCount = 0;
  frameState.progress = undefined;
  frame.save();
  return output;
}

function recordExit(
  type: Exclude<State['type'], 'Fail'>,
  frame: Frame,
  output: string,
  assigned: StateExit['assigned'],
): void {
  const names = Object.keys(assigned);
  const assignedVariables = Object.fromEntries(names.map((name) => [name, JSON.stringify(assigned[name])]));
  const variables = names.length === 0 ? {} : { assignedVariables };
  frame.record(`${type}StateExited`, { name: frame.state.state, output, ...variables });
}
