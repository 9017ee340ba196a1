import type { Scenario } from './scenario.ts';

/** A task ends the process of every worker that takes it up. */
export const poisonTask: Scenario = {
  name: 'poison-task',
  // It becomes a dead letter, whose alarm rings too, after three leases: minutes later.
  alarm: 'WorkerErrors',
  async break(fleet) {
    const task = await fleet.submit({ does: 'explode' });
    return {
      task,
      // The undo in the runbook has submitted it again.
      async mend() {
        await fleet.run('npm run fleet -- cancel --agent gameday');
      },
    };
  },
};
