/**
 * The events in the history of an execution: those that AWS reports for these states, with the details that
 * `GetExecutionHistory` returns. https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export type EventType =
  | 'ExecutionStarted'
  | 'ExecutionSucceeded'
  | 'ExecutionFailed'
  | 'ExecutionAborted'
  | 'ExecutionTimedOut'
  | `${'Task' | 'Choice' | 'Map' | 'Parallel' | 'Wait' | 'Pass' | 'Succeed' | 'Fail'}StateEntered`
  | `${'Task' | 'Choice' | 'Map' | 'Parallel' | 'Wait' | 'Pass' | 'Succeed'}StateExited`
  | 'EvaluationFailed'
  | 'TaskScheduled'
  | 'TaskStarted'
  | 'TaskSubmitted'
  | 'TaskSucceeded'
  | 'TaskFailed'
  | 'TaskTimedOut'
  | 'MapStateStarted'
  | 'MapStateSucceeded'
  | 'MapStateFailed'
  | 'MapIterationStarted'
  | 'MapIterationSucceeded'
  | 'MapIterationFailed'
  | 'MapRunStarted'
  | 'MapRunSucceeded'
  | 'MapRunFailed'
  | 'ParallelStateStarted'
  | 'ParallelStateSucceeded'
  | 'ParallelStateFailed';

/** The details of an event, by their names in the API; absent for events that have none. */
export type EventDetails = Readonly<Record<string, unknown>>;
