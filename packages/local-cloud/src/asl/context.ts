import type { Frame } from './frame.ts';
import type { Json } from './json.ts';

/**
 * The context object that expressions see as `$states.context`; `token` only while a task that waits for one evaluates.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
export function context(frame: Frame, token?: string): Json {
  const { execution, state, item } = frame;
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
