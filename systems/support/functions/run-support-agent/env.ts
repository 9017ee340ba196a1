import { z } from 'zod';

/** What the agent's tools are told, beside what every worker is. */
export const supportToolsEnv = z.object({ SHOP_TABLE: z.string().min(1) });
export type SupportToolsEnv = z.infer<typeof supportToolsEnv>;
