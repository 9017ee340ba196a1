/** The error names that the Amazon States Language itself reports. */
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
 * A state failed with an error that Retry and Catch may match. `error` is the name they match on; `cause` the text
 * for people. `aliases` are further names that match: a missed heartbeat is reported as `States.Timeout` and is
 * matched by `States.HeartbeatTimeout` as well.
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

/** An expression failed. The state it is in adds its name before Retry and Catch see it. */
export class EvaluationError extends StateError {
  constructor(cause: string, error: string = ERRORS.queryEvaluationError) {
    super(error, cause);
  }

  /** The field whose expression failed, as the cause names it; undefined where it was no expression. */
  get location(): string | undefined {
    return this.cause?.split(" specified for the field '").at(1)?.split("'", 1)[0];
  }

  /** The error as AWS words it: with the state, and the event that entered it. */
  in(state: string, enteredEvent: number): StateError {
    const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEvent}).`;
    return new StateError(this.error, `${where} ${this.cause}`);
  }
}

/** The wait or call was given up because its execution stopped, or a sibling branch failed. Never caught by a machine. */
export class Aborted extends Error {
  constructor() {
    super('aborted');
    this.name = 'Aborted';
  }
}

/**
 * Whether an `ErrorEquals` list matches. As on AWS, `States.Runtime` is never matched, `States.DataLimitExceeded` only by
 * its own name, and `States.TaskFailed` matches everything but timeouts.
 */
export function matches(errorEquals: readonly string[], failure: StateError): boolean {
  if (failure.error === ERRORS.runtime) return false;
  return errorEquals.some((name) => {
    if (name === failure.error || failure.aliases.includes(name)) return true;
    if (failure.error === ERRORS.dataLimitExceeded) return false;
    return name === ERRORS.all || (name === ERRORS.taskFailed && failure.error !== ERRORS.timeout);
  });
}

/** The definition is refused; `message` is AWS's wording where there is one, and names the place. */
export class InvalidDefinition extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidDefinition';
  }
}
