import type { Scenario } from './scenario.ts';

/** A task ends the process of every worker that takes it up. */
export const poisonTask: Scenario = {
  name: 'poison-task',
  alarm: 'Burials',
  async break(fleet) {
    const task = await fleet.submit({ does: 'explode' });
    // A dead letter is no threat any more: it counts once.
    return { task, mend: async () => undefined };
  },
};
