import type { FrameState } from './frame-state.ts';
import type { Json } from './json.ts';

/** An iteration of an inline Map, as `$states.context.Map.Item` shows it. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** The parts of an execution that the context object shows. */
export interface ExecutionContext {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly input: Json;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly stateMachine: { readonly arn: string; readonly name: string };
}

/** The parts of a frame that the context object shows. */
interface FrameContext {
  readonly execution: ExecutionContext;
  readonly state: FrameState;
  readonly item: MapItem | undefined;
}

/**
 * The context object, `$states.context` in expressions. `token` is set only while the arguments of a task that waits
 * for it are evaluated.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
export function context({ execution, state, item }: FrameContext, token?: string): Json {
  return {
    Execution: {
      Id: execution.arn,
      Input: execution.input,
      Name: execution.name,
      RoleArn: execution.roleArn,
      StartTime: iso(execution.startedAt),
      RedriveCount: 0,
    },
    StateMachine: { Id: execution.stateMachine.arn, Name: execution.stateMachine.name },
    State: { Name: state.state, EnteredTime: iso(state.enteredAt), RetryCount: state.retryCount },
    ...(item === undefined ? {} : { Map: { Item: { Index: item.index, Value: item.value } } }),
    ...(token === undefined ? {} : { Task: { Token: token } }),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
