import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { invalid } from '#core/api/http/problem.ts';
import { submitTask, type SubmitPorts } from '#core/api/tasks/submit-task.ts';
import { sessionIdSchema } from '#core/sessions/session.ts';
import { readJsonBody } from '#runtime/index.ts';
import { SUPPORT } from '../../agents/identity.ts';
import { messageSchema } from '../../agents/message.ts';
import { verifiedId } from './verify.ts';

/** The body that the shop sends. The message's id is in the header `webhook-id`. */
const incomingSchema = messageSchema.extend({
  /** The customer's thread. Its messages are answered in order, and each answer builds on the earlier ones. */
  threadId: sessionIdSchema,
});

/** In the repository: `/openapi.json` describes the task API alone. */
const DOCUMENT = 'systems/support/README.md';

export interface ReceivePorts extends SubmitPorts {
  secret(): Promise<string>;
  readonly tenant: string;
}

/**
 * Accepts a customer's message as a task in the session of its thread. A replay returns the same task and changes nothing.
 * Throws `ApiProblem`: 401 if the signature is invalid, 400 if the message is, 422 if its id was used for another message.
 */
export async function receiveMessage(ports: ReceivePorts, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const id = verifiedId(await ports.secret(), event.headers ?? {}, rawBody(event));
  const parsed = incomingSchema.safeParse(readJsonBody(event));
  if (!parsed.success) throw invalid(parsed.error, 'body', 'invalid-request', DOCUMENT);
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
