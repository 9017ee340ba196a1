/** The error names of the Amazon States Language. */
export const ERRORS = {
  all: 'States.ALL',
  taskFailed: 'States.TaskFailed',
  timeout: 'States.Timeout',
  heartbeatTimeout: 'States.HeartbeatTimeout',
  runtime: 'States.Runtime',
  dataLimitExceeded: 'States.DataLimitExceeded',
  exceedToleratedFailureThreshold: 'States.ExceedToleratedFailureThreshold',
  itemReaderFailed: 'States.ItemReaderFailed',
  resultWriterFailed: 'States.ResultWriterFailed',
  queryEvaluationError: 'States.QueryEvaluationError',
  noChoiceMatched: 'States.NoChoiceMatched',
  permissions: 'States.Permissions',
} as const;

/**
 * The failure of a state, which Retry and Catch may match. `error` is the name that they match, `cause` the text for
 * people. `aliases` are further names that match: a missed heartbeat is reported as `States.Timeout` and also matches
 * `States.HeartbeatTimeout`.
 */
export class StateError extends Error {
  readonly error: string;
  override readonly cause: string | undefined;
  readonly aliases: readonly string[];

  constructor(error: string, cause?: string, aliases: readonly string[] = []) {
    super(cause === undefined ? error : `${error}: ${cause}`);
    this.name = 'StateError';
    this.error = error;
    this.cause = cause;
    this.aliases = aliases;
  }
}

/** The failure of an expression. Its state adds its name before Retry and Catch see it. */
export class EvaluationError extends StateError {
  constructor(cause: string, error: string = ERRORS.queryEvaluationError) {
    super(error, cause);
  }

  /** The field whose expression failed, read from the cause; undefined when it was not an expression. */
  get location(): string | undefined {
    return this.cause?.split(" specified for the field '").at(1)?.split("'", 1)[0];
  }

  /** The error in the text of AWS, which names the state and the event that entered it. */
  in(state: string, enteredEvent: number): StateError {
    const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEvent}).`;
    return new StateError(this.error, `${where} ${this.cause}`);
  }
}

/** A wait or call ended because its execution stopped or a sibling branch failed. Retry and Catch never see it. */
export class Aborted extends Error {
  constructor() {
    super('aborted');
    this.name = 'Aborted';
  }
}

/**
 * Whether an `ErrorEquals` list matches. As on AWS, nothing matches `States.Runtime`, only its own name matches
 * `States.DataLimitExceeded`, and `States.TaskFailed` matches everything except timeouts.
 */
export function matches(errorEquals: readonly string[], failure: StateError): boolean {
  if (failure.error === ERRORS.runtime) return false;
  return errorEquals.some((name) => {
    if (name === failure.error || failure.aliases.includes(name)) return true;
    if (failure.error === ERRORS.dataLimitExceeded) return false;
    return name === ERRORS.all || (name === ERRORS.taskFailed && failure.error !== ERRORS.timeout);
  });
}

/** An invalid definition. `message` is the text of AWS, if it has one, and names the position. */
export class InvalidDefinition extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidDefinition';
  }
}
