import { repeating, type Scenario } from './scenario.ts';

/** The provider answers 429 to every call, as when another application uses up the organisation's rate limit. */
export const throttledModel: Scenario = {
  name: 'throttled-model',
  alarm: 'ModelThrottled',
  async break(fleet) {
    fleet.claude.setFaults({ rates: { '429': 1 }, retryAfterSeconds: 5 });
    const task = await fleet.submit({ does: 'answer' });
    const callers = repeating(1_000, () => fleet.submit({ does: 'answer' }));
    return {
      task,
      async mend() {
        await callers.stop();
        fleet.claude.setFaults({});
      },
    };
  },
};
