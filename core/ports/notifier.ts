/** What a waiting state machine is told when its task ended. */
export interface TaskOutcome {
  /** Stable: the same for every delivery, to deduplicate by (I6). */
  readonly id: string;
  readonly taskId: string;
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'escalated';
  /** For all but succeeded: why. */
  readonly reason?: string;
}

export interface TaskNotifier {
  /** Answers a task token. One that is no longer waited for is no error. */
  answer(token: string, outcome: TaskOutcome): Promise<void>;
}
