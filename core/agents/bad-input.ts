import type { z } from 'zod';
import { FailureError } from '../failures/failure.ts';
import type { ContentPart } from '../ports/model.ts';
import { VISIBLE } from '../text/text.ts';

/** Fails a task whose first message says nothing, since the API rejects it, and before anything is paid. */
export function rejectBlank<Prepared extends { readonly content: readonly ContentPart[] }>(
  prepared: Prepared,
): Prepared {
  if (prepared.content.some((part) => part.type !== 'text' || VISIBLE.test(part.text))) return prepared;
  const reason = 'The task asks nothing: its input is blank. Submit it again with text.';
  throw new FailureError({ kind: 'permanent', reason });
}

/** The failure of a task whose input does not fit its agent. */
export function badInput(error: z.ZodError): FailureError {
  const reason = `The task's input does not fit the agent: ${issuesOf(error).join('; ')}.`;
  return new FailureError({ kind: 'permanent', reason });
}

/** The failure of a task whose agent answered it by code with an output that does not fit its schema. */
export function badAnswer(error: z.ZodError): FailureError {
  const reason = `The agent's code answered with an output that does not fit its schema: ${issuesOf(error).join('; ')}.`;
  return new FailureError({ kind: 'permanent', reason });
}

/** What is wrong with a value, one sentence each. */
export function issuesOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the value'}: ${issue.message}`);
}
