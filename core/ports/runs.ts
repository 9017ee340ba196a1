/** Executions of the fan-out workflow. */
export interface Runs {
  /** Starts a run; the same name again, running or ended, changes nothing. */
  start(name: string, input: { readonly uploadId: string; readonly retry: number }): Promise<void>;
}
