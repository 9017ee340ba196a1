import { z } from 'zod';
import { logger, parseEnv, traced } from '#runtime/index.ts';
import { reviewPorts } from '../../pull-request/aws-ports.ts';
import { reviewEnv } from '../../pull-request/env.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { announceReview } from '../../pull-request/show-progress.ts';
import { orWait, stepSchema } from '../../pull-request/step.ts';

const ports = reviewPorts(parseEnv(reviewEnv));

const inputSchema = stepSchema.extend({
  /** Whether to show only that a review is coming. */
  announce: z.boolean().default(false),
});

/** The first step of a review: claims the pull request and plans what is read. */
export const handler = traced('prepare-review', async (event: unknown) => {
  const { order, execution, announce } = inputSchema.parse(event);
  if (announce) return announceReview(ports, order, execution);
  const prepared = await orWait(ports.access, async () => prepareReview(ports, order, execution));
  const { repository, number } = order;
  logger.info('review.prepared', { execution: execution.name, repository, number, ...prepared });
  return prepared;
});
