import { z } from 'zod';
import { tenantSetting } from '#lib/system.ts';

/** Settings of the documents system: `config/*.json` has them below `systems.documents`. */
export const documentsSettings = z.strictObject({
  /** Documents worked on at once. */
  agents: z.int().min(2).max(1_000).default(50),
  /** The tenant that owns the tasks of uploads. */
  tenant: tenantSetting,
  /** An existing bucket that receives the uploads, below `uploads/`. @default the stack creates one */
  uploadBucket: z.string().min(3).max(63).optional(),
  /** Receives a mail when a run has ended. @default nobody; subscribe to the topic */
  notificationEmail: z.email('must be an e-mail address').optional(),
});
