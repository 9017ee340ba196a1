import { z } from 'zod';
import { agentCard } from '#core/agents/agent-card.ts';
import { parseEnv, traced } from '#runtime/index.ts';
import { reviewSupervisor } from '../../agents/supervisor.ts';
import { submitPorts } from '../../pull-request/aws-ports.ts';
import { submitReviewEnv } from '../../pull-request/env.ts';
import { stepSchema } from '../../pull-request/step.ts';
import { submitReview } from '../../pull-request/submit.ts';

const ports = { ...submitPorts(parseEnv(submitReviewEnv)), supervisor: agentCard(reviewSupervisor) };
const inputSchema = stepSchema.extend({ token: z.string().min(1) });

/** Submits the supervisor's task. Its end answers the state machine's token. */
export const handler = traced('submit-review', async (event: unknown): Promise<void> => {
  const { order, execution, token } = inputSchema.parse(event);
  await submitReview(ports, order, execution, token);
});
