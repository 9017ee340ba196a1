import { auditEntrySchema, auditHeadSchema } from '#core/audit/entry.ts';
import { bulkActionSchema, bulkPageSchema } from '#core/bulk/action.ts';
import { callbackMessageSchema } from '#core/callbacks/event.ts';
import { batchSchema } from '#core/economy/batch.ts';
import { escalationSchema } from '#core/escalations/escalation.ts';
import { paceSchema } from '#core/governor/pace.ts';
import { apiKeySchema } from '#core/keys/key.ts';
import { mailRecordSchema } from '#core/mail/record.ts';
import { poolSchema } from '#core/pools/pool.ts';
import { tenantLimitsSchema } from '#core/ports/limits.ts';
import { leaseItemSchema } from '#core/regions/lease.ts';
import { pledgeSchema } from '#core/regions/pledge.ts';
import { runSchema } from '#core/runs/run.ts';
import { sessionSchema } from '#core/sessions/session.ts';
import { subjectItemSchema } from '#core/streams/subject-item.ts';
import { stepSchema } from '#core/tasks/step.ts';
import { taskSchema } from '#core/tasks/task.ts';
import { permitsSchema } from '#core/tenants/permits.ts';
import { uploadSchema } from '#core/uploads/upload.ts';
import { hostPaceSchema } from '#core/web/politeness.ts';

/** The records of the state table, each a whole item's body. */
export const RECORDS = {
  apiKeySchema,
  batchSchema,
  bulkActionSchema,
  bulkPageSchema,
  escalationSchema,
  hostPaceSchema,
  mailRecordSchema,
  paceSchema,
  permitsSchema,
  poolSchema,
  runSchema,
  sessionSchema,
  stepSchema,
  subjectItemSchema,
  taskSchema,
  tenantLimitsSchema,
  uploadSchema,
};

/** What is stored elsewhere, or within a record. */
export const PARTS = {
  auditEntrySchema,
  auditHeadSchema,
  callbackMessageSchema,
  leaseItemSchema,
  pledgeSchema,
};
