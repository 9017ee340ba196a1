import { z } from 'zod';
import { problemSchema, type Problem } from '#core/api/http/problem.ts';
import { UserError } from '#cli/user-error.ts';
import { SIGNATURE_HEADER, signatureOf } from '../../../pull-request/signature.ts';
import type { Delivery } from './read-delivery.ts';

/** What the fleet answered. */
export type Answer =
  | { readonly status: number; readonly execution: string }
  | { readonly status: number; readonly ignored: string }
  | { readonly status: number; readonly problem: Problem | null };

/** API Gateway answers within 29 seconds. */
const TIMEOUT_MS = 35_000;

/** Sends a delivery as GitHub does, signed with the webhook's secret. Throws a `UserError` when nothing answers. */
export async function sendDelivery(webhook: string, secret: string, { event, id, body }: Delivery): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'fleet-replay',
    'x-github-event': event,
    'x-github-delivery': id,
    [SIGNATURE_HEADER]: signatureOf(secret, body),
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(webhook, { method: 'POST', headers, body, signal, redirect: 'error' });
    return answerOf(response.status, await response.text());
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`The fleet does not answer at ${webhook}.`, 'Check the URL, and that the fleet is up.');
  }
}

const executionSchema = z.object({ execution: z.string() });
const ignoredSchema = z.object({ ignored: z.string() });

function answerOf(status: number, text: string): Answer {
  const body = parsed(text);
  const execution = executionSchema.safeParse(body);
  if (status === 202 && execution.success) return { status, execution: execution.data.execution };
  const ignored = ignoredSchema.safeParse(body);
  if (status === 200 && ignored.success) return { status, ignored: ignored.data.ignored };
  return { status, problem: problemSchema.safeParse(body).data ?? null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
