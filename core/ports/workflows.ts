/** A pipeline that the API starts. */
export interface Workflow {
  readonly name: string;
  /** The agents of its stages. A key needs all of them. */
  readonly agents: readonly string[];
  /** The ARN of the execution of a run. */
  executionOf(runId: string): string;
  /** Starts the execution; the same run again, running or ended, changes nothing. */
  start(runId: string, input: object): Promise<void>;
}

/** The pipelines of the fleet. */
export interface Workflows {
  readonly names: readonly string[];
  find(name: string): Workflow | null;
}
