import { z } from 'zod';
import { tenantSetting } from '#lib/system.ts';

/** Settings of the documents system, from `systems.documents` in `config/*.json`. */
export const documentsSettings = z.strictObject({
  /** Documents analysed in parallel. */
  agents: z.int().min(2).max(1_000).default(50),
  /** The tenant that owns the tasks of uploads. */
  tenant: tenantSetting,
  /** Whether pages without text, such as scans, are read by the model's own vision. Their quotes cannot be verified. */
  scans: z.enum(['reject', 'read']).default('reject'),
  /** An existing bucket for the uploads, below `uploads/`. @default the stack creates one */
  uploadBucket: z.string().min(3).max(63).optional(),
  /** Seconds without a new object after which an upload without a manifest counts as complete. */
  quietSeconds: z.int().min(1).max(900).default(60),
  /** Receives an e-mail when a run ends. @default no e-mail is sent; subscribe to the topic yourself */
  notificationEmail: z.email('must be an e-mail address').optional(),
});
