import { repeating, type Scenario } from './scenario.ts';

/** A caller in a loop, whose tasks have long answers: far more than a day's budget was made for. */
export const runawaySpend: Scenario = {
  name: 'runaway-spend',
  alarm: 'SpendPace',
  async break(fleet) {
    const task = await fleet.submit({ does: 'ramble' });
    const callers = repeating(200, () => fleet.submit({ does: 'ramble' }));
    return { task, mend: () => callers.stop() };
  },
};
