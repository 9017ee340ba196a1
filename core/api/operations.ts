import { bulkOperations } from './bulk/operations.ts';
import { alarmOperations } from './alarms/operations.ts';
import { auditOperations } from './audit/operations.ts';
import { escalationOperations } from './escalations/operations.ts';
import { fleetOperations } from './fleet/operations.ts';
import { logOperations } from './logs/operations.ts';
import { metricOperations } from './metrics/operations.ts';
import { poolOperations } from './pools/operations.ts';
import { runOperations } from './runs/operations.ts';
import { sessionOperations } from './sessions/operations.ts';
import { taskOperations } from './tasks/operations.ts';
import { traceOperations } from './traces/operations.ts';
import { uploadOperations } from './uploads/operations.ts';
import { usageOperations } from './usage/operations.ts';
import { whyOperations } from './why/operations.ts';

/** Every operation of the task API, by its id. */
export const operations = {
  ...taskOperations,
  ...traceOperations,
  ...uploadOperations,
  ...sessionOperations,
  ...runOperations,
  ...escalationOperations,
  ...bulkOperations,
  ...poolOperations,
  ...usageOperations,
  ...logOperations,
  ...whyOperations,
  ...alarmOperations,
  ...auditOperations,
  ...metricOperations,
  ...fleetOperations,
} as const;
export type Operations = typeof operations;
export type OperationId = keyof Operations;
