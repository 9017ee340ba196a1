import { z } from 'zod';
import { logger, parseEnv, traced } from '#runtime/index.ts';
import { reviewPorts } from '../../pull-request/aws-ports.ts';
import { reviewEnv } from '../../pull-request/env.ts';
import { giveUp, publishPull } from '../../pull-request/publish.ts';
import { orWait, stepSchema } from '../../pull-request/step.ts';

const ports = reviewPorts(parseEnv(reviewEnv));
const inputSchema = stepSchema.extend({
  /** Whether a step before has failed for good. */
  failed: z.boolean().default(false),
});

/** The last step of a review: computes the verdict and posts it. */
export const handler = traced('publish-review', async (event: unknown) => {
  const { order, execution, failed } = inputSchema.parse(event);
  const end = failed ? giveUp : publishPull;
  const ended = await orWait(ports.access, async () => end(ports, order, execution));
  const { repository, number } = order;
  logger.info('review.ended', { execution: execution.name, repository, number, ...ended });
  return ended;
});
