/** A word as a shell reads it back. */
export const quoted = (word: string): string =>
  /^[\w.:@/=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A command as a person types it in the project’s folder. */
export const command = (...words: readonly string[]): string => `npm run fleet -- ${words.map(quoted).join(' ')}`;

/** The errors of an agent's tasks and functions, of the last hour. */
export const errorsOf = (agent: string): string => command('logs', '--agent', agent, '--errors', '--since', '1h');

/** A number and its noun, which gets an s. */
export const counted = (number: number, noun: string, atLeast = false): string =>
  `${number}${atLeast ? ' or more' : ''} ${noun}${number === 1 && !atLeast ? '' : 's'}`;

/** Which verb follows a number. */
export const isOrAre = (number: number, atLeast = false): string => (number === 1 && !atLeast ? 'is' : 'are');
