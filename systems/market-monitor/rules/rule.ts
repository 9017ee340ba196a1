import { z } from 'zod';
import { ANALYSTS } from '../agents/names.ts';
import { eventTypes, type EventType } from '../events/events.ts';

/** Longest expression, in characters. The default rules have at most 200. */
export const MAX_EXPRESSION = 1_000;

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be 1 to 60 lower-case letters, digits and dashes, such as price-move');
const expression = z.string().min(1).max(MAX_EXPRESSION);
const EVENT_TYPES = Object.keys(eventTypes).filter((type): type is EventType => type in eventTypes);

/** Makes a schema of an object: strict for what people write, open for what is stored. */
export type MakeObject = <Shape extends z.ZodRawShape>(shape: Shape) => z.ZodObject<Shape>;

/** What is worth an alert or an agent's analysis. */
export const ruleSchemaOf = (object: MakeObject) =>
  object({
    id: name,
    /** Types of events that it reads. Default: all. */
    on: z.array(z.enum(EVENT_TYPES)).min(1).optional(),
    /** A CEL expression that is true or false. README.md has its variables and functions. */
    when: expression,
    /** `urgent` reaches a person at once, `warning` opens an alert, `info` stands in the digest. */
    severity: z.enum(['urgent', 'warning', 'info']),
    /** Matches of one portfolio, subject and cause are one alert. */
    cause: name,
    /** The agent that explains it. Default: none. */
    agent: z.enum(ANALYSTS).optional(),
    /** Text before the sentence with the figures. */
    title: z
      .string()
      .max(120)
      .regex(/^[^\p{Cc}]*$/u, 'must be one line')
      .optional(),
    /** A CEL expression: how far it has gone. A higher step of an open alert reaches people again. Default: 1. */
    step: expression.optional(),
    /** True if the event ends what the alert is about. */
    resolves: z.boolean().optional(),
  });
/** A rule as people write it. An unknown field is an error, since it is a misspelt one. */
export const ruleSchema = ruleSchemaOf(z.strictObject);
export type Rule = z.infer<typeof ruleSchema>;
