import { z } from 'zod';
import { settleBatch } from '#core/economy/settle.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { settlePorts } from '#runtime/ports/economy-ports.ts';
import { traced } from '#runtime/observability/traced.ts';
import { settleBatchEnv } from './env.ts';

const ports = settlePorts(parseEnv(settleBatchEnv));
const eventSchema = z.object({ batch: z.string().min(1) });

/** Checks a batch and settles it once it has ended. `over` ends the state machine. */
export const handler = traced('settle-batch', async (event: unknown) =>
  settleBatch(ports, eventSchema.parse(event).batch),
);
