import { repeating, type Scenario } from './scenario.ts';

/** Workers die as soon as they begin, as after a deploy whose code cannot run. */
export const deadWorkerPool: Scenario = {
  name: 'dead-worker-pool',
  alarm: 'NoWorker',
  async break(fleet) {
    const task = await fleet.submit({ does: 'answer' });
    const killer = repeating(100, () => fleet.killWorkers());
    const callers = repeating(2_000, () => fleet.submit({ does: 'answer' }));
    return {
      task,
      async mend() {
        await Promise.all([killer.stop(), callers.stop()]);
      },
    };
  },
};
