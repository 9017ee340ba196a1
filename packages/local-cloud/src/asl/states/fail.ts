import type { FailState } from '../definition.ts';
import { ERRORS, StateError } from '../errors.ts';
import { evaluateAs, type Template } from '../evaluate.ts';
import type { Frame } from '../frame.ts';
import type { Json } from '../json.ts';

/** Fails with the state's Error and Cause. */
export async function runFail(state: FailState, frame: Frame): Promise<never> {
  const error = await text(state.error, frame);
  throw new StateError(error ?? ERRORS.taskFailed, await text(state.cause, frame));
}

async function text(template: Template | undefined, frame: Frame): Promise<string | undefined> {
  if (template === undefined) return undefined;
  return evaluateAs(template, 'string', isString, frame.bindings({ input: frame.state.input }));
}

function isString(value: Json): value is string {
  return typeof value === 'string';
}
