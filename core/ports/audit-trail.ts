/** One entry; `phase` before is written ahead of the tool's run, after with its outcome (I7). */
export interface AuditEntry {
  readonly taskId: string;
  readonly step: number;
  readonly epoch: number;
  readonly agent: string;
  readonly tool: string;
  readonly phase: 'before' | 'after';
  readonly at: number;
  /** SHA-256 of the input or outcome: the trail proves what was done without holding customers' data. */
  readonly contentDigest: string;
  readonly outcome?: 'ok' | 'error';
}

export interface AuditTrail {
  /** Appends an entry once; the same entry again changes nothing, and no entry can be changed. */
  record(entry: AuditEntry): Promise<void>;
}
