import { escalationOperations } from './operations/escalations.ts';
import { fleetOperations } from './operations/fleet.ts';
import { poolOperations } from './operations/pools.ts';
import { runOperations } from './operations/runs.ts';
import { sessionOperations } from './operations/sessions.ts';
import { taskOperations } from './operations/tasks.ts';

/** Every operation of the task API, by its id. */
export const operations = {
  ...taskOperations,
  ...sessionOperations,
  ...runOperations,
  ...escalationOperations,
  ...poolOperations,
  ...fleetOperations,
} as const;
export type Operations = typeof operations;
export type OperationId = keyof Operations;
