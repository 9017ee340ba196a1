import { expect, it } from 'vitest';
import { z } from 'zod';
import { messageSchema } from '../../agents/message.ts';

it.each(['', ' ', '\n\t ', '\u00a0\u2003'])('a blank message is rejected, also by its JSON Schema: %j', (blank) => {
  expect(messageSchema.safeParse({ customerId: 'c1', text: blank }).success).toBe(false);
  const message = z.fromJSONSchema(z.toJSONSchema(messageSchema, { io: 'input' }));
  expect(message.safeParse({ customerId: 'c1', text: blank }).success).toBe(false);
  expect(message.safeParse({ customerId: 'c1', text: 'hello' }).success).toBe(true);
});
