import { callbacksDown } from './callbacks-down.ts';
import { deadWorkerPool } from './dead-worker-pool.ts';
import { failingTool } from './failing-tool.ts';
import { poisonTask } from './poison-task.ts';
import { runawaySpend } from './runaway-spend.ts';
import type { Scenario } from './scenario.ts';
import { stuckSession } from './stuck-session.ts';
import { throttledModel } from './throttled-model.ts';

/**
 * In the order in which they are played: alarms over many minutes first, since they take as long to clear. A pool without
 * workers follows the stuck session, whose workers die too. The throttled model is last: its tasks wait for minutes.
 */
export const scenarios: readonly Scenario[] = [
  runawaySpend,
  callbacksDown,
  failingTool,
  poisonTask,
  stuckSession,
  deadWorkerPool,
  throttledModel,
];
