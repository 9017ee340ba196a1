import type { FrameState } from './frame-state.ts';
import type { Json } from './json.ts';

/** An item of a Map, as `$states.context.Map.Item` shows it. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
  /** The name of the property when the items are those of an object. */
  readonly key?: string | undefined;
  /** `STATE_DATA`, or the S3 URI of the object or bucket from which the items were read. */
  readonly source?: string;
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
    ...(item === undefined ? {} : { Map: { Item: mapItem(item) } }),
    ...(token === undefined ? {} : { Task: { Token: token } }),
  };
}

function mapItem({ index, key, value, source = STATE_DATA }: MapItem): Json {
  return { Index: index, ...(key !== undefined && { Key: key }), Value: value, Source: source };
}

const STATE_DATA = 'STATE_DATA';

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
