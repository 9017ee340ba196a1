/** The intake's own queue, to check an upload again later. */
export interface IntakeQueue {
  /** After `delayMs` (at most 900,000; rounded up to whole seconds). */
  sendCheck(uploadId: string, delayMs: number): Promise<void>;
}
