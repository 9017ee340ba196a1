/** The `taskId` of what never became a task. */
export const NO_TASK = 'none';

/** The outcome that a waiting state machine receives when its task ends. */
export interface TaskOutcome {
  /** Stable: the same for every delivery, to deduplicate by (I6). */
  readonly id: string;
  readonly taskId: string;
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'escalated';
  /** Why. Absent for `succeeded`. */
  readonly reason?: string;
}

export interface TaskNotifier {
  /**
   * Answers a task token. A token that is no longer waited for is not an error. `later`: it belongs to a region of a global
   * fleet that is away.
   */
  answer(token: string, outcome: TaskOutcome): Promise<'answered' | 'later'>;
}
