import { z } from 'zod';
import { parseEnv, streamHandler, sweepStreamHandler } from '#runtime/index.ts';
import { tallyApp } from './app.ts';

const app = tallyApp(parseEnv(z.object({ ROUTER_TABLE: z.string().min(1) })).ROUTER_TABLE);

export const handler = streamHandler(app);
export const sweep = sweepStreamHandler(app);
