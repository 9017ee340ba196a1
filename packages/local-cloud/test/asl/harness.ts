import { Cancellation } from '../../src/asl/cancellation.ts';
import { compile } from '../../src/asl/compile.ts';
import type { StateError } from '../../src/asl/errors.ts';
import { newFrameState, type FrameState } from '../../src/asl/frame-state.ts';
import { Frame, type Execution } from '../../src/asl/frame.ts';
import type { EventDetails } from '../../src/asl/history.ts';
import type { TaskCall } from '../../src/asl/task-call.ts';
import type { Json } from '../../src/asl/json.ts';
import { runFlow } from '../../src/asl/run.ts';
import { Timers } from '../../src/asl/timers.ts';
import { TaskTokens } from '../../src/asl/tokens.ts';
import { ManualClock } from './manual-clock.ts';

export interface Options {
  readonly input?: Json;
  /** Answers the calls of the state machine. */
  readonly task?: (call: TaskCall) => Json | Promise<Json>;
  readonly random?: () => number;
}

/** A state machine without store or services, on a clock that the test advances. */
export interface Run {
  readonly clock: ManualClock;
  readonly calls: TaskCall[];
  readonly events: { readonly type: string; readonly details: EventDetails; readonly previous: number }[];
  readonly frames: ReadonlyMap<string, FrameState>;
  readonly output: Promise<Json>;
  /** The failure of a state machine that must fail. */
  readonly failure: Promise<Pick<StateError, 'error' | 'cause'>>;
}

/** Compiles a definition in JSONata mode. */
export function compiled(definition: object) {
  const sources = { now: () => Date.UTC(2026, 0, 1), random: () => 0.5 };
  return compile(JSON.stringify({ QueryLanguage: 'JSONata', ...definition }), {
    sources,
    checkResource: () => undefined,
  });
}

/** A state machine with a single state. */
export function single(state: object): object {
  return { StartAt: 'Only', States: { Only: { End: true, ...state } } };
}

export function run(definition: object, options: Options = {}): Run {
  const { input = {}, task = () => null, random = () => 0.5 } = options;
  const clock = new ManualClock();
  const calls: TaskCall[] = [];
  const events: Run['events'] = [];
  const frames = new Map<string, FrameState>();
  const execution: Execution = {
    host: {
      clock,
      timers: new Timers(clock),
      tokens: new TaskTokens(Buffer.alloc(32), clock),
      region: 'us-east-1',
      random,
      callTask: async (call) => {
        calls.push(call);
        return task(call);
      },
      runMap: () => Promise.reject(new Error('this harness runs no Distributed Map')),
    },
    arn: 'arn:aws:states:us-east-1:000000000000:execution:machine:run-1',
    name: 'run-1',
    roleArn: 'arn:aws:iam::000000000000:role/machine',
    input,
    startedAt: clock.now(),
    stateMachine: { arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine', name: 'machine' },
    record: (type, details, previous) => events.push({ type, details, previous }),
    save: (path, state) => frames.set(path, state),
    forget: (path) => {
      for (const key of frames.keys()) if (key.startsWith(`${path}/`)) frames.delete(key);
    },
    restored: () => undefined,
    commit: () => Promise.resolve(),
  };
  const { flow } = compiled(definition);
  const state = newFrameState(flow.startAt, input, 0);
  const output = runFlow(new Frame({ execution, path: '', flow, state, cancellation: new Cancellation() }));
  const failure = output.then(
    (value) => Promise.reject(new Error(`succeeded with ${JSON.stringify(value)}`)),
    (error: StateError) => ({ error: error.error, cause: error.cause }),
  );
  // A test awaits only one of the two. The other must not count as an unhandled rejection.
  failure.catch(() => {});
  return { clock, calls, events, frames, output, failure };
}
