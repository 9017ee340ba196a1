import { createHash } from 'node:crypto';
import { ROOT } from '../services/service.ts';
import type { Caller } from '../services/service.ts';

/** Who is behind which access key: each function, state machine, mapping and schedule has one of its own. */
export class Principals {
  readonly #callers = new Map<string, Caller>();

  /** The key of `owner` (an ARN) acting under `roleArn`; the same at each start, so that running clients keep theirs. */
  issue(owner: string, roleArn: string): Caller {
    const digest = createHash('sha256').update(owner).digest('hex').toUpperCase();
    const caller = { accessKeyId: `ASIA${digest.slice(0, 16)}`, principal: roleArn };
    this.#callers.set(caller.accessKeyId, caller);
    return caller;
  }

  /** Unknown keys are the machine's own user's, whatever credentials it has configured. */
  caller(accessKeyId: string | undefined): Caller {
    if (accessKeyId === undefined) return ROOT;
    return this.#callers.get(accessKeyId) ?? { ...ROOT, accessKeyId };
  }
}
