import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const section = z.record(z.string(), z.unknown()).optional();

/** A resource of a CloudFormation template. */
export const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Condition: z.string().optional(),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Conditions: section,
  Mappings: section,
  Parameters: section,
  Transform: z.unknown().optional(),
});
export type Template = z.infer<typeof templateSchema>;

const SUFFIX = '.template.json';

/** A folder or a file in it cannot be read as templates. The message is one sentence fit for a terminal. */
export class TemplatesError extends Error {
  override readonly name = 'TemplatesError';
}

/** Reads the templates of a folder, such as `cdk.out`, by stack. Throws `TemplatesError`. */
export function readTemplates(folder: string): ReadonlyMap<string, Template> {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith(SUFFIX));
    return new Map(files.map((file) => [file.slice(0, -SUFFIX.length), parse(join(folder, file))]));
  } catch (error) {
    if (error instanceof TemplatesError) throw error;
    throw new TemplatesError(`The folder ${folder} cannot be read: ${(error as Error).message}.`);
  }
}

function parse(path: string): Template {
  return parseTemplate(path, readFileSync(path, 'utf8'));
}

/** @param from what the error names. Throws `TemplatesError` */
export function parseTemplate(from: string, text: string): Template {
  try {
    return templateSchema.parse(JSON.parse(text));
  } catch {
    throw new TemplatesError(`${from} is not a CloudFormation template in JSON.`);
  }
}
