/** A line of a stack trace that names a place in the code. */
const FRAME = /^\s+at .*(?::\d+:\d+\)?|\(<anonymous>\)|\(native\))$/;

/** Causes of causes that are followed. */
const MAX_CAUSES = 3;

/**
 * Where an error and its causes came from, for a log. It has the errors' names and the places in the code, but not what
 * they say: a message may quote a document, an answer or a secret.
 */
export function quietStack(error: unknown): string {
  const lines: string[] = [];
  let at = error;
  for (let depth = 0; at instanceof Error && depth <= MAX_CAUSES; depth += 1) {
    lines.push(depth === 0 ? nameOf(at) : `caused by ${nameOf(at)}`, ...frames(at));
    at = at.cause;
  }
  return lines.length === 0 ? `A ${typeof error} was thrown, not an Error.` : lines.join('\n');
}

/** The class, since anything may be assigned to `name`. */
const nameOf = (error: Error): string => error.constructor.name;

/** The frames come after the message, which may have lines that look like them. */
function frames({ stack = '', message }: Error): string[] {
  const at = stack.indexOf(message);
  if (at === -1) return [];
  return stack
    .slice(at + message.length)
    .split('\n')
    .filter((line) => FRAME.test(line));
}
