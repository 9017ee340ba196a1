/**
 * What the support system is expected to carry, and is sized for ten times of: a shop with 57,600 messages a day. At the
 * day's peak, 2.4 times its mean, that are 1.6 a second. Each takes a worker some 2.5 seconds (the model's 2.3 and the
 * fleet's own work), so the peak keeps 4 workers busy (rate × time, Little's law), and ten times it 40 on average and 50
 * when many come at once.
 */
export const MESSAGES_PER_DAY = 57_600;

/** Messages of a thread, on average: two in five are followed by one more, and of these two in five by a third. */
export const MESSAGES_PER_THREAD = 1.56;

const DAY_SECONDS = 86_400;

/** Messages that come in so many seconds at so many times the expected rate, on average. */
export const messagesIn = (seconds: number, volume: number): number =>
  Math.max(1, Math.round((MESSAGES_PER_DAY * volume * seconds) / DAY_SECONDS));
