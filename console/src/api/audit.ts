import { auditViewSchema, type AuditView } from '#core/api/audit/messages.ts';
import { auditOperations } from '#core/api/audit/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type { AuditView };

/** Each read verifies every entry, so it is not repeated faster while the task runs. */
export const useAudit = (id: string) =>
  useLive(['audit', id], (signal) => call(auditOperations.getTaskAudit, auditViewSchema, { params: { id }, signal }), {
    everyMs: 60_000,
  });
