/** How many messages wait in the queues of a pool, about. */
export interface QueueDepths {
  of(agent: string): Promise<{ readonly high: number; readonly default: number; readonly deadLetters: number }>;
}
