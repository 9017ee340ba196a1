import { callbacksDown } from './callbacks-down.ts';
import { deadWorkerPool } from './dead-worker-pool.ts';
import { failingTool } from './failing-tool.ts';
import { poisonTask } from './poison-task.ts';
import { runawaySpend } from './runaway-spend.ts';
import type { Scenario } from './scenario.ts';
import { stuckSession } from './stuck-session.ts';
import { throttledModel } from './throttled-model.ts';

/** In the order in which they are played: what takes long to clear comes first. */
export const scenarios: readonly Scenario[] = [
  runawaySpend,
  throttledModel,
  poisonTask,
  deadWorkerPool,
  stuckSession,
  failingTool,
  callbacksDown,
];
