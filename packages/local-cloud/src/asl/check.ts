import type { Assign, Flow, State } from './definition.ts';
import { InvalidDefinition } from './errors.ts';

/** Checks that every transition has a target and every state is reachable, as AWS does. */
export function checkFlow(flow: Flow, at: string): void {
  const reached = new Set<string>();
  const open = [{ name: flow.startAt, from: 'StartAt' }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { name, from } = step;
    if (reached.has(name)) continue;
    const state = flow.states.get(name);
    if (state === undefined) {
      throw new InvalidDefinition(`MISSING_TRANSITION_TARGET: Missing 'Next' target: ${name} at ${at}/${from}`);
    }
    reached.add(name);
    for (const target of targets(state)) open.push({ name: target, from: `States/${name}` });
  }
  for (const name of flow.states.keys()) {
    if (reached.has(name)) continue;
    throw new InvalidDefinition(`MISSING_TRANSITION_TARGET: State "${name}" is not reachable at ${at}/States/${name}`);
  }
}

/** The possible next states of a state. */
function targets(state: State): string[] {
  const exits = [state, ...('catch' in state ? state.catch : []), ...(state.type === 'Choice' ? state.choices : [])];
  return exits.map((exit) => exit.next).filter((next) => next !== undefined);
}

/**
 * Checks the scopes of variables. A branch or an inline iteration reads the variables of the enclosing flows but cannot
 * assign them. The children of a Distributed Map are separate executions and see none of them.
 */
export function checkVariables(flow: Flow, outer: ReadonlySet<string>): void {
  const visible = new Set(outer);
  for (const state of flow.states.values()) {
    for (const name of assigned(state)) {
      if (outer.has(name)) {
        throw new InvalidDefinition(
          `SCHEMA_VALIDATION_FAILED: the state '${state.name}' assigns the variable '${name}' of an outer scope; ` +
            'a branch or iteration can only read it',
        );
      }
      visible.add(name);
    }
  }
  for (const state of flow.states.values()) {
    if (state.type === 'Parallel') for (const branch of state.branches) checkVariables(branch, visible);
    if (state.type === 'Map') checkVariables(state.processor, state.distributed === undefined ? visible : new Set());
  }
}

function assigned(state: State): string[] {
  const assigns: Assign[] = [state.assign];
  if ('catch' in state) assigns.push(...state.catch.map((catcher) => catcher.assign));
  if (state.type === 'Choice') assigns.push(...state.choices.map((choice) => choice.assign));
  return assigns.flat().map((assign) => assign.name);
}
