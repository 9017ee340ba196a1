import type { Scenario } from './scenario.ts';

/** A task of a conversation does not end, so all that follow in the conversation wait for it. */
export const stuckSession: Scenario = {
  name: 'stuck-session',
  alarm: 'StuckSession',
  async break(fleet) {
    const sessionId = 'gameday';
    const task = await fleet.submit({ does: 'stall', sessionId });
    await fleet.submit({ does: 'answer', sessionId });
    return {
      task,
      async mend() {
        await fleet.run(`npm run fleet -- cancel ${task}`);
      },
    };
  },
};
