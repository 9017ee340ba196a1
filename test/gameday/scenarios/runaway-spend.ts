import { repeating, type Scenario } from './scenario.ts';

/** A caller in a loop: far more tasks than a day's budget was made for. */
export const runawaySpend: Scenario = {
  name: 'runaway-spend',
  alarm: 'SpendPace',
  async break(fleet) {
    const task = await fleet.submit({ does: 'answer' });
    const callers = repeating(50, () => fleet.submit({ does: 'answer' }));
    return { task, mend: () => callers.stop() };
  },
};
