import { z } from 'zod';

/** Settings of the market monitor, from `systems.market-monitor` in `config/*.json`. */
export const marketSettings = z.strictObject({
  /** The tenant that owns the analysts' tasks. Its budget limits what a day costs. */
  tenant: z.string().min(1).default('default'),
});
