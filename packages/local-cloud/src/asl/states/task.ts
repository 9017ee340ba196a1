import type { TaskState } from '../definition.ts';
import { ERRORS, StateError } from '../errors.ts';
import type { Frame } from '../frame.ts';
import type { TaskProgress } from '../frame-state.ts';
import type { Json } from '../json.ts';
import { serialize } from '../limits.ts';
import { evaluateWhole } from '../numbers.ts';

/**
 * Calls the service of the task, and waits for the answer to the token when the resource requires it. The token and its
 * deadlines are on disk before the call. After a restart the task waits for the same token, and repeats the call only if
 * it had not returned.
 */
export async function runTask(state: TaskState, frame: Frame): Promise<Json> {
  const { state: frameState, execution } = frame;
  const { tokens } = execution.host;
  const resumed = frameState.progress?.kind === 'task' ? frameState.progress : undefined;
  const progress = resumed ?? (await begin(state, frame));
  frameState.progress = progress;
  if (progress.token !== undefined) tokens.open(progress.token, progress, () => execution.save(frame.path, frameState));
  try {
    const result = await perform(state, frame, progress, resumed === undefined);
    const output = serialize(result, state.name);
    frame.record('TaskSucceeded', { ...names(state.resource), output });
    return result;
  } catch (error) {
    if (error instanceof StateError && !frame.cancellation.cancelled) recordFailure(state, frame, error);
    throw error;
  } finally {
    if (progress.token !== undefined) tokens.close(progress.token);
  }
}

/** Whether a resource waits for a token. Only then is one issued. */
export function waitsForToken(resource: string): boolean {
  return resource.endsWith('.waitForTaskToken');
}

/** Of a child of a Distributed Map it is `Machine/Label`, as in IAM policies. */
const machineOf = (executionArn: string): string =>
  executionArn.slice(0, executionArn.lastIndexOf(':')).replace(':execution:', ':stateMachine:');

async function begin(state: TaskState, frame: Frame): Promise<TaskProgress> {
  const { host } = frame.execution;
  const bindings = frame.bindings({ input: frame.state.input });
  const timeout = await evaluateWhole(state.timeoutSeconds, bindings);
  const heartbeat = await evaluateWhole(state.heartbeatSeconds, bindings);
  const now = host.clock.now();
  return {
    kind: 'task',
    token: waitsForToken(state.resource) ? host.tokens.issue(machineOf(frame.execution.arn)) : undefined,
    submitted: false,
    deadline: timeout === undefined ? undefined : now + timeout * 1000,
    heartbeatMs: heartbeat === undefined ? undefined : heartbeat * 1000,
    heartbeatDeadline: heartbeat === undefined ? undefined : now + heartbeat * 1000,
    outcome: undefined,
  };
}

async function perform(state: TaskState, frame: Frame, progress: TaskProgress, first: boolean): Promise<Json> {
  // The token may be answered before the call has returned, or right after a restart.
  if (!progress.submitted && progress.outcome === undefined) {
    const answer = await call(state, frame, progress, first);
    if (progress.token === undefined) return answer;
    frame.record('TaskSubmitted', { ...names(state.resource), output: JSON.stringify(answer) });
    progress.submitted = true;
    frame.save();
  }
  return awaitOutcome(frame, progress);
}

async function call(state: TaskState, frame: Frame, progress: TaskProgress, first: boolean): Promise<Json> {
  const { execution, path, state: frameState } = frame;
  const bindings = frame.bindings({ input: frameState.input }, progress.token);
  const parameters = state.arguments === undefined ? frameState.input : await state.arguments.evaluate(bindings);
  const text = serialize(parameters, state.name);
  if (first) {
    frame.record('TaskScheduled', {
      ...names(state.resource),
      region: execution.host.region,
      parameters: text,
      ...(progress.deadline === undefined
        ? {}
        : { timeoutInSeconds: seconds(progress.deadline - execution.host.clock.now()) }),
      ...(progress.heartbeatMs === undefined ? {} : { heartbeatInSeconds: seconds(progress.heartbeatMs) }),
    });
    frame.record('TaskStarted', names(state.resource));
    frame.save();
  }
  await frame.commit();
  const request = {
    resource: state.resource,
    arguments: parameters,
    roleArn: execution.roleArn,
    executionArn: execution.arn,
    id: `${execution.arn}${path}/${frameState.enteredEvent}/${frameState.retryCount}`,
    cancellation: frame.cancellation,
  };
  return beforeDeadline(frame, progress, execution.host.callTask(request));
}

/** Waits for a call until the deadline of the task or the cancellation of the frame. The call itself is not cancelled. */
function beforeDeadline(frame: Frame, progress: TaskProgress, answer: Promise<Json>): Promise<Json> {
  const { timers } = frame.execution.host;
  return frame.cancellation.wait<Json>((resolve, reject) => {
    answer.then(resolve, reject);
    if (progress.deadline === undefined) return () => {};
    return timers.at(progress.deadline, () => reject(new StateError(ERRORS.timeout)));
  });
}

/** Waits for the answer to the token, the deadline or a missed heartbeat, whichever comes first. */
async function awaitOutcome(frame: Frame, progress: TaskProgress): Promise<Json> {
  const { host } = frame.execution;
  while (progress.outcome === undefined) {
    const { deadline = Infinity, heartbeatDeadline = Infinity } = progress;
    const end = Math.min(deadline, heartbeatDeadline);
    if (end <= host.clock.now()) {
      throw new StateError(ERRORS.timeout, undefined, heartbeatDeadline < deadline ? [ERRORS.heartbeatTimeout] : []);
    }
    await frame.cancellation.wait<void>((resolve) => {
      if (progress.token !== undefined) host.tokens.watch(progress.token, () => resolve());
      return end === Infinity ? () => {} : host.timers.at(end, () => resolve());
    });
  }
  const { outcome } = progress;
  if ('output' in outcome) return outcome.output;
  throw new StateError(outcome.error ?? ERRORS.taskFailed, outcome.cause);
}

function recordFailure(state: TaskState, frame: Frame, failure: StateError): void {
  const type = failure.error === ERRORS.timeout ? 'TaskTimedOut' : 'TaskFailed';
  frame.record(type, { ...names(state.resource), error: failure.error, cause: failure.cause });
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

/** The names of a resource in the history: `arn:aws:states:::sqs:sendMessage` is `sendMessage` of `sqs`. */
function names(resource: string): { readonly resourceType: string; readonly resource: string } {
  const parts = resource.split(':');
  return { resourceType: parts.slice(5, -1).join(':'), resource: parts.at(-1) ?? resource };
}
