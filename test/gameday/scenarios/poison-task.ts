import type { Scenario } from './scenario.ts';

/** A task ends the process of every worker that takes it up. */
export const poisonTask: Scenario = {
  name: 'poison-task',
  // It becomes a dead letter, whose alarm rings too, after three leases: minutes later.
  alarm: 'WorkerErrors',
  async break(fleet) {
    const task = await fleet.submit({ does: 'explode' });
    // A dead letter is no threat any more: it counts once.
    return { task, mend: async () => undefined };
  },
};
