import { callbacksDown } from './callbacks-down.ts';
import { deadWorkerPool } from './dead-worker-pool.ts';
import { failingTool } from './failing-tool.ts';
import { poisonTask } from './poison-task.ts';
import { runawaySpend } from './runaway-spend.ts';
import type { Scenario } from './scenario.ts';
import { stuckSession } from './stuck-session.ts';
import { throttledModel } from './throttled-model.ts';

/**
 * In the order in which they are played: alarms over many minutes first, since they take as long to clear. Those that
 * kill workers come last, since their errors would keep the alarm of the poison task ringing.
 */
export const scenarios: readonly Scenario[] = [
  runawaySpend,
  poisonTask,
  callbacksDown,
  failingTool,
  throttledModel,
  stuckSession,
  deadWorkerPool,
];
