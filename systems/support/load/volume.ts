/**
 * The expected volume of the support system, which is sized for ten times as much: a shop with 57,600 messages per
 * day. The day's peak is 2.4 times the mean, which is 1.6 messages per second. Each message keeps a worker busy for
 * about 2.5 seconds (2.3 for the model, the rest for the fleet's own work). The peak thus keeps 4 workers busy (rate ×
 * time, Little's law). Ten times the volume needs 40 on average, and 50 when many messages arrive at once.
 */
export const MESSAGES_PER_DAY = 57_600;

/** Mean number of messages in a thread: two in five have a second message, and two in five of those a third. */
export const MESSAGES_PER_THREAD = 1.56;

const DAY_SECONDS = 86_400;

/** Mean number of messages in `seconds` of a day at `volume` times the expected volume. */
export const messagesIn = (seconds: number, volume: number): number =>
  Math.max(1, Math.round((MESSAGES_PER_DAY * volume * seconds) / DAY_SECONDS));
