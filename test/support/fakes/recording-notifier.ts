import type { TaskNotifier, TaskOutcome } from '#core/ports/notifier.ts';

export interface RecordingNotifier extends TaskNotifier {
  /** Every delivery, in order. */
  readonly answers: ReadonlyArray<{ readonly token: string; readonly outcome: TaskOutcome }>;
  /** What a waiter acts on: the first answer to its token. Throws when there was none. */
  heard(token: string): TaskOutcome;
}

/** Notes what waiters were told. Nobody ever stops waiting. */
export function recordingNotifier(): RecordingNotifier {
  const answers: Array<{ token: string; outcome: TaskOutcome }> = [];
  return {
    answers,
    heard(token) {
      const first = answers.find((answer) => answer.token === token);
      if (!first) throw new Error(`Nobody answered the token ${token}.`);
      return first.outcome;
    },
    async answer(token, outcome) {
      answers.push({ token, outcome });
      return 'answered';
    },
  };
}
