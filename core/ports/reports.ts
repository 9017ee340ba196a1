/** A file of a run's report. */
export interface ReportFile {
  /** Its name below the run, such as `report.html`. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** When it was written, in milliseconds. */
  readonly modifiedAt: number;
  /** A link that downloads it, and until when (milliseconds). It needs no key. */
  readonly url: string;
  readonly expiresAt: number;
}

/** The reports that executions have written. */
export interface Reports {
  /** The files of an execution's report. Empty if its workflow writes none, or has not yet. */
  filesOf(run: { readonly id: string; readonly execution: string }): Promise<readonly ReportFile[]>;
}
