/** Executions of state machines, by their ARN. */
export interface Executions {
  /**
   * Stops an execution. One that has ended does not change. `none`: it never started, or ended long ago. `out-of-reach`: it
   * belongs to another region of a global fleet, which is away.
   */
  stop(arn: string, cause: string): Promise<'stopped' | 'none' | 'out-of-reach'>;
}
