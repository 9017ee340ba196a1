import { concurrent } from '../http/faults.ts';
import type { Call } from '../http/route.ts';
import type { PullRequest, User } from './types.ts';

/**
 * Writes a review or comment. A user's second one on a pull request, while the first is still being written, is rejected:
 * on GitHub both need the user's one pending review.
 */
export async function exclusively<T>(call: Call, pull: PullRequest, user: User, write: () => Promise<T>): Promise<T> {
  if (pull.writers.has(user.id)) throw concurrent(call.path);
  pull.writers.add(user.id);
  try {
    const written = await write();
    await new Promise((resolve) => setTimeout(resolve, call.world.options.writeMs));
    return written;
  } finally {
    pull.writers.delete(user.id);
  }
}
