import { z } from 'zod';

/** Environment variables of the agent's tools, in addition to those of every worker. */
export const supportToolsEnv = z.object({ SHOP_TABLE: z.string().min(1) });
export type SupportToolsEnv = z.infer<typeof supportToolsEnv>;
