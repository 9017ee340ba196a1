import type { Task } from './task.ts';

/** The task with its reservation charged as lost: the call may have been billed, and the budget must hold (I4). */
export function chargeReservation(task: Task): Task {
  if (!task.reservation) return task;
  const { tokens, usd } = task.reservation;
  const lost = { ...task.spend.lost, tokens: task.spend.lost.tokens + tokens, usd: task.spend.lost.usd + usd };
  return { ...task, reservation: null, spend: { ...task.spend, lost } };
}
