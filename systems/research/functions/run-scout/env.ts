import { z } from 'zod';
import { webSettings } from '#adapters/web/settings.ts';

/** The variables of the scout itself. */
export const scoutEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The bucket with the pages of all nights. */
  SNAPSHOT_BUCKET: z.string().min(1),
  /** Whom the owner of a site may ask. Without it only a simulated web is fetched. */
  WEB_CONTACT: webSettings.WEB_CONTACT.optional(),
  /** The one address at which a simulated web may be served. Only the local cloud sets it. */
  ALLOW_STAND_IN: z.literal('127.0.0.1').optional(),
});
