import type { TaskNotifier, TaskOutcome } from '../../../core/ports/notifier.ts';

export interface RecordingNotifier extends TaskNotifier {
  /** Every delivery, in order. */
  readonly answers: ReadonlyArray<{ readonly token: string; readonly outcome: TaskOutcome }>;
}

/** Notes what waiters were told. Nobody ever stops waiting. */
export function recordingNotifier(): RecordingNotifier {
  const answers: Array<{ token: string; outcome: TaskOutcome }> = [];
  return {
    answers,
    async answer(token, outcome) {
      answers.push({ token, outcome });
    },
  };
}
