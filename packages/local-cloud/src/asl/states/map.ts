import type { Cancellation } from '../cancellation.ts';
import type { MapItem } from '../context.ts';
import type { MapState } from '../definition.ts';
import { ERRORS, EvaluationError } from '../errors.ts';
import { evaluateAs } from '../evaluate.ts';
import { newFrameState } from '../frame-state.ts';
import type { Frame } from '../frame.ts';
import { isArray, type Json } from '../json.ts';
import { LIMITS, serialize } from '../limits.ts';
import { evaluateWhole } from '../numbers.ts';
import { runAll } from '../run-all.ts';

/** Runs the flow of a frame until it ends. Passed as an argument because flows contain states and states contain flows. */
export type RunFlow = (frame: Frame) => Promise<Json>;

/** Runs an iteration for each item and returns their outputs in order. The first failure cancels the others. */
export async function runMap(state: MapState, frame: Frame, runFlow: RunFlow): Promise<Json> {
  if (state.distributed !== undefined) return frame.execution.host.runMap(state, frame);
  const { state: frameState } = frame;
  if (frameState.progress?.kind !== 'map') {
    const items = await mapItems(state, frame);
    frame.record('MapStateStarted', { length: items.length });
    frameState.progress = { kind: 'map', items };
    frame.save();
  }
  const { items } = frameState.progress;
  const limit = await evaluateWhole(state.maxConcurrency, frame.bindings({ input: frameState.input }));
  const concurrency = Math.min(limit === undefined || limit === 0 ? Infinity : limit, LIMITS.inlineConcurrency);
  const iteration: Iteration = { state, frame, runFlow, started: frameState.lastEvent };
  try {
    const outputs = await runAll(items.length, concurrency, frame.cancellation, (index, cancellation) =>
      iterate(iteration, index, items[index] ?? null, cancellation),
    );
    frame.record('MapStateSucceeded');
    return outputs;
  } catch (error) {
    if (!frame.cancellation.cancelled) frame.record('MapStateFailed');
    throw error;
  }
}

/** Returns the items of a Map: its Items, or else its input. */
export async function mapItems(state: MapState, frame: Frame): Promise<readonly Json[]> {
  const { input } = frame.state;
  if (state.items !== undefined) return evaluateAs(state.items, 'array', isArray, frame.bindings({ input }));
  if (isArray(input)) return input;
  throw new EvaluationError(
    `Map state input must be an array but was: ${JSON.stringify(input)}`,
    ERRORS.queryEvaluationError,
  );
}

/**
 * Returns the input of an iteration: the result of the ItemSelector, or else the item. Without an ItemSelector, the item of
 * an object is `{ Key, Value }`, as on AWS.
 */
export async function selectItem(state: MapState, frame: Frame, item: MapItem): Promise<Json> {
  const { index, key, value } = item;
  if (state.itemSelector === undefined) return key === undefined ? value : { Key: key, Value: value };
  const seen = frame.child(String(index), frame.flow, frame.state, frame.cancellation, item);
  return state.itemSelector.evaluate(seen.bindings({ input: frame.state.input }));
}

interface Iteration {
  readonly state: MapState;
  readonly frame: Frame;
  readonly runFlow: RunFlow;
  /** The event that started the Map, which precedes every iteration. */
  readonly started: number;
}

async function iterate(
  { state, frame, runFlow, started }: Iteration,
  index: number,
  value: Json,
  cancellation: Cancellation,
): Promise<Json> {
  const key = String(index);
  const details = { name: state.name, index };
  const restored = frame.execution.restored(frame.childPath(key));
  if (restored?.done !== undefined) return restored.done.output;
  const input = restored?.input ?? (await selectItem(state, frame, { index, value }));
  if (restored === undefined) serialize(input, state.name);
  const frameState = restored ?? newFrameState(state.processor.startAt, input, started);
  const child = frame.child(key, state.processor, frameState, cancellation, { index, value });
  if (restored === undefined) child.record('MapIterationStarted', details);
  try {
    const output = await runFlow(child);
    child.record('MapIterationSucceeded', details);
    return output;
  } catch (error) {
    if (!cancellation.cancelled) child.record('MapIterationFailed', details);
    throw error;
  }
}
