import { forChildren } from '#core/delegation/share.ts';
import { reviewSupervisor } from '../agents/supervisor.ts';
import type { ReviewPorts } from './ports.ts';

/**
 * What the specialists of a review can use at most: a part of what the supervisor's task may spend, which is what is held
 * for it, or the budget of the agent.
 */
export const usdOfSpecialists = ({ maxUsd }: Pick<ReviewPorts['settings'], 'maxUsd'>, mostUsd: number): number =>
  forChildren(Math.min(mostUsd, maxUsd.repository, maxUsd.day, reviewSupervisor.budget.usd));
