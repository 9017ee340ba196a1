import { describe } from 'vitest';
import { inMemoryAuditTrail } from '../support/fakes/in-memory-audit-trail.ts';
import { auditTrailContract } from './audit-trail.contract.ts';

describe('audit trail in memory', () => {
  const trail = inMemoryAuditTrail();
  auditTrailContract(() => ({
    trail,
    read: async (taskId) => trail.entries().filter((entry) => entry.taskId === taskId),
  }));
});
