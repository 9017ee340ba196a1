import { z } from 'zod';
import { tenantSetting } from '#lib/system.ts';

/** Settings of the support system, in `config/*.json` under `systems.support`. */
export const supportSettings = z.strictObject({
  /** The tenant that owns the tasks and escalations of customers' messages. */
  tenant: tenantSetting,
});
