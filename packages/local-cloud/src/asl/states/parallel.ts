import type { ParallelState } from '../definition.ts';
import type { Frame } from '../frame.ts';
import { newFrameState } from '../frame-state.ts';
import type { Json } from '../json.ts';
import { serialize } from '../limits.ts';
import { runAll } from '../run-all.ts';
import type { RunFlow } from './map.ts';

/** Runs every branch with the same input and returns their outputs in order. The first failure cancels the others. */
export async function runParallel(state: ParallelState, frame: Frame, runFlow: RunFlow): Promise<Json> {
  const { state: frameState } = frame;
  if (frameState.progress?.kind !== 'parallel') {
    const input = (await state.arguments?.evaluate(frame.bindings({ input: frameState.input }))) ?? frameState.input;
    serialize(input, state.name);
    frame.record('ParallelStateStarted');
    frameState.progress = { kind: 'parallel', input };
    frame.save();
  }
  const { input } = frameState.progress;
  const started = frameState.lastEvent;
  try {
    const outputs = await runAll(state.branches.length, Infinity, frame.cancellation, (index, cancellation) => {
      const key = String(index);
      const flow = state.branches[index] ?? state.branches[0];
      if (flow === undefined) throw new RangeError('a Parallel has at least one branch');
      const restored = frame.execution.restored(frame.childPath(key));
      return runFlow(frame.child(key, flow, restored ?? newFrameState(flow.startAt, input, started), cancellation));
    });
    frame.record('ParallelStateSucceeded');
    return outputs;
  } catch (error) {
    if (!frame.cancellation.cancelled) frame.record('ParallelStateFailed');
    throw error;
  }
}
