import type { ChoiceState, Exit } from '../definition.ts';
import { ERRORS, EvaluationError } from '../errors.ts';
import { evaluateAs } from '../evaluate.ts';
import type { Frame } from '../frame.ts';
import type { Json } from '../json.ts';

/** Returns the first rule whose condition is true, or the state itself for its Default. */
export async function runChoice(state: ChoiceState, frame: Frame): Promise<Exit> {
  const bindings = frame.bindings({ input: frame.state.input });
  for (const rule of state.choices) {
    if (await evaluateAs(rule.condition, 'boolean', isBoolean, bindings)) return rule;
  }
  if (state.hasDefault) return state;
  throw new EvaluationError(`Failed to transition out of the state. No Choice Rule matched.`, ERRORS.noChoiceMatched);
}

function isBoolean(value: Json): value is boolean {
  return typeof value === 'boolean';
}
