import type { State } from './definition.ts';
import { ERRORS, StateError } from './errors.ts';
import type { Frame } from './frame.ts';
import type { Json } from './json.ts';
import { serialize } from './limits.ts';
import { visit, type Left } from './visit.ts';

/**
 * Runs a frame from its current state to the end of its flow, and answers with its output. A frame that a crash
 * interrupted goes on in the middle of its state; one that had ended answers at once.
 */
export async function runFlow(frame: Frame): Promise<Json> {
  const { state: line } = frame;
  let text: string | undefined;
  while (line.done === undefined) {
    const state = frame.flow.states.get(line.state);
    if (state === undefined) throw new StateError(ERRORS.runtime, `there is no state '${line.state}'`);
    if (line.enteredEvent === 0) enter(state, frame, text ?? serialize(line.input, state.name));
    text = go(state, frame, await visit(state, frame, runFlow));
  }
  return line.done.output;
}

function enter(state: State, frame: Frame, input: string): void {
  const { state: line } = frame;
  line.enteredAt = frame.execution.host.clock.now();
  line.enteredEvent = frame.record(`${state.type}StateEntered`, { name: state.name, input });
  frame.save();
}

/** Leaves the state, and answers with its output as text. What it leaves behind is dropped in the same commit. */
function go(state: State, frame: Frame, left: Left): string {
  const { state: line } = frame;
  const output = serialize(left.output, state.name);
  if (state.type !== 'Fail') recordExit(state.type, frame, output, left.assigned);
  if (state.type === 'Map' || state.type === 'Parallel') frame.execution.forget(frame.path);
  if (Object.keys(left.assigned).length > 0) frame.assign(left.assigned);
  if (left.next === undefined) {
    line.done = { output: left.output };
  } else {
    line.state = left.next;
    line.input = left.output;
    line.enteredEvent = 0;
  }
  line.attempts = [];
  line.retryCount = 0;
  line.progress = undefined;
  frame.save();
  return output;
}

function recordExit(
  type: Exclude<State['type'], 'Fail'>,
  frame: Frame,
  output: string,
  assigned: Left['assigned'],
): void {
  const names = Object.keys(assigned);
  const assignedVariables = Object.fromEntries(names.map((name) => [name, JSON.stringify(assigned[name])]));
  const variables = names.length === 0 ? {} : { assignedVariables };
  frame.record(`${type}StateExited`, { name: frame.state.state, output, ...variables });
}
