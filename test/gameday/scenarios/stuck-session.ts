import type { GamedayFleet } from '../fleet.ts';
import { SESSION } from '../runbook.ts';
import { repeating, untilTrue, type Scenario } from './scenario.ts';

/** The workers die while one works on the first task of a conversation: those that follow wait for a turn that nobody ends. */
export const stuckSession: Scenario = {
  name: 'stuck-session',
  alarm: 'StuckSessions',
  async break(fleet) {
    const sessionId = SESSION;
    const task = await fleet.submit({ does: 'stall', sessionId });
    const second = await fleet.submit({ does: 'answer', sessionId });
    await untilTrue(() => isParked(fleet, second));
    const killer = repeating(100, () => fleet.killWorkers());
    return {
      task,
      async mend() {
        await killer.stop();
        await fleet.run(`npm run fleet -- cancel ${task}`);
      },
    };
  },
};

const isParked = async (fleet: GamedayFleet, id: string): Promise<boolean> => {
  const { status } = (await fleet.get(`/tasks/${id}`)) as { status: string };
  return status === 'parked';
};
