import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { invalid } from '#core/api/http/problem.ts';
import { submitTask, type SubmitPorts } from '#core/api/tasks/submit-task.ts';
import { sessionIdSchema } from '#core/sessions/session.ts';
import { readJsonBody } from '#runtime/index.ts';
import { SUPPORT } from '../../agents/identity.ts';
import { messageSchema } from '../../agents/message.ts';
import { verifiedId } from './verify.ts';

/** What the shop sends of a customer's message. Its id is the header `webhook-id`. */
const incomingSchema = messageSchema.extend({
  /** The customer's thread: its messages are answered one after the other, each knowing those before. */
  threadId: sessionIdSchema,
});

export interface ReceivePorts extends SubmitPorts {
  secret(): Promise<string>;
  readonly tenant: string;
}

/**
 * Makes a customer's message a task of its thread. The same message again is the same task, so that a replay does
 * nothing. Throws `ApiProblem`: 401 for a signature that does not hold, 400 for what is no message.
 */
export async function receiveMessage(ports: ReceivePorts, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const id = verifiedId(await ports.secret(), event.headers ?? {}, rawBody(event));
  const parsed = incomingSchema.safeParse(readJsonBody(event));
  if (!parsed.success) throw invalid(parsed.error, 'body');
  const { threadId: sessionId, ...input } = parsed.data;
  const caller = {
    tenant: ports.tenant,
    keyId: 'support-webhook',
    scopes: ['submit' as const],
    agents: [SUPPORT.name],
  };
  const submission = { agent: SUPPORT.name, input, sessionId, priority: 'default' as const };
  const task = await submitTask(ports, caller, submission, { idempotencyKey: `support-webhook:${id}` });
  return {
    statusCode: 202,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({ taskId: task.id, threadId: sessionId, links: { task: `/tasks/${task.id}` } }),
  };
}

const rawBody = ({ body, isBase64Encoded }: APIGatewayProxyEvent): string =>
  isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? '');
