import { createHash } from 'node:crypto';
import { ROOT } from '../services/service.ts';
import type { Caller } from '../services/service.ts';

/** The callers by access key. Each function, state machine, mapping and schedule has its own key. */
export class Principals {
  readonly #callers = new Map<string, Caller>();

  /** Issues the key of `owner` (an ARN) under `roleArn`. It is the same at every start, so that running clients keep working. */
  issue(owner: string, roleArn: string): Caller {
    const digest = createHash('sha256').update(owner).digest('hex').toUpperCase();
    const caller = { accessKeyId: `ASIA${digest.slice(0, 16)}`, principal: roleArn };
    this.#callers.set(caller.accessKeyId, caller);
    return caller;
  }

  /** The caller behind a key. An unknown key is the machine's own user, whatever credentials it has configured. */
  caller(accessKeyId: string | undefined): Caller {
    if (accessKeyId === undefined) return ROOT;
    return this.#callers.get(accessKeyId) ?? { ...ROOT, accessKeyId };
  }
}
