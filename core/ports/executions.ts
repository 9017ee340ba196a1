/** Executions of state machines, by their ARN. */
export interface Executions {
  /** Stops an execution. One that has ended does not change. */
  stop(arn: string, cause: string): Promise<void>;
}
