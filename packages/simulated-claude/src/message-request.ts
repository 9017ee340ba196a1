import type { z } from 'zod';
import { countRequestSchema, messageRequestSchema, type MessageRequest, type PromptRequest } from './message-schema.ts';
import { checkToolsDefined, checkTurns } from './message-turns.ts';
import { check, parseJson } from './request-body.ts';

/** Parses the body of POST /v1/messages. Throws a 400 that names each invalid field. */
export const parseMessageRequest = (body: Buffer): MessageRequest => parse(messageRequestSchema, body);

/** Parses the body of POST /v1/messages/count_tokens. Throws a 400 that names each invalid field. */
export const parseCountRequest = (body: Buffer): PromptRequest => parse(countRequestSchema, body);

/** Parses the `params` of a batch entry. Throws a 400 that names each invalid field. */
export const checkMessageRequest = (params: unknown): MessageRequest => checkTurned(messageRequestSchema, params);

const parse = <Schema extends z.ZodType<PromptRequest>>(schema: Schema, body: Buffer): z.output<Schema> =>
  checkTurned(schema, parseJson(body));

function checkTurned<Schema extends z.ZodType<PromptRequest>>(schema: Schema, value: unknown): z.output<Schema> {
  const request = check(schema, value);
  checkTurns(request.messages);
  checkToolsDefined(request);
  return request;
}
