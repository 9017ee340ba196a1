import { repeating, type Scenario } from './scenario.ts';

/** Whoever takes up the first task of a conversation dies, so all that follow in the conversation wait for their turn. */
export const stuckSession: Scenario = {
  name: 'stuck-session',
  alarm: 'StuckSessions',
  async break(fleet) {
    const sessionId = 'gameday';
    const task = await fleet.submit({ does: 'stall', sessionId });
    await fleet.submit({ does: 'answer', sessionId });
    const killer = repeating(100, () => fleet.cloud.crashWorkers());
    return {
      task,
      async mend() {
        await killer.stop();
        await fleet.run(`npm run fleet -- cancel ${task}`);
      },
    };
  },
};
