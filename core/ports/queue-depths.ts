/** The approximate number of messages in the queues of a pool. */
export interface QueueDepths {
  of(agent: string): Promise<{ readonly high: number; readonly default: number; readonly deadLetters: number }>;
}
