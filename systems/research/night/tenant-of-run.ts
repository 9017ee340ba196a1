import { z } from 'zod';
import type { PipelineEvent } from '#runtime/index.ts';

/** The tenant of runs that name none, such as those of the schedule. */
export const TENANT = 'default';

const inputSchema = z.object({ tenant: z.string().min(1) });

/** The tenant of a run. One that ended before it began is known by its input alone. */
export const tenantOfRun = ({ run, input }: Pick<PipelineEvent, 'run' | 'input'>): string =>
  run.tenant ?? inputSchema.safeParse(input).data?.tenant ?? TENANT;
