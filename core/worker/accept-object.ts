import type { Agent } from '../agents/define-agent.ts';
import type { ObjectInput } from '../agents/object-input.ts';
import { FailureError } from '../failures/failure.ts';
import type { Acceptance } from '../tasks/accept.ts';
import type { ObjectMessage } from '../tasks/work-message.ts';
import { acceptHeld } from './accept-held.ts';
import type { WorkerPorts } from './ports.ts';

/** The task of an uploaded object. The same bytes are the same task, regardless of their name and of how often they are uploaded. */
export async function acceptObject(ports: WorkerPorts, agent: Agent, message: ObjectMessage): Promise<Acceptance> {
  const { bucket, key, etag, size } = message.object;
  const sha256 = await digestOf(ports, agent, message);
  const input: ObjectInput = { object: { bucket, key, size, ...(sha256 === null ? {} : { sha256 }) } };
  // An object that cannot be read is identified by its name and S3's tag.
  const identity = sha256 === null ? `object:${key}:${etag}:${size}` : `sha256:${sha256}`;
  return acceptHeld(ports, agent, message, { key: identity, input, request: message.request });
}

async function digestOf(ports: WorkerPorts, agent: Agent, { object }: ObjectMessage): Promise<string | null> {
  if (object.size > agent.maxObjectBytes) return null;
  try {
    return ports.ids.digest(await ports.artifacts.get(object));
  } catch (error) {
    // Gone or forbidden. The task is created all the same: reading its input fails again, so the report's row has the reason.
    if (error instanceof FailureError && error.failure.kind === 'permanent') return null;
    throw error;
  }
}
