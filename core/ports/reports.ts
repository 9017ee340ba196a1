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

export interface FoundReport {
  readonly files: readonly ReportFile[];
  /** False if the report has further files. */
  readonly complete: boolean;
}

/** The reports that executions have written. */
export interface Reports {
  /** The files of an execution's report, at most 1,000. None if its workflow writes none, or has not yet. */
  filesOf(run: { readonly id: string; readonly execution: string }): Promise<FoundReport>;
}
