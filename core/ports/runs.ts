/** Executions of a workflow: by default the fan-out's. */
export interface Runs<Input = { readonly uploadId: string; readonly retry: number }> {
  /** Starts a run; the same name again, running or ended, changes nothing. */
  start(name: string, input: Input): Promise<void>;
}
