import type { Amount } from '../budgets/day-budget.ts';
import type { Task } from './task.ts';

/**
 * The task with its reservation charged as lost: the call may have been billed, and the budget must hold (I4).
 * @param charged what is charged of it otherwise @default nothing
 */
export function chargeReservation(task: Task, charged: Amount = { tokens: 0, usd: 0 }): Task {
  if (!task.reservation) return task;
  const tokens = Math.max(0, task.reservation.tokens - charged.tokens);
  const usd = Math.max(0, task.reservation.usd - charged.usd);
  const lost = { ...task.spend.lost, tokens: task.spend.lost.tokens + tokens, usd: task.spend.lost.usd + usd };
  return { ...task, reservation: null, spend: { ...task.spend, lost } };
}
